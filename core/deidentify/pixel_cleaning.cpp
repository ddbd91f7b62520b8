#include "core/deidentify/pixel_cleaning.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <array>

#include "core/io/dicom_frame.h"
#include "core/io/dicom_header.h"

namespace cxr {
namespace {

// A frame whose bytes are ours: little endian, words in their order.
struct OwnFrame {
    PixelFormat format;
    std::vector<std::uint8_t> bytes;
};

Error unsupported(const std::string& what) {
    return {ErrorCode::Unsupported, "text in it cannot be blackened: " + what + "; de-identify it without cleaning pixels, or leave it out"};
}

Result<OwnFrame> ownFrame(const DicomLayout& layout, const ReadLimits& limits) {
    const Result<DicomHeader> header = DicomHeader::parse(layout);
    if (!header.isOk()) return header.error();
    const Result<PixelFormat> format = readPixelFormat(header.value(), layout.pixels, limits);
    if (!format.isOk()) return format.error();
    if (format.value().frames > 1) return unsupported("it has " + std::to_string(format.value().frames) + " pictures");
    if (format.value().kind != NumberKind::Integer) return unsupported("its pixels are fractions");
    std::vector<std::string> notes;
    const Result<StoredFrame> stored = firstFrame(layout, format.value(), limits, notes);
    if (!stored.isOk()) return stored.error();
    const StoredFrame& frame = stored.value();
    if (frame.format.bitsAllocated != 8 && frame.format.bitsAllocated != 16) {
        return unsupported("its pixels have " + std::to_string(frame.format.bitsAllocated) + " bits");
    }
    if (frame.format.isSubsampled() || frame.format.photometric == "PALETTE COLOR") return unsupported("of how its colours are coded");
    OwnFrame own{frame.format, {frame.bytes.begin(), frame.bytes.end()}};
    const bool isSwapped = frame.isWordSwapped || (frame.format.bitsAllocated == 16 && frame.order == ByteOrder::Big);
    for (std::size_t i = 0; isSwapped && i + 1 < own.bytes.size(); i += 2) std::swap(own.bytes[i], own.bytes[i + 1]);
    own.bytes.resize(static_cast<std::size_t>(frame.format.frameBytes()));
    return own;
}

// Black for each sample of a pixel, as stored.
std::array<std::uint16_t, 3> blackOf(const PixelFormat& format, bool isInverse) {
    if (format.photometric.starts_with("YBR")) {
        const auto middle = static_cast<std::uint16_t>(1U << (format.bitsStored - 1));
        return {0, middle, middle};
    }
    const unsigned largest = format.isSigned ? (1U << (format.bitsStored - 1)) - 1 : (1U << format.bitsStored) - 1;
    const unsigned smallest = format.isSigned ? ~largest : 0;  // two's complement: the sign fills the bits above
    const auto value = static_cast<std::uint16_t>((isInverse ? largest : smallest) << (format.highBit + 1 - format.bitsStored));
    return {value, value, value};
}

std::size_t sampleIndex(const PixelFormat& format, int x, int y, int sample) {
    const std::size_t pixel = static_cast<std::size_t>(y) * format.columns + x;
    if (format.isPlanar) return static_cast<std::size_t>(sample) * format.pixels() + pixel;
    return pixel * format.samplesPerPixel + sample;
}

void blacken(OwnFrame& frame, const TextBox& box, const std::array<std::uint16_t, 3>& black) {
    const TextBox inside = box & TextBox(0, 0, frame.format.columns, frame.format.rows);
    const bool isWide = frame.format.bitsAllocated == 16;
    for (int y = inside.y; y < inside.br().y; ++y) {
        for (int x = inside.x; x < inside.br().x; ++x) {
            for (int sample = 0; sample < std::min(3, frame.format.samplesPerPixel); ++sample) {
                const std::size_t i = sampleIndex(frame.format, x, y, sample);
                if (isWide) {
                    frame.bytes[2 * i] = static_cast<std::uint8_t>(black[sample]);
                    frame.bytes[2 * i + 1] = static_cast<std::uint8_t>(black[sample] >> 8);
                } else {
                    frame.bytes[i] = static_cast<std::uint8_t>(black[sample]);
                }
            }
        }
    }
}

// The picture module says what the decoded pixels are.
Result<Done> store(const OwnFrame& frame, bool wasLossy, DcmDataset& dataSet) {
    const PixelFormat& format = frame.format;
    dataSet.putAndInsertString(DCM_PhotometricInterpretation, format.photometric.c_str());
    if (format.samplesPerPixel > 1) dataSet.putAndInsertUint16(DCM_PlanarConfiguration, format.isPlanar ? 1 : 0);
    dataSet.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(format.bitsAllocated));
    dataSet.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(format.bitsStored));
    dataSet.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(format.highBit));
    dataSet.putAndInsertUint16(DCM_PixelRepresentation, format.isSigned ? 1 : 0);
    if (wasLossy) dataSet.putAndInsertString(DCM_LossyImageCompression, "01");
    dataSet.findAndDeleteElement(DCM_ExtendedOffsetTable);
    dataSet.findAndDeleteElement(DCM_ExtendedOffsetTableLengths);
    dataSet.findAndDeleteElement(DCM_PixelData);
    OFCondition put;
    if (format.bitsAllocated == 16) {
        std::vector<Uint16> words(frame.bytes.size() / 2);
        for (std::size_t i = 0; i < words.size(); ++i) words[i] = readU16(frame.bytes, 2 * i, ByteOrder::Little);
        put = dataSet.putAndInsertUint16Array(DcmTag(DCM_PixelData, EVR_OW), words.data(), words.size());
    } else {
        put = dataSet.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), frame.bytes.data(), frame.bytes.size());
    }
    if (put.bad()) return Error{ErrorCode::OutOfMemory, "there is not enough memory for its picture"};
    return Done{};
}

bool showsLargestAsBlack(const DicomLayout& layout, const PixelFormat& format) {
    return format.photometric == "MONOCHROME1" || layout.text(0x20500020) == "INVERSE";
}

}  // namespace

Result<Done> blackenBoxes(DicomObject& object, const DicomLayout& layout, const std::vector<TextBox>& boxes, const ReadLimits& limits) {
    if (boxes.empty()) return Done{};
    Result<OwnFrame> own = ownFrame(layout, limits);
    if (!own.isOk()) return own.error();
    OwnFrame frame = std::move(own).value();
    const auto black = blackOf(frame.format, showsLargestAsBlack(layout, frame.format));
    for (const TextBox& box : boxes) blacken(frame, box, black);
    if (const Result<Done> stored = store(frame, layout.syntax->isLossy, object.dataSet()); !stored.isOk()) return stored;
    object.setUncompressed();
    return Done{};
}

}  // namespace cxr
