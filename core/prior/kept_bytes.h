// How many bytes the kept pixels take in each format, for people who compare priors.
//   raw        the samples: 8 bits of an 8-bit film, else 16
//   floatLzma  32-bit floats in .xz, preset 6: the format of HeartSpot (S1)
//   lzma       the samples in .xz, preset 6
//   jpegLs     kept pixels of each row moved together, rows filled up to the longest with their last pixel, as lossless
//   png        JPEG-LS (CharLS) and PNG (level 9); who knows the mask can move them back
//   jpeg       the whole crop as JPEG of quality 95, 8 bits: what the film takes without HeartSpot
// Pure functions; thread-safe.
#pragma once

#include <cstddef>

#include "core/base/result.h"
#include "core/prior/heartspot.h"

namespace cxr {

struct KeptBytes {
    std::size_t raw = 0, floatLzma = 0, lzma = 0, jpegLs = 0, png = 0, jpeg = 0;
};

// `crop`: the centre crop before pooling, CV_8UC1 or CV_16UC1. fails InvalidArgument (empty, floats), OutOfMemory, Internal.
Result<KeptBytes> keptBytes(const HeartSpot& spot, const cv::Mat& crop);

// Kept pixels of each row moved to its left end, one row a picture row that keeps any: CV_8UC1 or CV_16UC1, pooled values
// rounded. REQUIRES: something is kept.
cv::Mat movedTogether(const HeartSpot& spot, int depth);

}  // namespace cxr
