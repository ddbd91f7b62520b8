// Quantile pooling: each output pixel is a quantile of the k x k window around it. HeartSpot (S1) sections II "Median
// Pooling" and "Saliency Attribution Maps"; quantile 0.5 is the median.
//   position = quantile * (k*k - 1);  result = v[floor] + (position - floor) * (v[floor + 1] - v[floor]), v sorted
//   padding   Valid: windows inside the picture only.  SameReflect: as many pixels as keep ceil(side / stride) outputs,
//             mirrored without repeating the edge pixel; the smaller half on the top and left.
// Exact for 8 and 16 bits and for every float. Kernels up to kNetworkKernel use selection networks
// (selection_network.h), larger ones a sliding histogram (sliding_histogram.h). One core; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/prior/prior_spec.h"

namespace cxr {

inline constexpr int kNetworkKernel = 32;  // px: where the two methods take the same time

// Output side for an input side; 0 if the kernel does not fit.
int pooledSide(int side, const PoolSpec& spec);

// `picture`: CV_8UC1, CV_16UC1 or CV_32FC1. Result: CV_32FC1 in the picture's own units.
// fails InvalidArgument (spec out of range, kernel larger than the picture, other depths, not a finite number in it),
//       Cancelled.
Result<cv::Mat> quantilePool(const cv::Mat& picture, const PoolSpec& spec, const RunContext& context = {});

}  // namespace cxr
