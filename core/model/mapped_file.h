// A whole file as bytes, mapped from disk and read-only.
//   thread rule  any thread may read the bytes
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "core/base/result.h"

namespace cxr {

struct MappedFile {
    std::shared_ptr<const void> keep;  // the bytes live as long as this
    std::span<const std::byte> bytes;  // never empty
};

// fails NotFound (absent, unreadable, a folder, or empty; `what` says what was wanted: "the weights file").
Result<MappedFile> mapFile(const std::filesystem::path& file, const char* what);

}  // namespace cxr
