#include "core/io/dicom_prescan.h"

#include <algorithm>
#include <cstdlib>

#include "core/io/dicom_walker.h"
#include "core/io/inflate.h"
#include "core/io/object_kind.h"

namespace cxr {
namespace {

constexpr std::size_t kPreamble = 128;
constexpr TagNumber kSyntaxUid = 0x00020010, kSopClass = 0x00080016, kModality = 0x00080060;

struct MetaHeader {
    std::string syntaxUid;
    std::size_t end = 0;  // where the data set begins
};

std::string trimmed(Bytes value) {
    std::string text(value.begin(), value.end());
    text.erase(std::find(text.begin(), text.end(), '\0'), text.end());
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && isSpace(text.back())) text.pop_back();
    while (!text.empty() && isSpace(text.front())) text.erase(text.begin());
    return text;
}

bool isUid(const std::string& text) {
    return !text.empty() && text.size() <= 64 && text.find_first_not_of("0123456789.") == std::string::npos;
}

// Group 0002 is explicit little endian, whatever follows. Its group length is not believed: the header ends where
// another group begins, or at an element that reaches beyond the file.
MetaHeader readMetaHeader(Bytes file, std::size_t begin) {
    MetaHeader meta{.syntaxUid = {}, .end = begin};
    while (meta.end + 8 <= file.size() && readU16(file, meta.end, ByteOrder::Little) == 0x0002) {
        const TagNumber tag = 0x00020000U | readU16(file, meta.end + 2, ByteOrder::Little);
        const std::string vr(reinterpret_cast<const char*>(file.data() + meta.end + 4), 2);
        std::size_t value = meta.end + 8;
        std::size_t length = readU16(file, meta.end + 6, ByteOrder::Little);
        if (hasLongLength(vr) && value + 4 <= file.size()) {
            length = readU32(file, value, ByteOrder::Little);
            value += 4;
        } else if (const std::size_t implicit = readU32(file, meta.end + 4, ByteOrder::Little);
                   !isKnownVr(vr) && implicit <= file.size() - value) {
            length = implicit;  // written as implicit by mistake; else only the VR is damaged
        }
        if (length > file.size() - value) break;
        if (tag == kSyntaxUid) meta.syntaxUid = trimmed(file.subspan(value, length));
        meta.end = value + length;
    }
    if (!isUid(meta.syntaxUid)) meta.syntaxUid.clear();
    return meta;
}

// How the bytes at the start of a data set look, whatever the meta header says.
struct Coding {
    bool isExplicit = false;
    ByteOrder order = ByteOrder::Little;
};

Coding codingOf(Bytes dataSet) {
    Coding coding;
    if (dataSet.size() < 8) return coding;
    const auto little = readU16(dataSet, 0, ByteOrder::Little);
    const auto big = readU16(dataSet, 0, ByteOrder::Big);
    coding.order = little > big ? ByteOrder::Big : ByteOrder::Little;
    coding.isExplicit = isKnownVr({reinterpret_cast<const char*>(dataSet.data() + 4), 2});
    return coding;
}

const TransferSyntax& syntaxFor(const Coding& coding) {
    if (coding.order == ByteOrder::Big) return explicitBigEndian();
    return coding.isExplicit ? explicitLittleEndian() : implicitLittleEndian();
}

// A number of the header, 0 where it is absent or broken. US in the data set's byte order, or text (IS).
std::int64_t numberIn(const DicomLayout& layout, TagNumber tag, bool isText) {
    const DicomElement* element = layout.find(tag);
    if (element == nullptr) return 0;
    if (isText) return std::strtol(layout.text(tag).c_str(), nullptr, 10);
    return element->length() >= 2 ? readU16(layout.valueOf(*element), 0, layout.order) : 0;
}

// Bytes of the picture, from its size; 0 where the header has none.
std::int64_t pictureBytes(const DicomLayout& layout) {
    const auto us = [&](TagNumber tag) { return numberIn(layout, tag, false); };
    const std::int64_t frames = std::clamp<std::int64_t>(numberIn(layout, 0x00280008, true), 1, 1 << 20);
    const std::int64_t samples = std::max<std::int64_t>(us(0x00280002), 1), bits = std::max<std::int64_t>(us(0x00280100), 1);
    const double bytes = double(us(0x00280010)) * double(us(0x00280011)) * double(samples * frames) * double((bits + 7) / 8);
    return static_cast<std::int64_t>(std::min(bytes, 1e18));
}

// "structured report", from the SOP class or the modality, for the message of a file that shows nothing.
std::string kindOfFile(const DicomLayout& layout) {
    if (const std::string words = objectWords(layout.text(kSopClass)); !words.empty()) return words;
    if (layout.find(0x00041220) != nullptr) return "an index of a disc (DICOMDIR)";
    if (layout.text(kModality) == "SR") return "a structured report";
    return "a DICOM object without pixel data";
}

Result<Done> chooseSyntax(DicomLayout& layout, const Coding& coding) {
    layout.isExplicit = coding.isExplicit;
    layout.order = coding.order;
    const TransferSyntax* declared = findTransferSyntax(layout.declaredSyntaxUid);
    const TransferSyntax& seen = syntaxFor(coding);
    if (layout.declaredSyntaxUid.empty()) {
        layout.notes.push_back(std::string("The file names no transfer syntax; it was read as ") + seen.name + ".");
        layout.syntax = &seen;
        return Done{};
    }
    if (declared == nullptr) {
        return Error{ErrorCode::Unsupported,
                     "its transfer syntax " + layout.declaredSyntaxUid + " is not known to this program"};
    }
    layout.syntax = declared;
    const bool isSame =
        declared->isExplicit == coding.isExplicit && declared->isBigEndian == (coding.order == ByteOrder::Big);
    if (isSame || layout.dataSet.size() < 8) return Done{};
    layout.notes.push_back(std::string("The file says ") + declared->name + " but is written as " + seen.name + ".");
    if (declared->codec == PixelCodec::Raw) layout.syntax = &seen;
    return Done{};
}

}  // namespace

const DicomElement* DicomLayout::find(TagNumber tag) const {
    const auto found = std::find_if(elements.begin(), elements.end(), [&](const auto& e) { return e.tag == tag; });
    return found == elements.end() ? nullptr : &*found;
}

Bytes DicomLayout::valueOf(const DicomElement& element) const {
    return dataSet.subspan(element.valueOffset, element.length());
}

std::string DicomLayout::text(TagNumber tag) const {
    const DicomElement* element = find(tag);
    return element ? trimmed(valueOf(*element)) : std::string();
}

bool looksLikeDicom(Bytes firstBytes) {
    if (startsWith(firstBytes, "DICM", kPreamble)) return true;
    if (firstBytes.size() < 8) return false;
    // No preamble: a first element of group 0002 or 0008 with a known VR, or implicit with a short length.
    for (const ByteOrder order : {ByteOrder::Little, ByteOrder::Big}) {
        const auto group = readU16(firstBytes, 0, order);
        const auto element = readU16(firstBytes, 2, order);
        if ((group != 0x0002 && group != 0x0008) || element > 0x0070) continue;
        if (isKnownVr({reinterpret_cast<const char*>(firstBytes.data() + 4), 2})) return true;
        if (order == ByteOrder::Little && readU32(firstBytes, 4, order) <= 256) return true;
    }
    return startsWith(firstBytes, "DICM");
}

namespace {

// Expands the data set as far as a film needs it: 4 MiB for the header, then the picture that the header describes.
Result<std::vector<std::uint8_t>> inflated(Bytes compressed, const DicomLayout& declared, const ReadLimits& limits) {
    constexpr std::size_t kHeader = 4 << 20, kSlack = 1 << 20;
    DataSetInflater inflater(compressed);
    if (auto begun = inflater.extendTo(kHeader); !begun.isOk()) return begun.error();
    if (inflater.isAtEnd()) return inflater.take();
    DicomLayout layout;
    layout.declaredSyntaxUid = declared.declaredSyntaxUid;
    layout.dataSet = inflater.bytes();
    if (auto chosen = chooseSyntax(layout, codingOf(layout.dataSet)); !chosen.isOk()) return chosen.error();
    DicomWalker walker(layout.dataSet, layout.isExplicit, layout.order,
                       {.maxDepth = limits.maxSequenceDepth, .stopsAtPixels = true});
    const auto walked = walker.walk(layout);
    if (!walked.isOk() && walked.error().code != ErrorCode::Corrupt) return walked.error();
    if (layout.pixels.element.tag == 0) {
        return Error{ErrorCode::TooLarge, "the deflated header before its picture is damaged, or expands to more than 4 MiB"};
    }
    const std::int64_t needed = pictureBytes(layout);
    if (needed > limits.maxDecodedBytes) {
        return Error{ErrorCode::TooLarge, "the deflated picture expands to more than " +
                                              std::to_string(limits.maxDecodedBytes >> 20) + " MiB"};
    }
    const std::size_t claimed = layout.pixels.claimedBytes;
    if (claimed > static_cast<std::size_t>(needed) + kSlack) {
        return Error{ErrorCode::Corrupt, "the deflated picture claims " + std::to_string(claimed) + " bytes where its size needs " +
                                             std::to_string(needed)};
    }
    if (auto rest = inflater.extendTo(layout.pixels.element.valueOffset + claimed); !rest.isOk()) return rest.error();
    return inflater.take();
}

}  // namespace

static Result<DicomLayout> scan(Bytes file, const ReadLimits& limits, bool stopsAtPixels) {
    DicomLayout layout;
    const std::size_t begin = startsWith(file, "DICM", kPreamble) ? kPreamble + 4 : startsWith(file, "DICM") ? 4 : 0;
    const MetaHeader meta = readMetaHeader(file, begin);
    layout.declaredSyntaxUid = meta.syntaxUid;
    layout.dataSet = file.subspan(meta.end);
    const TransferSyntax* declared = findTransferSyntax(meta.syntaxUid);
    if (declared != nullptr && declared->isDeflated) {
        auto expanded = inflated(layout.dataSet, layout, limits);
        if (!expanded.isOk()) return expanded.error();
        layout.inflated = std::move(expanded).value();
        layout.dataSet = layout.inflated;
    }
    if (auto chosen = chooseSyntax(layout, codingOf(layout.dataSet)); !chosen.isOk()) return chosen.error();
    DicomWalker walker(layout.dataSet, layout.isExplicit, layout.order,
                       {.maxDepth = limits.maxSequenceDepth, .stopsAtPixels = stopsAtPixels});
    if (auto walked = walker.walk(layout); !walked.isOk()) return walked.error();
    return layout;
}

Result<DicomLayout> prescanDicomObject(Bytes file, const ReadLimits& limits) { return scan(file, limits, false); }

Result<DicomLayout> prescanDicomHeader(Bytes file, const ReadLimits& limits) { return scan(file, limits, true); }

std::string withoutPicture(const DicomLayout& layout) { return "it has no picture: it is " + kindOfFile(layout); }

Result<DicomLayout> prescanDicom(Bytes file, const ReadLimits& limits) {
    Result<DicomLayout> scanned = prescanDicomObject(file, limits);
    if (scanned.isOk() && scanned.value().pixels.element.tag == 0) {
        return Error{ErrorCode::Unsupported, withoutPicture(scanned.value())};
    }
    return scanned;
}

}  // namespace cxr
