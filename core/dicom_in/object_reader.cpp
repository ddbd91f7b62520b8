#include "core/dicom_in/object_reader.h"

#include <dcmtk/dcmdata/dcdict.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/atomic_file.h"

namespace cxr {
namespace {

constexpr std::size_t kMaxNumberBytes = 1 << 20;  // of one element written as text

const char* wordsOf(ObjectKind kind) {
    switch (kind) {
        case ObjectKind::PresentationState:
            return "presentation state";
        case ObjectKind::Segmentation:
            return "segmentation";
        case ObjectKind::EncapsulatedPdf:
            return "encapsulated document";
        case ObjectKind::ParametricMap:
            return "parametric map";
        default:
            return "structured report";
    }
}

bool isReadAs(ObjectKind found, ObjectKind wanted) {
    if (wanted == ObjectKind::Other || found == wanted) return true;
    return wanted == ObjectKind::StructuredReport && found == ObjectKind::KeyObjects;
}

bool parseNumber(std::string_view text, double& value) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

// Binary floats are taken as they are: a polyline's text would be many times as long.
std::optional<std::vector<double>> binaryFloats(DcmElement& element) {
    const unsigned long bytes = element.getLength();
    Float32* singles = nullptr;
    Float64* doubles = nullptr;
    std::vector<double> values;
    if (element.ident() == EVR_FL && element.getFloat32Array(singles).good() && singles != nullptr) {
        values.assign(singles, singles + bytes / sizeof(Float32));
    } else if (element.ident() == EVR_FD && element.getFloat64Array(doubles).good() && doubles != nullptr) {
        values.assign(doubles, doubles + bytes / sizeof(Float64));
    } else {
        return std::nullopt;
    }
    const bool areFinite = std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
    return areFinite ? values : std::vector<double>();
}

}  // namespace

TagNumber numberOf(const DcmTagKey& tag) {
    return static_cast<TagNumber>(tag.getGroup()) << 16 | static_cast<TagNumber>(tag.getElement());
}

Result<ObjectReader> ObjectReader::open(const std::filesystem::path& file, ObjectKind kind) {
    silenceDcmtk();
    if (!dcmDataDict.isDictionaryLoaded())
        return Error{ErrorCode::Internal, "DCMTK's data dictionary is missing; install it or name its place in DCMDICTPATH"};
    Result<std::string> whole = readWholeFile(file, kMaxObjectBytes);
    if (!whole.isOk()) return std::move(whole).error();
    ObjectReader reader;
    reader.m_content = std::make_unique<std::string>(std::move(whole).value());
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(reader.m_content->data()), reader.m_content->size());
    if (!looksLikeDicom(bytes)) return Error{ErrorCode::Unsupported, "it is no DICOM object"};
    Result<DicomLayout> layout = prescanDicomObject(bytes, {});
    if (!layout.isOk()) return std::move(layout).error();
    reader.m_layout = std::move(layout).value();
    const ObjectKind found = objectKindOf(reader.m_layout.text(0x00080016));
    if (!isReadAs(found, kind)) return Error{ErrorCode::Unsupported, std::string("it is no ") + wordsOf(kind)};
    Result<DicomHeader> header = DicomHeader::parseObject(reader.m_layout);
    if (!header.isOk()) return std::move(header).error();
    reader.m_header = std::make_unique<DicomHeader>(std::move(header).value());
    return reader;
}

std::string ObjectReader::text(DcmItem& item, const DcmTagKey& tag) const {
    return m_header->textIn(item, numberOf(tag));
}
std::string ObjectReader::lines(DcmItem& item, const DcmTagKey& tag) const {
    return m_header->linesIn(item, numberOf(tag));
}

std::vector<double> ObjectReader::numbers(DcmItem& item, const DcmTagKey& tag) const {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element == nullptr) return {};
    if (auto floats = binaryFloats(*element)) return *std::move(floats);
    if (element->getLength() > kMaxNumberBytes) return {};
    OFString all;
    if (element->getOFStringArray(all).bad()) return {};
    std::vector<double> values;
    std::string_view rest(all.c_str(), all.size());
    if (rest.empty()) return {};
    for (bool isLast = false; !isLast;) {
        const std::size_t end = rest.find('\\');
        isLast = end == std::string_view::npos;
        double value = 0;
        if (!parseNumber(rest.substr(0, end), value)) return {};
        values.push_back(value);
        if (!isLast) rest.remove_prefix(end + 1);
    }
    return values;
}

std::optional<double> ObjectReader::number(DcmItem& item, const DcmTagKey& tag) const {
    const auto values = numbers(item, tag);
    return values.empty() ? std::nullopt : std::optional(values.front());
}

std::optional<int> ObjectReader::integer(DcmItem& item, const DcmTagKey& tag) const {
    const auto value = number(item, tag);
    if (!value || std::abs(*value) > 2147483647.0 || *value != std::floor(*value)) return std::nullopt;
    return static_cast<int>(*value);
}

std::vector<DcmItem*> ObjectReader::items(DcmItem& item, const DcmTagKey& sequence) const {
    std::vector<DcmItem*> found;
    DcmSequenceOfItems* list = nullptr;
    if (item.findAndGetSequence(sequence, list).bad() || list == nullptr) return found;
    // nextObject walks the list; getItem(i) would begin anew for each
    for (DcmObject* one = list->nextInContainer(nullptr); one != nullptr && found.size() < kMaxItems; one = list->nextInContainer(one))
        found.push_back(static_cast<DcmItem*>(one));
    return found;
}

DcmItem* ObjectReader::firstItem(DcmItem& item, const DcmTagKey& sequence) const {
    DcmItem* found = nullptr;
    return item.findAndGetSequenceItem(sequence, found).good() ? found : nullptr;
}

std::string ObjectReader::meaning(DcmItem& item, const DcmTagKey& sequence) const {
    DcmItem* code = firstItem(item, sequence);
    if (code == nullptr) return {};
    const std::string words = text(*code, DCM_CodeMeaning);
    return words.empty() ? text(*code, DCM_CodeValue) : words;
}

std::vector<std::string> ObjectReader::references(DcmItem& item, const DcmTagKey& sequence) const {
    std::vector<std::string> found;
    for (DcmItem* one : items(item, sequence)) {
        const std::string uid = text(*one, DCM_ReferencedSOPInstanceUID);
        if (!uid.empty()) found.push_back(uid);
        for (const DcmTagKey& inner : {DCM_ReferencedImageSequence, DCM_ReferencedInstanceSequence, DCM_ReferencedSOPSequence}) {
            const auto deeper = references(*one, inner);
            found.insert(found.end(), deeper.begin(), deeper.end());
        }
    }
    return found;
}

}  // namespace cxr
