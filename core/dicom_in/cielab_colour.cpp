#include "core/dicom_in/cielab_colour.h"

#include <algorithm>
#include <cmath>

namespace cxr {
namespace {

double inverseCurve(double f) {
    const double cube = f * f * f;
    return cube > 216.0 / 24389.0 ? cube : (116 * f - 16) * 27.0 / 24389.0;
}

std::uint8_t coded(double linear) {
    const double v = std::clamp(linear, 0.0, 1.0);
    const double s = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
    return static_cast<std::uint8_t>(std::lround(s * 255));
}

}  // namespace

Rgb rgbOfCieLab(std::span<const double> lab) {
    const double l = lab[0] * 100 / 65535, a = lab[1] * 255 / 65535 - 128, b = lab[2] * 255 / 65535 - 128;
    const double fy = (l + 16) / 116;
    // XYZ of D50 (ICC.1), then linear sRGB.
    const double x = 0.9642 * inverseCurve(fy + a / 500), y = inverseCurve(fy), z = 0.8249 * inverseCurve(fy - b / 200);
    return {coded(3.1338561 * x - 1.6168667 * y - 0.4906146 * z), coded(-0.9787684 * x + 1.9161415 * y + 0.0334540 * z),
            coded(0.0719453 * x - 0.2289914 * y + 1.4052427 * z)};
}

}  // namespace cxr
