// PNG, TIFF and JPEG -> Image, decoded by OpenCV after our own look at the claimed size.
// Nothing in such a file says how large a pixel is in the patient: PNG pHYs and TIFF resolutions are meant for printing
// and are not trusted. Rotation in EXIF is not applied.   Thread-safe.   fails Corrupt, TooLarge, Unsupported,
// OutOfMemory
#pragma once

#include "core/base/result.h"
#include "core/image/image.h"
#include "core/io/bytes.h"
#include "core/io/image_reader.h"

namespace cxr {

// sourceName, sourceSha256 and defaultVoi are filled by the caller.
Result<Image> readRaster(Bytes file, const ReadLimits& limits);

}  // namespace cxr
