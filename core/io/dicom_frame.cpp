#include "core/io/dicom_frame.h"

#include <algorithm>

namespace cxr {
namespace {

constexpr TagNumber kPixelData = 0x7FE00010;

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, reason}; }

std::string frameNote(int frames) {
    return "The file holds " + std::to_string(frames) + " pictures; the first is shown.";
}

Result<StoredFrame> rawFrame(const DicomLayout& layout, const PixelFormat& format, Bytes value) {
    StoredFrame frame;
    frame.format = format;
    frame.order = layout.order;
    const bool isWords = layout.pixels.element.vr == "OW" || !layout.isExplicit;
    frame.isWordSwapped = layout.order == ByteOrder::Big && format.bitsAllocated <= 8 && isWords;
    frame.isLuminanceFirst = format.photometric.rfind("YBR", 0) == 0;
    const std::int64_t frameBytes = format.frameBytes();
    const std::int64_t needed = frameBytes * format.frames;
    if (static_cast<std::int64_t>(value.size()) < needed) {
        return corrupt("its picture needs " + std::to_string(needed) + " bytes but only " + std::to_string(value.size()) + " are there");
    }
    frame.bytes = value.first(static_cast<std::size_t>(std::min<std::int64_t>(frameBytes + (frame.isWordSwapped ? frameBytes % 2 : 0),
                                                                              static_cast<std::int64_t>(value.size()))));
    return frame;
}

}  // namespace

Result<StoredFrame> firstFrame(const DicomLayout& layout, const PixelFormat& format, const ReadLimits& limits,
                               std::vector<std::string>& notes) {
    (void)limits;
    const PixelLocation& pixels = layout.pixels;
    const TransferSyntax& syntax = *layout.syntax;
    if (format.frames > 1) notes.push_back(frameNote(format.frames));
    const bool isNative = !pixels.element.hasUndefinedLength;
    if (isNative || pixels.element.tag != kPixelData) {
        return rawFrame(layout, format, layout.valueOf(pixels.element));
    }
    return Error{ErrorCode::Unsupported, std::string("its compression ") + syntax.name + " cannot be read"};
}

}  // namespace cxr
