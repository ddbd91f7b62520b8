// Safetensors: named arrays in one file that runs no code and maps from disk.
//   8 bytes little-endian N (length of the header), N bytes JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]}, ...,
//   "__metadata__": {string: string}}, then the data; offsets count from the first byte after the header.
// Before a data byte is touched: header length, JSON, dtype, shape (product, no overflow), offsets inside the file, length =
// product x item size, no overlap and no gap. Names are unique (JSON would keep the last one silently: refused).
//   thread rule  a file that is open may be read by any thread
//   fails        NotFound, Corrupt (says which rule), Unsupported (dtype)
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

enum class TensorType { Float32, Float16, BFloat16, Float64, Int64, Int32, Int16, Int8, UInt8, Bool };
std::size_t itemSize(TensorType type);

struct TensorView {
    TensorType type = TensorType::Float32;
    std::vector<std::int64_t> shape;     // empty: a scalar
    std::span<const std::byte> bytes;    // row-major, little endian, not aligned; lives as long as its file
    [[nodiscard]] std::int64_t count() const;
};

// What a file holds; keeps it mapped.
class SafetensorsFile {
  public:
    static Result<SafetensorsFile> open(const std::filesystem::path& file);
    // From memory, for tests and fuzzing; `bytes` must outlive the object.
    static Result<SafetensorsFile> parse(std::span<const std::byte> bytes);

    [[nodiscard]] const std::map<std::string, TensorView>& tensors() const { return m_tensors; }
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return m_metadata; }

  private:
    std::shared_ptr<const void> m_mapping;
    std::map<std::string, TensorView> m_tensors;
    std::map<std::string, std::string> m_metadata;
};

// One array to be written; `bytes` as in TensorView.
struct TensorToWrite {
    std::string name;
    TensorType type = TensorType::Float32;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
};
// Whole or not at all. REQUIRES: unique names, bytes.size() = product(shape) x itemSize(type). fails WriteFailed.
Result<Done> writeSafetensors(const std::filesystem::path& file, std::vector<TensorToWrite> tensors,
                              const std::map<std::string, std::string>& metadata = {});

// IEEE 754 half precision, round to nearest even; values beyond 65504 become infinite.
std::uint16_t halfFromFloat(float value);
float floatFromHalf(std::uint16_t bits);
// Any TensorView as float32: exact for Float16, BFloat16 and integers up to 2^24, rounded for the rest; Bool is 0 or 1.
std::vector<float> toFloats(const TensorView& view);

}  // namespace cxr
