#include "core/io/raster_header.h"

#include <array>
#include <optional>

#include "core/io/codestream_header.h"

namespace cxr {
namespace {

constexpr std::string_view kPngMagic{"\x89PNG\r\n\x1a\n", 8};

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, reason}; }

Result<RasterHeader> readPng(Bytes file) {
    if (file.size() < 33 || !startsWith(file, "IHDR", 12)) return corrupt("the PNG header is damaged");
    RasterHeader header;
    header.kind = RasterKind::Png;
    header.width = readU32(file, 16, ByteOrder::Big);
    header.height = readU32(file, 20, ByteOrder::Big);
    header.bitsPerSample = file[24];
    const int colorType = file[25];
    header.isPalette = colorType == 3;
    header.hasAlpha = colorType == 4 || colorType == 6;
    header.samplesPerPixel = (colorType == 0 || colorType == 4 ? 1 : 3) + (header.hasAlpha ? 1 : 0);
    header.photometric = header.isPalette ? "palette" : colorType == 0 || colorType == 4 ? "gray" : "RGB";
    return header;
}

Result<RasterHeader> readJpeg(Bytes file) {
    const Result<CodestreamHeader> frame = readJpegHeader(file);
    if (!frame.isOk()) return frame.error();
    const CodestreamHeader& jpeg = frame.value();
    if (jpeg.bitsPerSample != 8)
        return Error{ErrorCode::Unsupported,
                     "it is a JPEG with " + std::to_string(jpeg.bitsPerSample) + "-bit samples"};
    RasterHeader header;
    header.kind = RasterKind::Jpeg;
    header.width = jpeg.columns;
    header.height = jpeg.rows;
    header.samplesPerPixel = jpeg.components;
    header.photometric = jpeg.components == 1 ? "gray" : jpeg.components == 3 ? "YCbCr" : "CMYK";
    // A cut-off JPEG is filled up with gray by decoders; its end mark tells.
    const std::size_t scan = jpeg.headerEnd;
    for (std::size_t i = file.size() - 2; i >= scan; --i) {
        if (file[i] == 0xFF && file[i + 1] == 0xD9) return header;
    }
    return corrupt("the JPEG file is cut off");
}

// One directory of a TIFF file. The classic form has 12-byte entries, BigTIFF 20-byte ones.
class TiffDirectory {
  public:
    TiffDirectory(Bytes file, ByteOrder order, bool isBig) : m_file(file), m_order(order), m_isBig(isBig) {}

    bool open(std::uint64_t offset) {
        m_begin = offset + (m_isBig ? 8 : 2);
        if (offset > m_file.size() || m_begin > m_file.size()) return false;
        m_count = m_isBig ? readU64(m_file, offset, m_order) : readU16(m_file, offset, m_order);
        return m_count > 0 && m_count < 4096 && m_begin + m_count * entrySize() + offsetSize() <= m_file.size();
    }
    [[nodiscard]] std::uint64_t next() const { return number(m_begin + m_count * entrySize(), offsetSize()); }

    // First value of a SHORT or LONG (or LONG8) field; of BitsPerSample one value stands for all.
    [[nodiscard]] std::optional<std::uint64_t> value(std::uint16_t tag) const {
        for (std::uint64_t i = 0; i < m_count; ++i) {
            const std::uint64_t entry = m_begin + i * entrySize();
            if (readU16(m_file, entry, m_order) != tag) continue;
            const int type = readU16(m_file, entry + 2, m_order);
            const std::uint64_t size = type == 3 ? 2 : type == 4 ? 4 : type == 16 ? 8 : 0;
            if (size == 0) return std::nullopt;
            const std::uint64_t count = number(entry + 4, offsetSize());
            const std::uint64_t inlineAt = entry + 4 + offsetSize();
            const std::uint64_t at = count > offsetSize() / size ? number(inlineAt, offsetSize()) : inlineAt;
            if (at > m_file.size() || size > m_file.size() - at) return std::nullopt;
            return number(at, size);
        }
        return std::nullopt;
    }

  private:
    [[nodiscard]] std::uint64_t entrySize() const { return m_isBig ? 20 : 12; }
    [[nodiscard]] std::uint64_t offsetSize() const { return m_isBig ? 8 : 4; }
    [[nodiscard]] std::uint64_t number(std::uint64_t at, std::uint64_t size) const {
        if (size == 2) return readU16(m_file, at, m_order);
        return size == 4 ? readU32(m_file, at, m_order) : readU64(m_file, at, m_order);
    }
    Bytes m_file;
    ByteOrder m_order;
    bool m_isBig;
    std::uint64_t m_begin = 0, m_count = 0;
};

int countDirectories(TiffDirectory directory) {
    int count = 1;
    while (count < 1000 && directory.next() != 0 && directory.open(directory.next())) ++count;
    return count;
}

Result<RasterHeader> readTiff(Bytes file) {
    const ByteOrder order = file[0] == 'I' ? ByteOrder::Little : ByteOrder::Big;
    const bool isBig = readU16(file, 2, order) == 43;
    if (file.size() < (isBig ? 16U : 8U)) return corrupt("the TIFF header is cut off");
    TiffDirectory directory(file, order, isBig);
    if (!directory.open(isBig ? readU64(file, 8, order) : readU32(file, 4, order)))
        return corrupt("the TIFF directory is damaged or cut off");
    const auto width = directory.value(256), height = directory.value(257);
    if (!width || !height || *width > 0xFFFFFFFF || *height > 0xFFFFFFFF)
        return corrupt("the TIFF directory does not say how large the picture is");
    RasterHeader header;
    header.kind = RasterKind::Tiff;
    header.width = static_cast<std::int64_t>(*width);
    header.height = static_cast<std::int64_t>(*height);
    header.bitsPerSample = static_cast<int>(directory.value(258).value_or(1) & 0xFFFF);
    const auto photometric = directory.value(262).value_or(1);
    header.isPalette = photometric == 3;
    header.isWhiteZero = photometric == 0;
    header.photometric = photometric == 0   ? "gray, white is zero"
                         : photometric == 1 ? "gray"
                         : photometric == 2 ? "RGB"
                         : header.isPalette ? "palette"
                                            : "other";
    const auto samples = static_cast<int>(directory.value(277).value_or(1) & 0xFFFF);
    header.samplesPerPixel = header.isPalette ? 3 : samples;
    header.hasAlpha = samples == 2 || samples == 4;
    header.isFloat = directory.value(339).value_or(1) == 3;
    const auto tileWidth = directory.value(322).value_or(0), tileHeight = directory.value(323).value_or(0);
    if (tileWidth > 1 << 20 || tileHeight > 1 << 20)
        return corrupt("the tiles of the TIFF file are larger than any picture");
    header.largestBlock = static_cast<std::int64_t>(tileWidth * tileHeight);
    header.pictures = countDirectories(directory);
    return header;
}

}  // namespace

RasterKind rasterKindOf(Bytes firstBytes) {
    if (startsWith(firstBytes, kPngMagic)) return RasterKind::Png;
    if (startsWith(firstBytes, "\xFF\xD8\xFF")) return RasterKind::Jpeg;
    using namespace std::string_view_literals;
    for (const auto magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
        if (startsWith(firstBytes, magic)) return RasterKind::Tiff;
    }
    return RasterKind::None;
}

Result<RasterHeader> readRasterHeader(Bytes file) {
    switch (rasterKindOf(file)) {
        case RasterKind::Png:
            return readPng(file);
        case RasterKind::Jpeg:
            return readJpeg(file);
        case RasterKind::Tiff:
            return readTiff(file);
        case RasterKind::None:
            break;
    }
    return Error{ErrorCode::Unsupported, "it is not a PNG, TIFF or JPEG file"};
}

}  // namespace cxr
