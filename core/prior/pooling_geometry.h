// Where the windows of a pooling lie, and ranks of a window. Shared by the two methods; pure values.
#pragma once

#include <opencv2/core/mat.hpp>

#include "core/prior/prior_spec.h"

namespace cxr {

// Windows of output pixel (y, x): padded rows [y * stride, y * stride + kernel), columns alike; padded (r, c) is picture
// (row(r), column(c)).
struct PoolGeometry {
    int kernel = 1, stride = 1;
    cv::Size picture, output;
    int top = 0, left = 0;  // pixels of padding before the picture

    [[nodiscard]] int row(int padded) const { return mirrored(padded - top, picture.height); }
    [[nodiscard]] int column(int padded) const { return mirrored(padded - left, picture.width); }
    static int mirrored(int index, int side) {
        if (index < 0) return -index;
        return index < side ? index : 2 * (side - 1) - index;
    }
};

struct QuantileRanks {
    int lower = 0, upper = 0;  // 0 = smallest of kernel * kernel
    double fraction = 0;       // result = v[lower] + fraction * (v[upper] - v[lower])
};

// Sorted values behind 16-bit or 32-bit codes; a null table means that the code is the value.
inline float interpolated(double low, double high, double fraction) {
    return static_cast<float>(low + fraction * (high - low));
}

}  // namespace cxr
