// Deflated DICOM data sets: expanded into memory under a limit, before anybody reads them.
//   format   raw deflate (RFC 1951, PS3.5 A.5) or, from careless writers, with a zlib wrapper (RFC 1950)
//   limit    a small file must not become gigabytes: the result may hold `maxBytes` bytes and, past 64 MiB, 200 times
//            the compressed size (films deflate 2 to 10-fold)
// Thread-safe.   fails Corrupt, TooLarge
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/io/bytes.h"

namespace cxr {

Result<std::vector<std::uint8_t>> inflateDataSet(Bytes compressed, std::int64_t maxBytes);

}  // namespace cxr
