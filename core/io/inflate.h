// Deflated DICOM data sets: expanded into memory piece by piece, so that whoever reads them says how far to go.
//   format   raw deflate (RFC 1951, PS3.5 A.5) or, from careless writers, with a zlib wrapper (RFC 1950)
//   thread rule  one object in one thread.   fails Corrupt, TooLarge (more than 2 GiB compressed), OutOfMemory
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/io/bytes.h"

namespace cxr {

class DataSetInflater {
  public:
    explicit DataSetInflater(Bytes compressed);
    ~DataSetInflater();
    DataSetInflater(const DataSetInflater&) = delete;
    DataSetInflater& operator=(const DataSetInflater&) = delete;

    // Expands until there are `size` bytes or the data set ends; never more.
    Result<Done> extendTo(std::size_t size);
    [[nodiscard]] bool isAtEnd() const { return m_isAtEnd; }
    [[nodiscard]] Bytes bytes() const { return m_out; }
    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(m_out); }

  private:
    std::size_t m_compressedSize;
    z_stream m_stream{};
    bool m_isReady = false, m_isAtEnd = false;
    std::vector<std::uint8_t> m_out;
};

}  // namespace cxr
