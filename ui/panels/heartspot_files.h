// What the HeartSpot panel saves: the picture, the prior, the kept pixels. Each file whole or not at all.
// Pure functions; thread-safe.
#pragma once

#include <QString>
#include <filesystem>

#include "core/base/result.h"
#include "ui/panels/heartspot_picture.h"

namespace cxr::ui {

// The picture as shown without the dropped pixels, PNG 8-bit gray; the notice and the prior's hash are in its text
// fields. fails WriteFailed
Result<Done> savePicturePng(const PictureResult& picture, const VoiSetting& voi, const std::filesystem::path& file);
// The kept pixels in row order, 8-bit samples of an 8-bit film, else 16-bit little endian, as .xz (LZMA preset 6): the
// bytes that "Compressed" counts. The prior's JSON says where they belong. fails WriteFailed, OutOfMemory
Result<Done> saveVectorXz(const PictureResult& picture, const std::filesystem::path& file);
// The film sealed by the picture's prior and heart region (core/pipeline/seal_heartspot.h), with the answer of the installed
// HeartSpot network if it was trained with this prior. A sentence that says what was saved. Call it from a worker.
// fails as sealFilm does; WriteFailed
Result<QString> saveBundleFile(const PictureResult& picture, const std::filesystem::path& file, const RunContext& context);
// PriorSpec as JSON, one line. fails WriteFailed
Result<Done> savePriorJson(const PriorSpec& spec, const std::filesystem::path& file);
// fails NotFound, TooLarge (above 64 KiB), Corrupt, InvalidArgument
Result<PriorSpec> loadPriorJson(const std::filesystem::path& file);

}  // namespace cxr::ui
