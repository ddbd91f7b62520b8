// Kept pixels of 8 bits, packed without loss for those who know the mask. core/prior/CODECS.md has the measurements.
//   prediction  core/prior/kept_prediction.h
//   code        prediction errors modulo 256, -128..127, as bits under adaptive probabilities (core/prior/range_coder.h):
//               is it longer than 0, 1, ... bits (in 6 degrees of unrest: 2 |error before| + |error before that| + |N - A| or
//               |N - W|), its sign (by the sign of W - WW), its highest bit (by unrest) and the others (by length)
// Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace cxr {

// `samples`: kept pixels row by row. REQUIRES: mask CV_8UC1, samples.size() = its non-zero pixels.
std::string packKept(const cv::Mat& mask, const std::vector<std::uint8_t>& samples);
// fails Corrupt (damaged, or not as many samples as the mask keeps).
Result<std::vector<std::uint8_t>> unpackKept(const cv::Mat& mask, std::string_view packed);

// Raw deflate: the smaller of Huffman codes only and the usual search for repeats. fails OutOfMemory.
Result<std::string> deflateBytes(std::string_view bytes);
// fails Corrupt: damaged, something behind it, or not exactly `size` bytes come out (never more are written).
Result<std::string> inflateBytes(std::string_view packed, std::size_t size);

}  // namespace cxr
