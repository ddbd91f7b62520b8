// The transfer syntaxes we know: how a DICOM data set and its pixels are coded. DICOM PS3.5, annex A. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace cxr {

enum class PixelCodec {
    Raw,       // uncompressed, in one element
    RawItems,  // uncompressed, in fragments
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
    DeflatedFrames,  // each frame deflated by itself (PS3.5 A.4.13): segmentations
    Unsupported,  // known, but not decoded: video, JPEG XL, ...
};

struct TransferSyntax {
    std::string_view uid;
    const char* name;  // for people: "JPEG-LS Lossless"
    PixelCodec codec = PixelCodec::Raw;
    bool isExplicit = true;
    bool isBigEndian = false;
    bool isDeflated = false;
    bool isLossy = false;
};

// Null when the UID is not in the table.
const TransferSyntax* findTransferSyntax(std::string_view uid);
const TransferSyntax& implicitLittleEndian();
const TransferSyntax& explicitLittleEndian();
const TransferSyntax& explicitBigEndian();

}  // namespace cxr
