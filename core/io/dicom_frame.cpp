#include "core/io/dicom_frame.h"

#include <algorithm>

#include "core/io/codestream_header.h"
#include "core/io/dcmtk_codec.h"
#include "core/io/inflate.h"
#include "core/io/jpeg2000_codec.h"

namespace cxr {
namespace {

constexpr TagNumber kPixelData = 0x7FE00010;

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, reason}; }

std::string sizeText(std::int64_t columns, std::int64_t rows) {
    return std::to_string(columns) + " x " + std::to_string(rows);
}

Result<StoredFrame> rawFrame(const DicomLayout& layout, const PixelFormat& format, Bytes value) {
    // Frames of single bits follow each other without a gap (PS3.5 8.1.1).
    const std::int64_t frameBytes = format.frameBytes();
    const std::int64_t needed = format.bitsAllocated == 1 ? (format.pixels() * format.samplesPerPixel * format.frames + 7) / 8
                                                          : frameBytes * format.frames;
    if (static_cast<std::int64_t>(value.size()) < needed) {
        return corrupt("its picture needs " + std::to_string(needed) + " bytes but only " +
                       std::to_string(value.size()) + " are there");
    }
    if (format.photometric == "YBR_PARTIAL_420")
        return Error{ErrorCode::Unsupported, "its colours are coded as YBR_PARTIAL_420"};
    StoredFrame frame;
    frame.format = format;
    frame.order = layout.order;
    const bool isWords = layout.pixels.element.vr == "OW" || !layout.isExplicit;
    frame.isWordSwapped = layout.order == ByteOrder::Big && format.bitsAllocated <= 8 && isWords;
    frame.isLuminanceFirst = format.photometric.rfind("YBR", 0) == 0;
    const std::int64_t lastWord = frame.isWordSwapped ? frameBytes % 2 : 0;
    frame.bytes = value.first(std::min(static_cast<std::size_t>(frameBytes + lastWord), value.size()));
    return frame;
}

// True where a new compressed picture begins: JPEG, JPEG-LS and JPEG 2000 each have a start mark.
bool beginsPicture(Bytes fragment) {
    return startsWith(fragment, "\xFF\xD8") || startsWith(fragment, "\xFF\x4F") ||
           startsWith(fragment, std::string_view("\0\0\0\x0C", 4));
}

// How many fragments the first frame has: by the offset table, else one for each frame where the numbers say so, else
// up to the next start mark. PS3.5 A.4.
std::size_t fragmentsOfFirstFrame(const PixelLocation& pixels, int frames, PixelCodec codec) {
    const auto& fragments = pixels.fragments;
    if (frames == 1) return fragments.size();
    if (fragments.size() == static_cast<std::size_t>(frames) || codec == PixelCodec::Rle) return 1;
    if (pixels.frameOffsets.size() >= 2 && pixels.frameOffsets[0] == 0) {
        std::size_t count = 0, offset = 0;
        while (count < fragments.size() && offset < pixels.frameOffsets[1]) offset += 8 + fragments[count++].size();
        if (offset == pixels.frameOffsets[1] && count > 0) return count;
    }
    std::size_t count = 1;
    while (count < fragments.size() && !beginsPicture(fragments[count])) ++count;
    return count;
}

// A JPEG 2000 codestream or the start of a JPEG may go over several fragments: one piece of memory for them.
class JoinedFragments {
  public:
    explicit JoinedFragments(const std::vector<Bytes>& fragments) {
        if (fragments.size() == 1) {
            m_view = fragments.front();
            return;
        }
        m_owned = std::make_shared<std::vector<std::uint8_t>>();
        for (const Bytes fragment : fragments) m_owned->insert(m_owned->end(), fragment.begin(), fragment.end());
        m_view = *m_owned;
    }
    [[nodiscard]] Bytes view() const { return m_view; }
    [[nodiscard]] std::shared_ptr<const void> owner() const { return m_owned; }

  private:
    std::shared_ptr<std::vector<std::uint8_t>> m_owned;
    Bytes m_view;
};

// Decoders believe the codestream: it must claim what the header claims.
Result<Done> compare(const CodestreamHeader& coded, const PixelFormat& format, const ReadLimits& limits) {
    const std::int64_t bytes = std::int64_t{(coded.bitsPerSample + 7) / 8} * coded.components;
    if (coded.bitsPerSample < 1 || coded.bitsPerSample > 16) {
        return Error{ErrorCode::Unsupported,
                     "its compressed picture has " + std::to_string(coded.bitsPerSample) + "-bit samples"};
    }
    if (auto size = checkClaimedSize(coded.rows, coded.columns, std::max<std::int64_t>(bytes, 1), 1, limits);
        !size.isOk())
        return size;
    if (coded.rows != format.rows || coded.columns != format.columns) {
        return corrupt("its header says " + sizeText(format.columns, format.rows) +
                       " pixels but its compressed picture has " + sizeText(coded.columns, coded.rows));
    }
    if (coded.components != format.samplesPerPixel) {
        return corrupt("its header says " + std::to_string(format.samplesPerPixel) +
                       " samples in each pixel but its compressed picture has " + std::to_string(coded.components));
    }
    if (coded.bitsPerSample > format.bitsAllocated) {
        return corrupt("its header says " + std::to_string(format.bitsAllocated) +
                       " bits but its compressed picture has " + std::to_string(coded.bitsPerSample));
    }
    return Done{};
}

// RLE (PS3.5 annex G): 16 numbers, of which the first counts the segments; 2 bytes become 128 at most.
Result<Done> checkRle(Bytes data, const PixelFormat& format) {
    if (data.size() < 64) return corrupt("its RLE picture is cut off");
    const std::uint32_t segments = readU32(data, 0, ByteOrder::Little);
    const auto expected = static_cast<std::uint32_t>(format.samplesPerPixel * ((format.bitsAllocated + 7) / 8));
    if (segments != expected) {
        return corrupt("its RLE picture has " + std::to_string(segments) + " segments where " +
                       std::to_string(expected) + " should be");
    }
    for (std::size_t i = 1; i <= segments; ++i) {
        const std::uint32_t offset = readU32(data, 4 * i, ByteOrder::Little);
        if (offset < 64 || offset > data.size())
            return corrupt("a segment of its RLE picture lies outside the picture data");
    }
    if (format.frameBytes() > static_cast<std::int64_t>(data.size()) * 64) return corrupt("its RLE picture is cut off");
    return Done{};
}

// No more is expanded than the frame's size needs.
Result<StoredFrame> inflatedFrame(Bytes data, const DicomLayout& layout, const PixelFormat& format) {
    const auto needed = static_cast<std::size_t>(format.frameBytes());
    DataSetInflater inflater(data);
    if (auto expanded = inflater.extendTo(needed); !expanded.isOk()) return expanded.error();
    if (inflater.bytes().size() < needed) return corrupt("its deflated picture is cut off");
    const auto owner = std::make_shared<const std::vector<std::uint8_t>>(inflater.take());
    Result<StoredFrame> raw = rawFrame(layout, format, *owner);
    if (!raw.isOk()) return raw;
    StoredFrame frame = std::move(raw).value();
    frame.owner = owner;
    return frame;
}

}  // namespace

Result<StoredFrame> decodeFrame(const std::vector<Bytes>& fragments, const DicomLayout& layout, const PixelFormat& all,
                                const ReadLimits& limits, std::vector<std::string>& notes) {
    const TransferSyntax& syntax = *layout.syntax;
    PixelFormat format = all;
    format.frames = 1;
    if (syntax.codec == PixelCodec::Unsupported) {
        return Error{ErrorCode::Unsupported,
                     std::string("its pixels are coded as ") + syntax.name + ", which this program does not read"};
    }
    const JoinedFragments joined(fragments);
    if (syntax.codec == PixelCodec::DeflatedFrames) return inflatedFrame(joined.view(), layout, format);
    if (syntax.codec == PixelCodec::RawItems) {
        Result<StoredFrame> frame = rawFrame(layout, format, joined.view());
        if (!frame.isOk()) return frame;
        StoredFrame raw = std::move(frame).value();
        raw.owner = joined.owner();
        return raw;
    }
    if (syntax.codec == PixelCodec::Rle) {
        if (auto checked = checkRle(joined.view(), format); !checked.isOk()) return checked.error();
        return decodeWithDcmtk(fragments, syntax, format);
    }
    const bool isJpeg2000 = syntax.codec == PixelCodec::Jpeg2000;
    const Result<CodestreamHeader> coded =
        isJpeg2000 ? readJpeg2000Header(joined.view()) : readJpegHeader(joined.view());
    if (!coded.isOk()) return coded.error();
    if (auto compared = compare(coded.value(), format, limits); !compared.isOk()) return compared.error();
    if (isJpeg2000) return decodeJpeg2000(joined.view(), coded.value(), format, notes);
    return decodeWithDcmtk(fragments, syntax, format);
}

// A frame with several fragments ends where the offset table or the next start mark says so.
Result<std::vector<std::vector<Bytes>>> fragmentsOfFrames(const DicomLayout& layout, int frames) {
    const PixelLocation& pixels = layout.pixels;
    const auto wanted = static_cast<std::size_t>(frames);
    if (pixels.fragments.size() < wanted || wanted == 0)
        return corrupt("it claims " + std::to_string(frames) + " pictures but has data for " + std::to_string(pixels.fragments.size()));
    std::vector<std::vector<Bytes>> all;
    const bool isOneEach = pixels.fragments.size() == wanted;
    const bool hasTable = pixels.frameOffsets.size() == wanted;
    std::size_t offset = 0;
    for (const Bytes fragment : pixels.fragments) {
        const bool begins = all.empty() || isOneEach ||
                            (hasTable ? all.size() < wanted && pixels.frameOffsets[all.size()] == offset : wanted > 1 && beginsPicture(fragment));
        if (begins) all.emplace_back();
        all.back().push_back(fragment);
        offset += 8 + fragment.size();
    }
    if (all.size() != wanted) return corrupt("its compressed pictures cannot be told apart");
    return all;
}

Result<StoredFrame> firstFrame(const DicomLayout& layout, const PixelFormat& format, const ReadLimits& limits,
                               std::vector<std::string>& notes) {
    const PixelLocation& pixels = layout.pixels;
    const TransferSyntax& syntax = *layout.syntax;
    if (format.frames > 1)
        notes.push_back("The file holds " + std::to_string(format.frames) + " pictures; the first is shown.");
    if (syntax.codec == PixelCodec::Unsupported) {
        return Error{ErrorCode::Unsupported,
                     std::string("its pixels are coded as ") + syntax.name + ", which this program does not read"};
    }
    if (!pixels.element.hasUndefinedLength || pixels.element.tag != kPixelData) {
        if (syntax.codec != PixelCodec::Raw)
            notes.push_back(std::string("The file says ") + syntax.name + " but its pixels are not compressed.");
        return rawFrame(layout, format, layout.valueOf(pixels.element));
    }
    if (syntax.codec == PixelCodec::Raw) return corrupt("its pixels are compressed, but the file does not say how");
    if (pixels.fragments.empty()) return corrupt("its picture data are empty");
    if (pixels.fragments.size() < static_cast<std::size_t>(format.frames)) {
        return corrupt("it claims " + std::to_string(format.frames) + " pictures but has data for " +
                       std::to_string(pixels.fragments.size()));
    }
    const std::size_t count = fragmentsOfFirstFrame(pixels, format.frames, syntax.codec);
    const std::vector<Bytes> fragments(pixels.fragments.begin(),
                                       pixels.fragments.begin() + static_cast<std::ptrdiff_t>(count));
    return decodeFrame(fragments, layout, format, limits, notes);
}

}  // namespace cxr
