#include "core/dicom_in/segment_frames.h"

#include <algorithm>

#include "core/io/dicom_frame.h"
#include "core/io/frame_samples.h"

namespace cxr {
namespace {

Result<Done> checkNumbers(const PixelFormat& format, bool isLabelMap) {
    const ReadLimits limits;
    if (format.rows < 1 || format.columns < 1) return Error{ErrorCode::Corrupt, "it has no rows and columns"};
    if (format.pixels() > limits.maxPixels)
        return Error{ErrorCode::TooLarge, "it claims " + std::to_string(format.columns) + " x " + std::to_string(format.rows) + " pixels"};
    const bool isKnown = format.bitsAllocated == 8 || (isLabelMap ? format.bitsAllocated == 16 : format.bitsAllocated == 1);
    if (!isKnown)
        return Error{ErrorCode::Unsupported, "its pixels have " + std::to_string(format.bitsAllocated) + " bits, which segmentations do not have"};
    return Done{};
}

// What codecs get to see: single bits are packed into bytes, or one sample each.
PixelFormat formatForCodec(const PixelFormat& format, PixelCodec codec) {
    PixelFormat coded = format;
    coded.frames = 1;
    if (format.bitsAllocated != 1 || codec == PixelCodec::DeflatedFrames || codec == PixelCodec::RawItems) return coded;
    coded.bitsAllocated = coded.bitsStored = 8;
    coded.highBit = 7;
    return coded;
}

// PackBits (PS3.5 G.3): n + 1 bytes as they are, or one byte 1 - n times.
Result<std::vector<std::uint8_t>> unpackedBits(Bytes data, std::size_t wanted) {
    std::vector<std::uint8_t> out;
    const Error cutOff{ErrorCode::Corrupt, "its RLE picture is cut off"};
    if (data.size() < 64 || readU32(data, 0, ByteOrder::Little) != 1) return Error{ErrorCode::Corrupt, "its RLE picture has more than one segment"};
    std::size_t at = readU32(data, 4, ByteOrder::Little);
    while (out.size() < wanted) {
        if (at < 64 || at + 1 >= data.size()) return cutOff;
        const int code = static_cast<std::int8_t>(data[at++]);
        if (code == -128) continue;
        const auto count = std::min(static_cast<std::size_t>(code >= 0 ? code + 1 : 1 - code), wanted - out.size());
        if (code < 0) {
            out.insert(out.end(), count, data[at++]);
        } else {
            if (count > data.size() - at) return cutOff;
            out.insert(out.end(), data.begin() + static_cast<std::ptrdiff_t>(at), data.begin() + static_cast<std::ptrdiff_t>(at + count));
            at += count;
        }
    }
    return out;
}

Result<cv::Mat> samplesOf(const StoredFrame& frame) {
    Image image;
    if (auto filled = fillSamples(frame, {}, image); !filled.isOk()) return filled.error();
    return image.samples;
}

}  // namespace

Result<SegmentFrames> SegmentFrames::open(const ObjectReader& read, bool isFractional, bool isLabelMap) {
    const auto number = [&](const DcmTagKey& tag, int otherwise) { return read.integer(read.root(), tag).value_or(otherwise); };
    SegmentFrames frames;
    frames.m_layout = &read.layout();
    PixelFormat& format = frames.m_format;
    format.rows = number(DCM_Rows, 0);
    format.columns = number(DCM_Columns, 0);
    format.frames = std::max(1, number(DCM_NumberOfFrames, 1));
    format.bitsAllocated = number(DCM_BitsAllocated, 1);
    format.bitsStored = format.bitsAllocated;
    format.highBit = format.bitsStored - 1;
    format.photometric = "MONOCHROME2";  // the numbers are wanted, not their colours
    if (auto checked = checkNumbers(format, isLabelMap); !checked.isOk()) return checked.error();
    const int largest = number(DCM_MaximumFractionalValue, 255);
    if (isFractional) frames.m_insideFrom = std::max(1, largest / 2 + largest % 2);
    const PixelLocation& pixels = read.layout().pixels;
    if (pixels.element.tag != 0x7FE00010) return Error{ErrorCode::Corrupt, "it holds no frames"};
    if (pixels.element.hasUndefinedLength) {
        auto size = checkClaimedSize(format.rows, format.columns, std::max(1, format.bitsAllocated / 8), format.frames, {});
        if (!size.isOk()) return size.error();
        auto fragments = fragmentsOfFrames(read.layout(), format.frames);
        if (!fragments.isOk()) return fragments.error();
        frames.m_fragments = std::move(fragments).value();
        return frames;
    }
    const std::int64_t needed = (format.pixels() * format.frames * format.bitsAllocated + 7) / 8;
    if (needed > static_cast<std::int64_t>(pixels.element.length()))
        return Error{ErrorCode::Corrupt, "it claims " + std::to_string(format.frames) + " frames but is too short for them"};
    return frames;
}

cv::Mat SegmentFrames::plainBits(Bytes data, std::int64_t first) const {
    cv::Mat values(m_format.rows, m_format.columns, CV_16UC1);
    auto* to = values.ptr<std::uint16_t>();
    for (std::int64_t i = 0; i < m_format.pixels(); ++i) {
        const auto at = static_cast<std::size_t>(first + i);
        to[i] = data[at / 8] >> (at % 8) & 1U;
    }
    return values;
}

Result<cv::Mat> SegmentFrames::coded(int index) const {
    const auto& fragments = m_fragments[static_cast<std::size_t>(index)];
    const PixelCodec codec = m_layout->syntax->codec;
    if (m_format.bitsAllocated == 1 && codec == PixelCodec::Rle) {
        const auto bits = unpackedBits(fragments.front(), static_cast<std::size_t>(m_format.frameBytes()));
        if (!bits.isOk()) return bits.error();
        return plainBits(bits.value(), 0);
    }
    std::vector<std::string> notes;
    const auto frame = decodeFrame(fragments, *m_layout, formatForCodec(m_format, codec), {}, notes);
    if (!frame.isOk()) return frame.error();
    return samplesOf(frame.value());
}

Result<cv::Mat> SegmentFrames::values(int index) const {
    if (!m_fragments.empty()) return coded(index);
    const Bytes data = m_layout->valueOf(m_layout->pixels.element);
    if (m_format.bitsAllocated == 1) return plainBits(data, index * m_format.pixels());
    StoredFrame frame;
    frame.format = m_format;
    frame.format.frames = 1;
    frame.order = m_layout->order;
    const auto size = static_cast<std::size_t>(m_format.frameBytes());
    frame.bytes = data.subspan(static_cast<std::size_t>(index) * size, size);
    return samplesOf(frame);
}

}  // namespace cxr
