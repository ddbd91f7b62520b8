// Quantile pooling by selection networks: brings rows of 16-bit codes into lanes, runs the network block by block, and
// turns codes back into values. Pure function; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/prior/pooling_geometry.h"

namespace cxr {

// A part of the output, and the codes of the picture around it.
struct PoolTile {
    cv::Rect output;                // output pixels to compute
    cv::Mat codes;                  // CV_16UC1: picture pixels from `origin` on; order as the values have it
    cv::Point origin;
    const float* values = nullptr;  // [65536] code -> value, ascending; null: the code is the value
};

// Fills pooled(tile.output). `pooled`: CV_32FC1 [geometry.output]. fails Cancelled.
Result<Done> poolByNetwork(const PoolTile& tile, const PoolGeometry& geometry, const QuantileRanks& ranks,
                           const RunContext& context, cv::Mat& pooled);

}  // namespace cxr
