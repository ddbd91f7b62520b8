// HeartSpot, all steps in order: centre crop -> resize -> pooling -> mask -> vector, and back; its statistics.
// HeartSpot (S1) sections II-III, Tables I and II.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/prior/prior_spec.h"

namespace cxr {

// 0/1 mask CV_8UC1 [n, n] with n = side after pooling. `heartRegion`: CV_8UC1 gray picture of any size; needed if
// spec.heart. fails InvalidArgument (no region, nothing kept).
Result<cv::Mat> priorMask(const PriorSpec& spec, const cv::Mat& heartRegion = {});

// The largest centred square of a film, resized to spec.size (area when shrinking, bilinear when growing). Keeps the depth.
cv::Mat centreCrop(const cv::Mat& film, int size);

struct HeartSpot {
    PriorSpec spec;
    cv::Mat pooled;             // crop after pooling (or the crop itself), CV_8U / CV_16U / CV_32F [n, n]
    cv::Mat mask;               // CV_8UC1 0/1 [n, n]
    std::vector<float> vector;  // kept pixels of `pooled`, row-major
};
Result<HeartSpot> applyHeartSpot(const PriorSpec& spec, const cv::Mat& film, const cv::Mat& heartRegion = {},
                                 const RunContext& context = {});

// Kept pixels back in their places, `background` elsewhere. CV_32FC1 [n, n].
// fails InvalidArgument: vector length != kept pixels of the mask.
Result<cv::Mat> reconstruct(const cv::Mat& mask, const std::vector<float>& vector, float background = 0);

// S1 Table II. IMR = kept pixels / pixels of the centre crop. ODR = bytes of the vector (8-bit samples of an 8-bit film,
// else 16-bit little endian) under LZMA preset 6 / bytes of the crop as JPEG quality 95.
struct HeartSpotStatistics {
    int keptPixels = 0;
    int cropPixels = 0;
    double inMemoryRatio = 0;
    std::size_t vectorBytes = 0;  // after LZMA
    std::size_t jpegBytes = 0;
    double onDiskRatio = 0;
};
Result<HeartSpotStatistics> heartSpotStatistics(const HeartSpot& spot, const cv::Mat& crop);

}  // namespace cxr
