#include "core/io/dicom_header.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/oflog/oflog.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <mutex>

#include "core/io/data_set_reading.h"
#include "core/io/dicom_walker.h"
#include "core/io/iso2022_text.h"

namespace cxr {
namespace {

constexpr std::size_t kMaxTextBytes = 64 * 1024;
constexpr std::size_t kMaxTableBytes = 64 << 20;  // a 60xx plane of the largest film takes 8 MB
constexpr std::size_t kMaxShownBytes = 1024;
constexpr std::size_t kMaxLinesBytes = 16 * 1024;
constexpr TagNumber kCharacterSet = 0x00080005;

// Ascending. Sequences: Modality LUT, VOI LUT, View Code.
constexpr auto kWanted = std::to_array<TagNumber>(
    {0x00080005, 0x00080008, 0x00080016, 0x00080018, 0x00080020, 0x00080022, 0x00080030, 0x00080032, 0x00080050,
     0x00080060, 0x00080070, 0x00080080, 0x00081030, 0x0008103E, 0x00081090, 0x00100010, 0x00100020, 0x00100030,
     0x00100040, 0x00101010, 0x00180015, 0x00180060, 0x00181114, 0x00181152, 0x00181153, 0x00181164, 0x00182010,
     0x00185101, 0x0020000D, 0x0020000E, 0x00200020, 0x00200060, 0x00200062, 0x00280002, 0x00280004, 0x00280006,
     0x00280008, 0x00280010, 0x00280011, 0x00280030, 0x00280034, 0x00280100, 0x00280101, 0x00280102, 0x00280103,
     0x00280120, 0x00280121, 0x00280301, 0x00280A02, 0x00280A04, 0x00281050, 0x00281051, 0x00281052, 0x00281053,
     0x00281054, 0x00281055, 0x00281056, 0x00281101, 0x00281102, 0x00281103, 0x00281201, 0x00281202, 0x00281203,
     0x00282110, 0x00282112, 0x00283000, 0x00283010, 0x00540220});
constexpr TagNumber kPresentationLutShape = 0x20500020;

bool isOverlay(TagNumber tag) { return (tag >> 24) == 0x60 && ((tag >> 16) & 1) == 0 && (tag >> 16) <= 0x601E; }

bool isWanted(TagNumber tag) {
    return std::binary_search(kWanted.begin(), kWanted.end(), tag) || tag == kPresentationLutShape || isOverlay(tag);
}

// Private groups may hold anything, bulk data would be copied for nothing.
bool isOfObject(TagNumber tag) {
    const TagNumber group = tag >> 16;
    constexpr TagNumber kDocument = 0x00420011, kWaveforms = 0x5400, kPixels = 0x7FE0;
    return group % 2 == 0 && tag != kDocument && group != kWaveforms && group != kPixels && group >= 0x0008;
}

bool isTable(TagNumber tag) {
    return isOverlay(tag) || (tag >= 0x00281201 && tag <= 0x00281203) || tag == 0x00283000 || tag == 0x00283010;
}

DcmTag toTag(TagNumber tag) { return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)}; }
DcmTagKey toKey(TagNumber tag) { return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)}; }

// The VR of an element written as UN, from the dictionary; empty when that does not help.
std::string vrInDictionary(TagNumber tag) {
    const DcmTag known = toTag(tag);
    const DcmVR vr(known.getVR().getValidEVR());
    const std::string name = vr.getVRName();
    return isKnownVr(name) && name != "SQ" && name != "UN" ? name : std::string();
}

void append16(std::vector<std::uint8_t>& out, std::uint16_t value, ByteOrder order) {
    const auto low = static_cast<std::uint8_t>(value), high = static_cast<std::uint8_t>(value >> 8);
    out.push_back(order == ByteOrder::Little ? low : high);
    out.push_back(order == ByteOrder::Little ? high : low);
}

// An explicit element with a short value, under another VR than it was written with.
void appendAs(std::vector<std::uint8_t>& out, const std::string& vr, const DicomElement& element, Bytes value,
              ByteOrder order) {
    append16(out, static_cast<std::uint16_t>(element.tag >> 16), order);
    append16(out, static_cast<std::uint16_t>(element.tag & 0xFFFF), order);
    out.insert(out.end(), vr.begin(), vr.end());
    append16(out, static_cast<std::uint16_t>(value.size()), order);
    out.insert(out.end(), value.begin(), value.end());
}

// Which elements are parsed: those that films are read from and `more`, or all of an object.
struct Wish {
    std::span<const TagNumber> more;
    bool isWhole = false;
    [[nodiscard]] bool wants(TagNumber tag) const {
        return isWhole ? isOfObject(tag) : isWanted(tag) || std::find(more.begin(), more.end(), tag) != more.end();
    }
    [[nodiscard]] std::size_t mostBytes(TagNumber tag) const { return isWhole || isTable(tag) ? kMaxTableBytes : kMaxTextBytes; }
};

// The wanted elements in ascending order; of repeated ones the first. Some writers do not sort.
std::vector<const DicomElement*> wantedElements(const DicomLayout& layout, const Wish& wish) {
    std::vector<const DicomElement*> wanted;
    for (const DicomElement& element : layout.elements) {
        if (wish.wants(element.tag)) wanted.push_back(&element);
    }
    std::stable_sort(wanted.begin(), wanted.end(), [](const auto* a, const auto* b) { return a->tag < b->tag; });
    const auto isSame = [](const auto* a, const auto* b) { return a->tag == b->tag; };
    wanted.erase(std::unique(wanted.begin(), wanted.end(), isSame), wanted.end());
    return wanted;
}

std::vector<std::uint8_t> wantedBytes(const DicomLayout& layout, const Wish& wish, std::vector<std::string>& notes) {
    std::vector<std::uint8_t> out;
    for (const DicomElement* element : wantedElements(layout, wish)) {
        if (element->length() > wish.mostBytes(element->tag)) {
            notes.push_back("The header value " + tagName(element->tag) + " has " + std::to_string(element->length()) +
                            " bytes and was left out.");
            continue;
        }
        const Bytes whole = layout.dataSet.subspan(element->headerOffset, element->endOffset - element->headerOffset);
        if (!layout.isExplicit || (element->vr != "??" && element->vr != "UN")) {
            out.insert(out.end(), whole.begin(), whole.end());
            continue;
        }
        const std::string vr =
            element->hasUndefinedLength || element->length() >= 0xFFFF ? "" : vrInDictionary(element->tag);
        if (!vr.empty() && !hasLongLength(vr)) {
            appendAs(out, vr, *element, layout.valueOf(*element), layout.order);
        } else {
            notes.push_back("The header value " + tagName(element->tag) + " has no readable type and was left out.");
        }
    }
    return out;
}

bool isAscii(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isUtf8(const std::string& text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int following = lead < 0x80                   ? 0
                              : lead >= 0xC2 && lead < 0xE0 ? 1
                              : lead >= 0xE0 && lead < 0xF0 ? 2
                              : lead >= 0xF0 && lead < 0xF5 ? 3
                                                            : -1;
        if (following < 0 || i + following > text.size()) return false;
        for (int k = 0; k < following; ++k) {
            if ((static_cast<unsigned char>(text[i++]) & 0xC0) != 0x80) return false;
        }
    }
    return true;
}

std::string asciiOnly(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return text;
}

void cutTo(std::string& text, std::size_t most) {
    if (text.size() <= most) return;
    std::size_t cut = most;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    text.resize(cut);
}

// One line for the screen: no control characters, no padding, of bounded length and cut between characters.
std::string presentable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    cutTo(text, kMaxShownBytes);
    text.erase(text.find_last_not_of(' ') + 1);
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

// The same with line breaks, which DICOM writes as CR LF (PS3.5 6.1.3).
std::string presentableLines(const std::string& text) {
    std::string lines;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool isBreak = c == '\n' || c == '\f' || (c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
        if (isBreak) {
            lines += '\n';
        } else if (c != '\r') {
            lines += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
        }
    }
    cutTo(lines, kMaxLinesBytes);
    lines.erase(lines.find_last_not_of(" \n") + 1);
    return lines;
}

std::optional<double> parseNumber(std::string text) {
    text.erase(0, std::min(text.find_first_not_of(" +"), text.size()));
    text.erase(text.find_last_not_of(std::string(" \0", 2)) + 1);
    std::replace(text.begin(), text.end(), ',', '.');
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

}  // namespace

struct DicomHeader::State {
    DcmDataset dataSet;
    DcmSpecificCharacterSet converter;
    std::string charset;
    bool canConvert = false;
    bool hasUndecodedText = false;
    std::vector<std::string> notes;

    // PS3.5 6.1: delimiters reset the code extensions; in names also ^ and =.
    std::string toUtf8(const std::string& raw, bool isName) {
        const bool isPlain = isAscii(raw) && raw.find('\033') == std::string::npos;
        if (isPlain) return raw;
        OFString converted;
        if (canConvert &&
            converter.convertString(OFString(raw.c_str(), raw.size()), converted, isName ? "\\^=" : "\\").good()) {
            std::string text(converted.c_str(), converted.size());
            if (isUtf8(text)) return text;
        }
        if (auto text = decodeIso2022(charset, raw); text && isUtf8(*text)) return *text;
        hasUndecodedText = true;
        return asciiOnly(raw);
    }
};

DicomHeader::DicomHeader(std::unique_ptr<State> state) : m_state(std::move(state)) {}
DicomHeader::DicomHeader(DicomHeader&&) noexcept = default;
DicomHeader& DicomHeader::operator=(DicomHeader&&) noexcept = default;
DicomHeader::~DicomHeader() = default;

// DCMTK writes what it thinks of a file to stderr; our Errors and notes say it in the program's own words.
void silenceDcmtk() {
    static std::once_flag once;
    std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

Result<DicomHeader> DicomHeader::parse(const DicomLayout& layout, std::span<const TagNumber> more) {
    silenceDcmtk();
    auto state = std::make_unique<State>();
    const std::vector<std::uint8_t> bytes = wantedBytes(layout, {more, false}, state->notes);
    return parseBytes(std::move(state), bytes, layout);
}

Result<DicomHeader> DicomHeader::parseObject(const DicomLayout& layout) {
    auto state = std::make_unique<State>();
    const std::vector<std::uint8_t> bytes = wantedBytes(layout, {{}, true}, state->notes);
    return parseBytes(std::move(state), bytes, layout);
}

Result<DicomHeader> DicomHeader::parseBytes(std::unique_ptr<State> state, const std::vector<std::uint8_t>& bytes,
                                            const DicomLayout& layout) {
    const OFCondition read = readDataSet(state->dataSet, bytes, plainCoding(layout));
    if (read.bad() && read != EC_EndOfStream) {
        return Error{ErrorCode::Corrupt, std::string("its header cannot be understood (") + read.text() + ")"};
    }
    OFString charset;
    state->dataSet.findAndGetOFStringArray(toKey(kCharacterSet), charset);
    state->charset.assign(charset.c_str(), charset.size());
    state->canConvert = !charset.empty() && state->converter.selectCharacterSet(charset).good();
    return DicomHeader(std::move(state));
}

DcmItem& DicomHeader::root() const { return m_state->dataSet; }
bool DicomHeader::hasUndecodedText() const { return m_state->hasUndecodedText; }
const std::vector<std::string>& DicomHeader::notes() const { return m_state->notes; }

std::string DicomHeader::textIn(DcmItem& item, TagNumber tag) const {
    DcmElement* element = nullptr;
    OFString raw;
    if (item.findAndGetElement(toKey(tag), element).bad() || element->getOFStringArray(raw).bad()) return {};
    return presentable(m_state->toUtf8(std::string(raw.c_str(), raw.size()), element->ident() == EVR_PN));
}

std::string DicomHeader::linesIn(DcmItem& item, TagNumber tag) const {
    DcmElement* element = nullptr;
    OFString raw;
    if (item.findAndGetElement(toKey(tag), element).bad() || element->getOFStringArray(raw).bad()) return {};
    return presentableLines(m_state->toUtf8(std::string(raw.c_str(), raw.size()), element->ident() == EVR_PN));
}

std::string DicomHeader::text(TagNumber tag) const { return textIn(root(), tag); }

std::vector<std::string> DicomHeader::texts(TagNumber tag) const {
    std::vector<std::string> values;
    const std::string all = text(tag);
    if (all.empty()) return values;
    std::size_t begin = 0;
    while (begin <= all.size()) {
        const std::size_t end = std::min(all.find('\\', begin), all.size());
        values.push_back(presentable(all.substr(begin, end - begin)));
        begin = end + 1;
    }
    return values;
}

std::vector<double> DicomHeader::numbers(TagNumber tag) const {
    std::vector<double> values;
    for (const std::string& text : texts(tag)) {
        if (const auto value = parseNumber(text)) values.push_back(*value);
    }
    return values;
}

std::optional<double> DicomHeader::number(TagNumber tag) const {
    const auto values = numbers(tag);
    return values.empty() ? std::nullopt : std::optional(values.front());
}

std::optional<int> DicomHeader::integer(TagNumber tag) const {
    const auto value = number(tag);
    if (!value || *value < -2147483648.0 || *value > 2147483647.0 || *value != std::floor(*value)) return std::nullopt;
    return static_cast<int>(*value);
}

std::vector<DcmItem*> DicomHeader::items(TagNumber sequence) const {
    std::vector<DcmItem*> found;
    DcmSequenceOfItems* list = nullptr;
    if (root().findAndGetSequence(toKey(sequence), list).bad() || list == nullptr) return found;
    for (unsigned long i = 0; i < list->card(); ++i) found.push_back(list->getItem(i));
    return found;
}

Bytes elementBytes(DcmItem& item, TagNumber tag) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(toKey(tag), element).bad() || element == nullptr) return {};
    Uint16* words = nullptr;
    Uint8* bytes = nullptr;
    const std::size_t length = element->getLength();
    if (element->getUint16Array(words).good() && words != nullptr)
        return {reinterpret_cast<const std::uint8_t*>(words), length};
    if (element->getUint8Array(bytes).good() && bytes != nullptr) return {bytes, length};
    return {};
}

}  // namespace cxr
