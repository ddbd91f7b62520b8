#include "core/dicom_out/cielab.h"

#include <algorithm>
#include <cmath>

namespace cxr {
namespace {

double linear(int value) {
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double curve(double t) { return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16) / 116; }

std::uint16_t coded(double share) {
    return static_cast<std::uint16_t>(std::lround(std::clamp(share, 0.0, 1.0) * 65535));
}

}  // namespace

std::vector<std::uint16_t> cieLab(int red, int green, int blue) {
    const double r = linear(red), g = linear(green), b = linear(blue);
    // sRGB to XYZ of D50, and the white point of D50 (ICC.1, annexes D and E).
    const double x = curve((0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.9642);
    const double y = curve(0.2225045 * r + 0.7168786 * g + 0.0606169 * b);
    const double z = curve((0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.8249);
    return {coded((116 * y - 16) / 100), coded((500 * (x - y) + 128) / 255), coded((200 * (y - z) + 128) / 255)};
}

}  // namespace cxr
