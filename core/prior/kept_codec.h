// Kept pixels of 8 bits, packed without loss for those who know the mask. core/prior/CODECS.md has the measurements.
//   prediction  each kept pixel, row by row, from kept pixels before it, wherever the mask left them:
//               W = the one before it in its row (dW columns away), N = the nearest above it (dN rows), A = the one above W
//               in N's row. Integers only, so that every machine predicts the same.
//                 no W, no N      the pixel before it, 128 at first        no N, or dN > 6 dW   W            no W   N
//                 A, dN = 1       median(W, N, W + N - A)                  (the predictor of JPEG-LS, ITU-T T.87)
//                 A, dN > 1       W + k (N - A), k = 205/256 (dN = 2), 141/256 (3 to 5), 90/256 (6 and more)
//                 else            (W dN + N dW) / (dN + dW)
//   code        prediction errors modulo 256 as 0, -1, 1, -2, 2, ... -> 0, 1, 2, 3, 4, ...; then deflate (RFC 1951, zlib),
//               Huffman codes only: they have no repeats, and looking for some makes them 5 to 18 % larger
// Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace cxr {

// `samples`: kept pixels row by row. REQUIRES: mask CV_8UC1, samples.size() = its non-zero pixels. fails OutOfMemory.
Result<std::string> packKept(const cv::Mat& mask, const std::vector<std::uint8_t>& samples);
// fails Corrupt (damaged, or not as many samples as the mask keeps).
Result<std::vector<std::uint8_t>> unpackKept(const cv::Mat& mask, std::string_view packed);

// Raw deflate: the smaller of Huffman codes only and the usual search for repeats. fails OutOfMemory.
Result<std::string> deflateBytes(std::string_view bytes);
// fails Corrupt: damaged, something behind it, or not exactly `size` bytes come out (never more are written).
Result<std::string> inflateBytes(std::string_view packed, std::size_t size);

}  // namespace cxr
