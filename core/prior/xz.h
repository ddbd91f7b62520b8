// LZMA in the .xz container, as Python's lzma.compress does by default: preset 6, CRC-64. Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cxr {

Result<std::string> xzCompress(std::string_view bytes);  // fails OutOfMemory
// fails Corrupt (no .xz, damaged, something behind it), TooLarge (more than maxBytes come out, or 256 MiB are needed).
Result<std::string> xzDecompress(std::string_view bytes, std::size_t maxBytes);

}  // namespace cxr
