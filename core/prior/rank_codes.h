// Floats as integers of the same order, so that integer methods pool them exactly. Pure functions; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

namespace cxr {

struct RankCodes {
    cv::Mat codes;              // CV_16UC1 or CV_32SC1, [H, W]: codes[p] < codes[q] where picture[p] < picture[q]
    std::vector<float> values;  // code -> value, ascending
};

// REQUIRES: `picture` CV_32FC1 of finite numbers, at most 65,536 pixels. Codes are CV_16UC1, `values` has 65,536 entries.
RankCodes rankCodes16(const cv::Mat& picture);
// Any size; equal values share a code. CV_32SC1.
RankCodes rankCodes32(const cv::Mat& picture);

}  // namespace cxr
