#include "core/io/pixel_format.h"

namespace cxr {
namespace {

constexpr TagNumber kSamples = 0x00280002, kPhotometric = 0x00280004, kPlanar = 0x00280006, kFrames = 0x00280008,
                    kRows = 0x00280010, kColumns = 0x00280011, kAllocated = 0x00280100, kStored = 0x00280101,
                    kHighBit = 0x00280102, kSigned = 0x00280103;

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, reason}; }

std::string words(int number) { return std::to_string(number); }

Result<Done> checkBits(const PixelFormat& format) {
    const int allocated = format.bitsAllocated;
    const bool isWhole =
        allocated == 8 || allocated == 16 || allocated == 32 || (allocated == 64 && format.kind == NumberKind::Double);
    if (!isWhole && allocated != 1) {
        return Error{ErrorCode::Unsupported,
                     "it stores pixels in " + words(allocated) + " bits; 1, 8, 16 and 32 can be read"};
    }
    if (format.bitsStored < 1 || format.bitsStored > allocated || format.highBit < format.bitsStored - 1 ||
        format.highBit >= allocated) {
        return corrupt("its header contradicts itself: " + words(format.bitsStored) + " bits with high bit " +
                       words(format.highBit) + " in " + words(allocated));
    }
    return Done{};
}

void readBits(const DicomHeader& header, TagNumber pixelTag, PixelFormat& format) {
    if (pixelTag == 0x7FE00008 || pixelTag == 0x7FE00009) {
        format.kind = pixelTag == 0x7FE00008 ? NumberKind::Float : NumberKind::Double;
        format.bitsAllocated = format.bitsStored = format.kind == NumberKind::Float ? 32 : 64;
        format.highBit = format.bitsAllocated - 1;
        return;
    }
    format.bitsAllocated = header.integer(kAllocated).value_or(0);
    format.bitsStored = header.integer(kStored).value_or(format.bitsAllocated);
    format.highBit = header.integer(kHighBit).value_or(format.bitsStored - 1);
    format.isSigned = header.integer(kSigned).value_or(0) == 1;
}

}  // namespace

Result<Done> checkClaimedSize(std::int64_t rows, std::int64_t columns, std::int64_t bytesPerPixel, std::int64_t frames,
                              const ReadLimits& limits) {
    const std::string size = std::to_string(columns) + " x " + std::to_string(rows);
    if (rows < 1 || columns < 1) return corrupt("it claims a picture of " + size + " pixels");
    if (rows > (1 << 24) || columns > (1 << 24) || rows * columns > limits.maxPixels) {
        return Error{ErrorCode::TooLarge, "it claims a picture of " + size + " pixels; at most " +
                                              std::to_string(limits.maxPixels / 1'000'000) + " million are read"};
    }
    if (frames > limits.maxDecodedBytes / (rows * columns * bytesPerPixel)) {
        return Error{ErrorCode::TooLarge, "it claims " + std::to_string(frames) + " pictures of " + size +
                                              " pixels, more than the " + std::to_string(limits.maxDecodedBytes >> 20) +
                                              " MiB that are read"};
    }
    return Done{};
}

Result<PixelFormat> readPixelFormat(const DicomHeader& header, const PixelLocation& pixels, const ReadLimits& limits) {
    PixelFormat format;
    const auto rows = header.integer(kRows), columns = header.integer(kColumns);
    if (!rows || !columns) return corrupt("its header does not say how many rows and columns the picture has");
    format.rows = *rows;
    format.columns = *columns;
    format.samplesPerPixel = header.integer(kSamples).value_or(1);
    format.frames = header.integer(kFrames).value_or(1);
    format.isPlanar = header.integer(kPlanar).value_or(0) == 1;
    format.photometric = header.text(kPhotometric);
    readBits(header, pixels.element.tag, format);
    if (format.samplesPerPixel != 1 && format.samplesPerPixel != 3 && format.samplesPerPixel != 4) {
        return Error{ErrorCode::Unsupported,
                     "it has " + words(format.samplesPerPixel) + " samples in each pixel; 1 and 3 can be read"};
    }
    if (format.photometric.empty()) format.photometric = format.samplesPerPixel == 1 ? "MONOCHROME2" : "RGB";
    const bool isGray = format.photometric.rfind("MONOCHROME", 0) == 0 || format.photometric == "PALETTE COLOR";
    if (isGray != (format.samplesPerPixel == 1)) {
        return corrupt("its header contradicts itself: " + format.photometric + " with " +
                       words(format.samplesPerPixel) + " samples in each pixel");
    }
    if (format.frames < 1) format.frames = 1;
    if (auto bits = checkBits(format); !bits.isOk()) return bits.error();
    const int bytesPerPixel = std::max(1, format.bitsAllocated / 8) * format.samplesPerPixel;
    if (auto size = checkClaimedSize(format.rows, format.columns, bytesPerPixel, format.frames, limits); !size.isOk()) {
        return size.error();
    }
    return format;
}

}  // namespace cxr
