// Points and lines in film pixels: x to the right, y down, (0, 0) is the top left corner of the first
// pixel, so the centre of the first pixel is (0.5, 0.5). Millimetres have their own type.
#pragma once

#include <cmath>

namespace cxr {

struct PointPx {
    double x = 0;
    double y = 0;
    bool operator==(const PointPx&) const = default;
};

struct LinePx {
    PointPx from;
    PointPx to;
    [[nodiscard]] double length() const { return std::hypot(to.x - from.x, to.y - from.y); }
    bool operator==(const LinePx&) const = default;
};

}  // namespace cxr
