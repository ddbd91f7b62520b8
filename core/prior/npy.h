// NumPy array files, the part that pictures and numbers need: format 1.0 and 2.0, C order, little endian,
// f4 f8 u1 u2, at most 4 dimensions. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//   magic "\x93NUMPY", version, header length (2 or 4 bytes), a Python dict as text, data
// The header is text from outside: only its three known keys in their known forms are accepted, and the size it claims
// must be the size that is there. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace cxr {

enum class NpyType { U1, U2, F4, F8 };

struct NpyArray {
    NpyType type = NpyType::F4;
    std::vector<std::int64_t> shape;
    std::string bytes;  // row-major, little endian

    [[nodiscard]] std::vector<double> toDoubles() const;
    // fails Unsupported when not two-dimensional. CV_8UC1, CV_16UC1, CV_32FC1 or CV_64FC1.
    [[nodiscard]] Result<cv::Mat> toMat() const;
};

// `picture`: one channel of 8 or 16 unsigned bits, float or double; else fails Unsupported.
Result<NpyArray> npyFromMat(const cv::Mat& picture);

Result<NpyArray> parseNpy(std::string_view file);  // fails Corrupt, Unsupported
std::string npyBytes(const NpyArray& array);       // format 1.0
Result<NpyArray> readNpy(const std::filesystem::path& file);
Result<Done> writeNpy(const std::filesystem::path& file, const NpyArray& array);

}  // namespace cxr
