// Writes a file whole or not at all: temporary name in the same folder, fsync, rename.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cxr {

// fails WriteFailed with the system's reason; `file` then keeps its old content (or absence), no temporary is left.
Result<Done> writeFileAtomically(const std::filesystem::path& file, std::span<const std::byte> bytes);
Result<Done> writeFileAtomically(const std::filesystem::path& file, std::string_view text);
// For writers that need a path: `write(temporary)` fills it, then it is renamed to `file`.
Result<Done> writeFileAtomically(const std::filesystem::path& file,
                                 const std::function<Result<Done>(const std::filesystem::path& temporary)>& write);

// Whole file; fails NotFound, TooLarge (more than maxBytes).
Result<std::string> readWholeFile(const std::filesystem::path& file, std::int64_t maxBytes = 1LL << 31);

}  // namespace cxr
