// What the HeartSpot panel saves: the picture, the prior, the kept pixels. Each file whole or not at all.
// Pure functions; thread-safe.
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "ui/panels/heartspot_picture.h"

namespace cxr::ui {

// The picture as shown without the dropped pixels, PNG 8-bit gray; the notice and the prior's hash are in its text
// fields. fails WriteFailed
Result<Done> savePicturePng(const PictureResult& picture, const VoiSetting& voi, const std::filesystem::path& file);
// PriorSpec as JSON, one line. fails WriteFailed
Result<Done> savePriorJson(const PriorSpec& spec, const std::filesystem::path& file);
// fails NotFound, TooLarge (above 64 KiB), Corrupt, InvalidArgument
Result<PriorSpec> loadPriorJson(const std::filesystem::path& file);

}  // namespace cxr::ui
