// Opens a film of any supported format: DICOM, PNG, TIFF, JPEG. The format is recognised by content, not by name.
// A new format is one reader plus one line in image_reader.cpp.
//   limits   claimed size and decoded size are checked before anything is allocated
//   fails    NotFound, Unsupported, Corrupt, TooLarge, Cancelled, OutOfMemory
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"

namespace cxr {

struct ReadLimits {
    std::int64_t maxPixels = 64'000'000;       // rows x columns of one frame
    std::int64_t maxDecodedBytes = 1LL << 30;  // all the decoder may produce
    std::int64_t maxFileBytes = 2LL << 30;     // larger files are refused unread
    int maxSequenceDepth = 64;
};

Result<ImagePtr> readImage(const std::filesystem::path& file, const ReadLimits& limits = {},
                           const RunContext& context = {});
// The same from memory; `name` is used for titles and messages only.
Result<ImagePtr> readImage(std::span<const std::uint8_t> bytes, const std::string& name, const ReadLimits& limits = {},
                           const RunContext& context = {});

// Files of a folder (recursive) or the file itself that look like films by content, sorted by name; links are not
// followed out of the folder. Cheap: reads the first 132 bytes of each.
std::vector<std::filesystem::path> listFilms(const std::filesystem::path& fileOrFolder);

}  // namespace cxr
