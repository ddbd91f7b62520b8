#include "core/io/codestream_header.h"

#include <algorithm>

namespace cxr {
namespace {

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, reason}; }

constexpr int kStartOfScan = 0xDA, kEndOfImage = 0xD9, kJpegLsFrame = 0xF7;

// SOF0..SOF15 without DHT, JPG and DAC, which share the range; SOF55 is JPEG-LS.
bool isFrameMarker(int marker) {
    return marker == kJpegLsFrame ||
           (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC);
}

bool hasNoLength(int marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8); }

void readFrame(Bytes data, std::size_t at, CodestreamHeader& header) {
    header.bitsPerSample = data[at + 2];
    header.rows = readU16(data, at + 3, ByteOrder::Big);
    header.columns = readU16(data, at + 5, ByteOrder::Big);
    header.components = data[at + 7];
}

std::uint64_t ceilDivide(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

// SIZ: Lsiz Rsiz Xsiz Ysiz XOsiz YOsiz XTsiz YTsiz XTOsiz YTOsiz Csiz {Ssiz XRsiz YRsiz}
Result<Done> readSiz(Bytes siz, CodestreamHeader& header) {
    if (siz.size() < 41) return corrupt("the JPEG 2000 size record is cut off");
    const std::uint64_t right = readU32(siz, 4, ByteOrder::Big), bottom = readU32(siz, 8, ByteOrder::Big);
    const std::uint64_t left = readU32(siz, 12, ByteOrder::Big), top = readU32(siz, 16, ByteOrder::Big);
    const std::uint64_t tileWidth = readU32(siz, 20, ByteOrder::Big), tileHeight = readU32(siz, 24, ByteOrder::Big);
    if (right <= left || bottom <= top || tileWidth == 0 || tileHeight == 0)
        return corrupt("the JPEG 2000 size record makes no sense");
    header.columns = static_cast<std::int64_t>(right - left);
    header.rows = static_cast<std::int64_t>(bottom - top);
    header.tiles =
        static_cast<std::int64_t>(ceilDivide(right - left, tileWidth) * ceilDivide(bottom - top, tileHeight));
    header.components = readU16(siz, 36, ByteOrder::Big);
    header.bitsPerSample = (siz[38] & 0x7F) + 1;
    header.isSigned = (siz[38] & 0x80) != 0;
    for (int i = 0; i < header.components; ++i) {
        const std::size_t at = 38 + 3 * static_cast<std::size_t>(i);
        if (at + 3 > siz.size()) return corrupt("the JPEG 2000 size record is cut off");
        if (siz[at] != siz[38] || siz[at + 1] != 1 || siz[at + 2] != 1) {
            return Error{ErrorCode::Unsupported, "its JPEG 2000 components differ in size or depth"};
        }
    }
    return Done{};
}

}  // namespace

Result<CodestreamHeader> readJpegHeader(Bytes data) {
    CodestreamHeader header;
    std::size_t at = 0;
    if (!startsWith(data, "\xFF\xD8")) return corrupt("its compressed picture is not a JPEG");
    at = 2;
    while (at + 4 <= data.size()) {
        if (data[at] != 0xFF) return corrupt("the JPEG header is damaged");
        const int marker = data[at + 1];
        if (marker == 0xFF || hasNoLength(marker)) {
            at += marker == 0xFF ? 1 : 2;
            continue;
        }
        if (marker == kEndOfImage) break;
        const std::size_t length = readU16(data, at + 2, ByteOrder::Big);
        if (length < 2 || length > data.size() - at - 2) return corrupt("the JPEG header is cut off");
        if (isFrameMarker(marker)) {
            if (length < 8 || header.components != 0) return corrupt("the JPEG header is damaged");
            readFrame(data, at + 2, header);
        }
        at += 2 + length;
        if (marker != kStartOfScan) continue;
        if (header.components == 0 || header.columns == 0) break;
        header.headerEnd = at;
        return header;
    }
    return corrupt("the JPEG data do not say how large the picture is");
}

Result<CodestreamHeader> readJpeg2000Header(Bytes data) {
    static constexpr std::string_view kStart{"\xFF\x4F\xFF\x51", 4};
    CodestreamHeader header;
    std::size_t at = 0;
    if (!startsWith(data, kStart)) {
        const auto found = std::search(data.begin(), data.end(), kStart.begin(), kStart.end(),
                                       [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
        if (found == data.end()) return corrupt("its compressed picture is not JPEG 2000");
        header.isJp2File = true;
        at = static_cast<std::size_t>(found - data.begin());
    }
    at += 2;
    while (at + 4 <= data.size()) {
        const int marker = readU16(data, at, ByteOrder::Big);
        if (marker == 0xFF90 || marker == 0xFF93) break;  // the first tile
        const std::size_t length = readU16(data, at + 2, ByteOrder::Big);
        if (length < 2 || length > data.size() - at - 2) return corrupt("the JPEG 2000 header is cut off");
        if (marker == 0xFF51) {
            if (auto siz = readSiz(data.subspan(at + 2, length), header); !siz.isOk()) return siz.error();
        }
        if (marker == 0xFF52 && length >= 7) header.hasColorTransform = data[at + 2 + 6] != 0;
        at += 2 + length;
    }
    header.headerEnd = at;
    if (header.components == 0) return corrupt("the JPEG 2000 data do not say how large the picture is");
    return header;
}

}  // namespace cxr
