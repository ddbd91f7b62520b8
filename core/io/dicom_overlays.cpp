#include "core/io/dicom_overlays.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

namespace cxr {
namespace {

constexpr int kFirstGroup = 0x6000, kLastGroup = 0x601E;

DcmTagKey keyOf(int group, int element) { return {static_cast<Uint16>(group), static_cast<Uint16>(element)}; }
TagNumber tagOf(int group, int element) {
    return static_cast<TagNumber>(group) << 16 | static_cast<TagNumber>(element);
}

// Bit i of the plane: bit i % 8 of byte i / 8; DCMTK has already put words into this machine's order.
cv::Mat unpackBits(Bytes bytes, int rows, int columns) {
    cv::Mat mask(rows, columns, CV_8UC1);
    auto* to = mask.ptr<std::uint8_t>();
    for (std::size_t i = 0; i < mask.total(); ++i) to[i] = (bytes[i / 8] >> (i % 8) & 1) != 0 ? 255 : 0;
    return mask;
}

// Old files: the plane is one bit of the pixels, above the stored ones. Only uncompressed 16-bit gray has room for it.
cv::Mat embeddedPlane(const StoredFrame& frame, int bit) {
    const PixelFormat& format = frame.format;
    const bool isInside = bit >= 0 && bit < 16 && (bit > format.highBit || bit <= format.highBit - format.bitsStored);
    const auto needed = static_cast<std::size_t>(format.pixels()) * 2;
    if (format.bitsAllocated != 16 || format.samplesPerPixel != 1 || !isInside || frame.bytes.size() < needed)
        return {};
    cv::Mat mask(format.rows, format.columns, CV_8UC1);
    auto* to = mask.ptr<std::uint8_t>();
    for (std::size_t i = 0; i < mask.total(); ++i)
        to[i] = (readU16(frame.bytes, 2 * i, frame.order) >> bit & 1) != 0 ? 255 : 0;
    return mask;
}

cv::Mat readMask(const DicomHeader& header, int group, const StoredFrame& frame, const ReadLimits& limits) {
    const int rows = header.integer(tagOf(group, 0x0010)).value_or(0),
              columns = header.integer(tagOf(group, 0x0011)).value_or(0);
    const bool hasData = header.root().tagExists(keyOf(group, 0x3000));
    if (!hasData) return embeddedPlane(frame, header.integer(tagOf(group, 0x0102)).value_or(-1));
    const std::int64_t pixels = std::int64_t{rows} * columns;
    const Bytes bytes = elementBytes(header.root(), static_cast<TagNumber>(group) << 16 | 0x3000);
    if (rows < 1 || columns < 1 || pixels > limits.maxPixels ||
        (pixels + 7) / 8 > static_cast<std::int64_t>(bytes.size()))
        return {};
    return unpackBits(bytes, rows, columns);
}

}  // namespace

void fillOverlays(const DicomHeader& header, const StoredFrame& frame, const ReadLimits& limits, Image& image) {
    for (int group = kFirstGroup; group <= kLastGroup; group += 2) {
        const bool isThere =
            header.root().tagExists(keyOf(group, 0x3000)) || header.root().tagExists(keyOf(group, 0x0102));
        if (!isThere) continue;
        OverlayPlane plane;
        plane.group = group;
        plane.mask = readMask(header, group, frame, limits);
        if (plane.mask.empty()) {
            image.notes.emplace_back("An overlay plane of the header is damaged and is not shown.");
            continue;
        }
        const auto origin = header.numbers(tagOf(group, 0x0050));
        if (origin.size() == 2 && std::abs(origin[0]) < 1e6 && std::abs(origin[1]) < 1e6) {
            plane.originRow = static_cast<int>(origin[0]);
            plane.originColumn = static_cast<int>(origin[1]);
        }
        plane.description = header.text(tagOf(group, 0x0022));
        image.overlays.push_back(std::move(plane));
    }
}

}  // namespace cxr
