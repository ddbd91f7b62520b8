// A dense picture from the pixels that a prior keeps, for networks that read pictures: kept pixels stay as they are, a
// gap gets the mean of the kept pixels round it (normalised convolution; Knutsson and Westin, CVPR 1993, with the mask
// as certainty):
//   filled = kept ? x : G(kept x) / G(kept),  G a Gaussian of the given standard deviation
// and 0 where no kept pixel is near (G(kept) below 1e-3: about 3.7 standard deviations from a lone line). Nothing but
// the kept pixels goes into it, so it says no more than they do. Pure function; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>

namespace cxr {

// `mask` CV_8UC1 (0: dropped), `picture` CV_32FC1 of the same size, 0 where dropped (`reconstruct`); sigmaPx > 0.
// Result CV_32FC1. REQUIRES: equal sizes, not empty.
cv::Mat fillGaps(const cv::Mat& mask, const cv::Mat& picture, double sigmaPx);

}  // namespace cxr
