// SHA-256 of bytes, as 64 lower-case hex digits. Thread-safe.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "core/base/result.h"

namespace cxr {

std::string sha256Hex(std::span<const std::byte> bytes);
Result<std::string> sha256OfFile(const std::filesystem::path& file);  // fails NotFound

}  // namespace cxr
