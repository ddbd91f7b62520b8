#include "core/io/dicom_walker.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctag.h>
#include <dcmtk/dcmdata/dcvr.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <initializer_list>

namespace cxr {
namespace {

constexpr std::size_t kOpen = static_cast<std::size_t>(-1);
constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr TagNumber kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;
constexpr TagNumber kFloatPixels = 0x7FE00008, kDoublePixels = 0x7FE00009, kPixels = 0x7FE00010;

// Names of two capitals: a table with a place for each pair, as every element of every file is looked up.
class VrSet {
  public:
    constexpr VrSet(std::initializer_list<std::string_view> names) {
        for (const std::string_view name : names) m_holds[place(name)] = true;
    }
    [[nodiscard]] constexpr bool holds(std::string_view vr) const {
        return vr.size() == 2 && isUpperCase(vr[0]) && isUpperCase(vr[1]) && m_holds[place(vr)];
    }
    static constexpr bool isUpperCase(char c) { return c >= 'A' && c <= 'Z'; }

  private:
    static constexpr std::size_t place(std::string_view vr) { return static_cast<std::size_t>(26 * (vr[0] - 'A') + vr[1] - 'A'); }
    std::array<bool, 26 * 26> m_holds{};
};

constexpr VrSet kVrs{"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV",
                     "OW", "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV"};
constexpr VrSet kLongVrs{"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"};

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, reason}; }

Error tooManyFragments(std::size_t most) {
    return {ErrorCode::TooLarge, "the picture is in more than " + std::to_string(most) + " fragments"};
}

bool isPixelTag(TagNumber tag) { return tag == kFloatPixels || tag == kDoublePixels || tag == kPixels; }

// What DCMTK thinks, which knows names of its own ("ox") beside those of the standard.
bool isLongForDcmtk(const std::string& vr) { return DcmVR(vr.c_str()).usesExtendedLengthEncoding(); }

constexpr TagNumber kDirectoryRecordType = 0x00041430;

// One value of VR CS, padded or not. DCMTK 3.6.7 throws in the middle of its work over others, and leaks what it has made.
bool isOneWord(Bytes value) {
    while (!value.empty() && (value.back() == ' ' || value.back() == 0)) value = value.first(value.size() - 1);
    return std::none_of(value.begin(), value.end(), [](std::uint8_t byte) { return byte == 0 || byte == '\\'; });
}

}  // namespace

std::string tagName(TagNumber tag) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "(%04X,%04X)", tag >> 16, tag & 0xFFFFU);
    return text.data();
}

bool isKnownVr(std::string_view vr) { return kVrs.holds(vr); }

bool isReadAlike(const DicomLayout& layout) {
    if (!layout.isExplicit) return true;
    return std::all_of(layout.elements.begin(), layout.elements.end(), [&](const DicomElement& element) {
        if (element.vr != "??") return true;
        const auto* vr = reinterpret_cast<const char*>(layout.dataSet.data() + element.headerOffset + 4);
        return isLongForDcmtk({vr, 2}) == (element.valueOffset - element.headerOffset > 8);
    });
}

bool hasLongLength(std::string_view vr) { return kLongVrs.holds(vr); }

DicomWalker::DicomWalker(Bytes dataSet, bool isExplicit, ByteOrder order, const WalkLimits& limits)
    : m_bytes(dataSet), m_isExplicit(isExplicit), m_order(order), m_limits(limits) {}

Result<Done> DicomWalker::walk(DicomLayout& layout) {
    m_levels = {Level{.isItem = true, .end = m_bytes.size(), .isExplicit = m_isExplicit}};
    while (!m_isAtPixels) {
        closeFinished(layout);
        if (m_position == m_bytes.size() && m_levels.size() == 1) return Done{};
        if (++m_elementCount > m_limits.maxElements) {
            return Error{ErrorCode::TooLarge,
                         "the header has more than " + std::to_string(m_limits.maxElements) + " elements"};
        }
        if (m_position == m_bytes.size()) {
            return corrupt("the file is cut off inside a sequence");
        }
        Result<Done> step = m_levels.back().isItem ? stepInItem(layout) : stepInSequence();
        if (!step.isOk()) return step;
    }
    return Done{};
}

void DicomWalker::pop(DicomLayout& layout) {
    if (m_levels.back().isTopElement) layout.elements.back().endOffset = m_position;
    m_levels.pop_back();
}

void DicomWalker::closeFinished(DicomLayout& layout) {
    while (m_levels.size() > 1 && m_levels.back().end == m_position) pop(layout);
}

std::size_t DicomWalker::innermostEnd() const {
    const auto known = std::find_if(m_levels.rbegin(), m_levels.rend(), [](const Level& l) { return l.end != kOpen; });
    return known->end;
}

TagNumber DicomWalker::tagAt(std::size_t offset) const {
    return TagNumber{readU16(m_bytes, offset, m_order)} << 16 | readU16(m_bytes, offset + 2, m_order);
}

Result<Done> DicomWalker::needBytes(std::size_t count) const {
    const std::size_t end = innermostEnd();
    if (count <= end - m_position) return Done{};
    if (end == m_bytes.size()) return corrupt("the file is cut off: its last element is not complete");
    return corrupt("an element reaches beyond the end of the sequence that holds it");
}

Result<Done> DicomWalker::push(Level level) {
    m_levels.push_back(level);
    const auto depth = std::count_if(m_levels.begin(), m_levels.end(), [](const Level& l) { return !l.isItem; });
    if (depth <= m_limits.maxDepth) return Done{};
    return Error{ErrorCode::TooLarge,
                 "its sequences are nested deeper than " + std::to_string(m_limits.maxDepth) + " levels"};
}

// Between items: only items and the end of the sequence may come.
Result<Done> DicomWalker::stepInSequence() {
    if (auto room = needBytes(8); !room.isOk()) return room;
    const TagNumber tag = tagAt(m_position);
    const std::uint32_t length = readU32(m_bytes, m_position + 4, m_order);
    m_position += 8;
    if (tag == kSequenceEnd) {
        if (m_levels.back().end != kOpen) return corrupt("a sequence ends before its stated length");
        m_levels.back().end = m_position;
        return Done{};
    }
    if (tag != kItem) return corrupt("a sequence holds " + tagName(tag) + " where an item should be");
    if (length == kUndefined) return push({.isItem = true, .end = kOpen, .isExplicit = m_levels.back().isExplicit});
    if (auto room = needBytes(length); !room.isOk()) return room;
    return push({.isItem = true, .end = m_position + length, .isExplicit = m_levels.back().isExplicit});
}

Result<Done> DicomWalker::stepInItem(DicomLayout& layout) {
    if (auto room = needBytes(8); !room.isOk()) return room;
    const TagNumber tag = tagAt(m_position);
    if (tag == kItemEnd && m_levels.size() > 1) {
        if (m_levels.back().end != kOpen) return corrupt("an item ends before its stated length");
        m_position += 8;
        m_levels.back().end = m_position;
        return Done{};
    }
    if (tag >> 16 == 0xFFFE) {
        // A stray delimiter with no length between elements harms nobody.
        if (readU32(m_bytes, m_position + 4, m_order) != 0 || tag == kItem) {
            return corrupt("the data set holds an item mark " + tagName(tag) + " outside any sequence");
        }
        m_position += 8;
        return Done{};
    }
    const Result<Header> header = readHeader(m_levels.back().isExplicit);
    if (!header.isOk()) return header.error();
    if (m_limits.stopsAtPixels && m_levels.size() == 1 && isPixelTag(tag)) {
        layout.pixels.element = header.value().element;
        layout.pixels.element.endOffset = layout.pixels.element.valueOffset;
        layout.pixels.claimedBytes = header.value().length;
        m_isAtPixels = true;
        return Done{};
    }
    return enterElement(header.value(), layout);
}

Result<DicomWalker::Header> DicomWalker::readHeader(bool isExplicit) const {
    Header header;
    header.element.tag = tagAt(m_position);
    header.element.headerOffset = m_position;
    header.element.valueOffset = m_position + 8;
    header.length = readU32(m_bytes, m_position + 4, m_order);
    if (!isExplicit) return header;
    const std::uint8_t first = m_bytes[m_position + 4], second = m_bytes[m_position + 5];
    const std::string vr{static_cast<char>(first), static_cast<char>(second)};
    // Two capitals that we do not know are a VR of the future: long length (PS3.5, 7.1.2). Anything else in their place
    // is a broken VR; its length is then in the next two bytes as for most VRs. Inside sequences, which DCMTK parses as
    // they are, the length is where DCMTK takes it from.
    const bool isFuture = VrSet::isUpperCase(vr[0]) && VrSet::isUpperCase(vr[1]) && readU16(m_bytes, m_position + 6, m_order) == 0;
    const bool isUnknownLong = !isKnownVr(vr) && (m_levels.size() > 1 ? isLongForDcmtk(vr) : isFuture);
    header.element.vr = isKnownVr(vr) ? vr : "??";
    if (!hasLongLength(vr) && !isUnknownLong) {
        header.length = readU16(m_bytes, m_position + 6, m_order);
        return header;
    }
    if (auto room = needBytes(12); !room.isOk()) return room.error();
    header.length = readU32(m_bytes, m_position + 8, m_order);
    header.element.valueOffset += 4;
    return header;
}

bool DicomWalker::isSequence(const Header& header, bool isExplicit) const {
    const std::string& vr = header.element.vr;
    if (header.length == kUndefined) return vr != "OB" && vr != "OW" && !isPixelTag(header.element.tag);
    if (isExplicit) return vr == "SQ";
    const DcmTag known(static_cast<Uint16>(header.element.tag >> 16), static_cast<Uint16>(header.element.tag & 0xFFFF));
    return known.getEVR() == EVR_SQ;
}

Result<Done> DicomWalker::enterElement(const Header& header, DicomLayout& layout) {
    DicomElement element = header.element;
    const bool isTop = m_levels.size() == 1;
    const bool isExplicit = m_levels.back().isExplicit;
    const bool isOpen = header.length == kUndefined;
    m_position = element.valueOffset;
    if (!isOpen && header.length > innermostEnd() - m_position) {
        return corrupt("element " + tagName(element.tag) + " claims " + std::to_string(header.length) +
                       " bytes but only " + std::to_string(innermostEnd() - m_position) +
                       " are left: the file is cut off or damaged");
    }
    element.hasUndefinedLength = isOpen;
    element.endOffset = isOpen ? m_position : m_position + header.length;
    if (isTop && layout.elements.size() == m_limits.maxTopElements) {
        return Error{ErrorCode::TooLarge, "it has more than " + std::to_string(m_limits.maxTopElements) + " elements outside sequences"};
    }
    if (isTop) layout.elements.push_back(element);
    if (isSequence(header, isExplicit)) {
        return push({.isItem = false,
                     .end = isOpen ? kOpen : element.endOffset,
                     .isExplicit = isExplicit && element.vr != "UN",
                     .isTopElement = isTop});
    }
    PixelLocation inner;
    PixelLocation& pixels = isTop ? layout.pixels : inner;
    if (isOpen) {
        if (auto read = readFragments(pixels, layout.notes); !read.isOk()) return read;
        element.endOffset = m_position;
        if (isTop) layout.elements.back() = element;
    }
    if (element.tag == kDirectoryRecordType && !isOneWord(m_bytes.subspan(element.valueOffset, element.endOffset - element.valueOffset))) {
        return corrupt("a record of its directory is of a type that is no word");
    }
    m_position = element.endOffset;
    if (isTop && isPixelTag(element.tag)) {
        layout.pixels.element = element;
        layout.pixels.claimedBytes = header.length;
        m_isAtPixels = true;
    }
    return Done{};
}

// Encapsulated pixels (PS3.5 A.4): the offset table, then fragments, then the end of the sequence.
Result<Done> DicomWalker::readFragments(PixelLocation& pixels, std::vector<std::string>& notes) {
    bool isOffsetTable = true;
    while (true) {
        if (m_position == m_bytes.size() && !pixels.fragments.empty()) {
            notes.emplace_back("The picture data has no end mark; the file may be cut off.");
            return Done{};
        }
        if (pixels.fragments.size() > m_limits.maxFragments) return tooManyFragments(m_limits.maxFragments);
        if (auto room = needBytes(8); !room.isOk()) return room;
        const TagNumber tag = tagAt(m_position);
        const std::uint32_t length = readU32(m_bytes, m_position + 4, m_order);
        m_position += 8;
        if (tag == kSequenceEnd) return Done{};
        if (tag != kItem) return corrupt("the picture data holds " + tagName(tag) + " where a fragment should be");
        if (length > innermostEnd() - m_position) {
            return corrupt("a fragment of the picture claims " + std::to_string(length) + " bytes but only " +
                           std::to_string(innermostEnd() - m_position) + " are left: the file is cut off or damaged");
        }
        if (isOffsetTable) {
            if (length / 4 > m_limits.maxFragments) return tooManyFragments(m_limits.maxFragments);
            for (std::uint32_t i = 0; i + 4 <= length; i += 4)
                pixels.frameOffsets.push_back(readU32(m_bytes, m_position + i, m_order));
        } else {
            pixels.fragments.push_back(m_bytes.subspan(m_position, length));
        }
        isOffsetTable = false;
        m_position += length;
    }
}

}  // namespace cxr
