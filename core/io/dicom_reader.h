// DICOM file -> Image: prescan, header through DCMTK, first frame, pixel chain, facts, overlays.
// Thread-safe.   fails Cancelled, Corrupt, TooLarge, Unsupported, OutOfMemory
#pragma once

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"
#include "core/io/bytes.h"
#include "core/io/image_reader.h"

namespace cxr {

// sourceName, sourceSha256 and defaultVoi are filled by the caller.
Result<Image> readDicom(Bytes file, const ReadLimits& limits, const RunContext& context);

}  // namespace cxr
