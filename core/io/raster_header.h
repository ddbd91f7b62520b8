// What a PNG, TIFF or JPEG file claims about its picture, read without decoding it. Pure functions; thread-safe.
//   PNG   ISO/IEC 15948 (IHDR)     TIFF  revision 6.0 and BigTIFF, first directory     JPEG  ISO/IEC 10918-1 (SOFn)
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/io/bytes.h"

namespace cxr {

enum class RasterKind { None, Png, Tiff, Jpeg };

struct RasterHeader {
    RasterKind kind = RasterKind::None;
    std::int64_t width = 0, height = 0;
    int bitsPerSample = 8;
    int samplesPerPixel = 1;  // as decoded: 3 for a palette
    bool hasAlpha = false;
    bool isPalette = false;
    bool isWhiteZero = false;       // TIFF WhiteIsZero: low values are bright
    bool isFloat = false;           // TIFF sample format 3
    int pictures = 1;               // TIFF directories, counted up to 1,000
    std::int64_t largestBlock = 0;  // TIFF tile pixels; 0 otherwise
    std::string photometric;        // "gray", "RGB", "palette", ...
};

RasterKind rasterKindOf(Bytes firstBytes);

// fails Corrupt, Unsupported
Result<RasterHeader> readRasterHeader(Bytes file);

}  // namespace cxr
