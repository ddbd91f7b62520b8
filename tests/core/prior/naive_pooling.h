// Quantile pooling as its definition reads: every window copied and sorted. What the fast methods are tested against.
#pragma once

#include <algorithm>
#include <cmath>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/prior/prior_spec.h"

namespace cxr::test {

inline int naivePadding(int side, const PoolSpec& spec) {
    if (spec.padding == PoolPadding::Valid) return 0;
    const int rest = side % spec.stride;
    return std::max(spec.kernel - (rest != 0 ? rest : spec.stride), 0);
}

inline int naiveMirror(int index, int side) {
    if (index < 0) index = -index;
    return index >= side ? 2 * (side - 1) - index : index;
}

inline double pixelOf(const cv::Mat& picture, int y, int x) {
    switch (picture.depth()) {
        case CV_8U: return picture.at<std::uint8_t>(y, x);
        case CV_16U: return picture.at<std::uint16_t>(y, x);
        default: return picture.at<float>(y, x);
    }
}

inline cv::Mat naivePool(const cv::Mat& picture, const PoolSpec& spec) {
    const int padY = naivePadding(picture.rows, spec);
    const int padX = naivePadding(picture.cols, spec);
    cv::Mat pooled((picture.rows + padY - spec.kernel) / spec.stride + 1,
                   (picture.cols + padX - spec.kernel) / spec.stride + 1, CV_32FC1);
    std::vector<double> window;
    const double position = spec.quantile * (spec.kernel * spec.kernel - 1);
    const auto lower = static_cast<std::size_t>(std::floor(position));
    const double fraction = position - static_cast<double>(lower);
    for (int y = 0; y < pooled.rows; ++y) {
        for (int x = 0; x < pooled.cols; ++x) {
            window.clear();
            for (int i = 0; i < spec.kernel * spec.kernel; ++i) {
                const int row = y * spec.stride + i / spec.kernel - padY / 2;
                const int column = x * spec.stride + i % spec.kernel - padX / 2;
                window.push_back(pixelOf(picture, naiveMirror(row, picture.rows), naiveMirror(column, picture.cols)));
            }
            std::nth_element(window.begin(), window.begin() + static_cast<std::ptrdiff_t>(lower), window.end());
            double value = window[lower];
            if (fraction > 0) {
                const double next =
                    *std::min_element(window.begin() + static_cast<std::ptrdiff_t>(lower) + 1, window.end());
                value += fraction * (next - value);
            }
            pooled.at<float>(y, x) = static_cast<float>(value);
        }
    }
    return pooled;
}

}  // namespace cxr::test
