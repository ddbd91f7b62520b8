// JPEG 2000 frames through OpenJPEG: lossless and lossy, signed data too.
// The header's Pixel Representation rules: where the codestream calls the same bits unsigned, they are read as two's
// complement of its depth (writers get this flag wrong), and a note says so.
// Thread-safe.   fails Corrupt, Unsupported, OutOfMemory
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/io/codestream_header.h"
#include "core/io/pixel_format.h"

namespace cxr {

// REQUIRES: `claimed` is the header of `data` and has been compared with `format` and the limits
Result<StoredFrame> decodeJpeg2000(Bytes data, const CodestreamHeader& claimed, const PixelFormat& format,
                                   std::vector<std::string>& notes);

}  // namespace cxr
