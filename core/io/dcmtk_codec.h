// RLE, JPEG (baseline, extended, lossless) and JPEG-LS frames through DCMTK's decoders.
// DCMTK gets a data set with one frame and the ten attributes that describe it, nothing else of the file.
// Thread-safe (decoders are registered once).   fails Corrupt, OutOfMemory
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/io/pixel_format.h"
#include "core/io/transfer_syntax.h"

namespace cxr {

// REQUIRES: the frame's own header has been compared with `format`
Result<StoredFrame> decodeWithDcmtk(const std::vector<Bytes>& fragments, const TransferSyntax& syntax,
                                    const PixelFormat& format);

}  // namespace cxr
