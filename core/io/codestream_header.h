// What a compressed picture says about itself, read from its first markers without decoding it.
//   JPEG (ISO/IEC 10918-1) and JPEG-LS (14495-1): SOFn    JPEG 2000 (15444-1): SIZ and COD, also inside a JP2 file
// Pure functions; thread-safe.   fails Corrupt
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/io/bytes.h"

namespace cxr {

struct CodestreamHeader {
    std::int64_t rows = 0, columns = 0;
    int bitsPerSample = 0;
    int components = 0;
    bool isSigned = false;           // JPEG 2000
    bool hasColorTransform = false;  // JPEG 2000: the decoder gives back R, G, B
    bool isJp2File = false;          // boxes around the codestream
    std::int64_t tiles = 1;          // JPEG 2000
    std::size_t headerEnd = 0;       // where the coded pixels begin
};

Result<CodestreamHeader> readJpegHeader(Bytes data);  // JPEG and JPEG-LS
Result<CodestreamHeader> readJpeg2000Header(Bytes data);

}  // namespace cxr
