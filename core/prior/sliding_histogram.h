// Quantile pooling for large kernels: a histogram of the window that slides along the row, after Huang, IEEE Trans. ASSP
// 27(1), 1979. Each step takes stride * kernel pixels out and in; the wanted rank is followed from its last place, in two
// levels of counts so that far moves are cheap. Pure function; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/prior/pooling_geometry.h"

namespace cxr {

// `codes`: CV_32SC1, the picture as numbers 0 .. values.size() - 1; `values` ascending. Result CV_32FC1 [geometry.output].
Result<cv::Mat> poolByHistogram(const cv::Mat& codes, const std::vector<float>& values, const PoolGeometry& geometry,
                                const QuantileRanks& ranks, const RunContext& context);

}  // namespace cxr
