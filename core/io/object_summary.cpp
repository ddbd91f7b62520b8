#include "core/io/object_summary.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>

#include "core/base/atomic_file.h"
#include "core/io/dicom_header.h"
#include "core/io/data_set_reading.h"
#include "core/io/dicom_prescan.h"
#include "core/io/dicom_walker.h"
#include "core/io/object_kind.h"

namespace cxr {
namespace {

constexpr std::int64_t kMaxObjectBytes = 64LL << 20;
constexpr std::size_t kMaxLines = 60;  // of content
constexpr std::size_t kMaxLineBytes = 300;

using Facts = std::vector<NamedFact>;

// Reads texts of nested items as the film's header is read: character set, control characters.
class Reader {
  public:
    Reader(DcmItem& root, Facts& facts) : m_root(root), m_facts(facts) {
        OFString charset;
        m_root.findAndGetOFStringArray(DCM_SpecificCharacterSet, charset);
        m_canConvert = m_converter.selectCharacterSet(charset).good();
    }

    std::string text(DcmItem& item, const DcmTagKey& tag) {
        OFString raw, converted;
        if (item.findAndGetOFStringArray(tag, raw).bad()) return {};
        if (m_canConvert && m_converter.convertString(raw, converted, "\\^=").good()) raw = converted;
        std::string clean(raw.c_str(), std::min(raw.size(), kMaxLineBytes));
        for (char& c : clean) {
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
        }
        clean.erase(clean.find_last_not_of(' ') + 1);
        return clean;
    }
    std::string text(const DcmTagKey& tag) { return text(m_root, tag); }
    std::string meaning(DcmItem& item, const DcmTagKey& sequence) {
        DcmItem* code = nullptr;
        return item.findAndGetSequenceItem(sequence, code).good() && code != nullptr ? text(*code, DCM_CodeMeaning)
                                                                                     : std::string();
    }
    std::vector<DcmItem*> items(DcmItem& item, const DcmTagKey& sequence) const {
        std::vector<DcmItem*> found;
        DcmSequenceOfItems* list = nullptr;
        if (item.findAndGetSequence(sequence, list).bad() || list == nullptr) return found;
        for (unsigned long i = 0; i < list->card(); ++i) found.push_back(list->getItem(i));
        return found;
    }
    void add(const char* key, const char* label, const std::string& value) {
        if (!value.empty()) m_facts.push_back({key, label, value});
    }
    DcmItem& root() { return m_root; }

  private:
    DcmItem& m_root;
    Facts& m_facts;
    DcmSpecificCharacterSet m_converter;
    bool m_canConvert = false;
};

// "Cardiothoracic ratio: 0.46", "Finding: Cardiomegaly"; empty for containers, references and coordinates.
std::string lineOf(Reader& read, DcmItem& item) {
    const std::string name = read.meaning(item, DCM_ConceptNameCodeSequence), type = read.text(item, DCM_ValueType);
    if (type == "CODE") return name + ": " + read.meaning(item, DCM_ConceptCodeSequence);
    if (type == "TEXT") return name + ": " + read.text(item, DCM_TextValue);
    if (type != "NUM") return {};
    DcmItem* value = nullptr;
    if (item.findAndGetSequenceItem(DCM_MeasuredValueSequence, value).bad() || value == nullptr) return {};
    const std::string unit = read.meaning(*value, DCM_MeasurementUnitsCodeSequence);
    return name + ": " + read.text(*value, DCM_NumericValue) + (unit == "no units" ? "" : " " + unit);
}

// Depth first without recursion: the prescan allows 64 levels.
void addReport(Reader& read) {
    read.add("document_title", "Title", read.meaning(read.root(), DCM_ConceptNameCodeSequence));
    read.add("completion", "State", read.text(DCM_CompletionFlag) + ", " + read.text(DCM_VerificationFlag));
    std::vector<DcmItem*> open = read.items(read.root(), DCM_ContentSequence);
    std::reverse(open.begin(), open.end());
    std::size_t lines = 0, more = 0;
    while (!open.empty()) {
        DcmItem& item = *open.back();
        open.pop_back();
        const std::string line = lineOf(read, item);
        if (!line.empty() && lines < kMaxLines) {
            read.add("content", "Content", line);
            ++lines;
        } else if (!line.empty()) {
            ++more;
        }
        std::vector<DcmItem*> inner = read.items(item, DCM_ContentSequence);
        open.insert(open.end(), inner.rbegin(), inner.rend());
    }
    if (more > 0) read.add("content", "Content", "and " + std::to_string(more) + " more lines");
}

void addSegments(Reader& read) {
    for (DcmItem* segment : read.items(read.root(), DCM_SegmentSequence)) {
        const std::string name = read.text(*segment, DCM_SegmentAlgorithmName);
        read.add("segment", "Segment",
                 read.text(*segment, DCM_SegmentLabel) + " (" + read.text(*segment, DCM_SegmentAlgorithmType) +
                     (name.empty() ? "" : ", " + name) + ")");
    }
    read.add(
        "size", "Size",
        read.text(DCM_Columns) + " x " + read.text(DCM_Rows) + " px, " + read.text(DCM_NumberOfFrames) + " frames");
}

void addMap(Reader& read) {
    read.add(
        "size", "Size",
        read.text(DCM_Columns) + " x " + read.text(DCM_Rows) + " px, " + read.text(DCM_NumberOfFrames) + " frames");
    read.add("comment", "Comment", read.text(DCM_ImageComments));
}

void addPresentation(Reader& read) {
    std::size_t drawings = 0;
    for (DcmItem* annotation : read.items(read.root(), DCM_GraphicAnnotationSequence)) {
        drawings += read.items(*annotation, DCM_GraphicObjectSequence).size();
        for (DcmItem* words : read.items(*annotation, DCM_TextObjectSequence))
            read.add("text", "Text", read.text(*words, DCM_UnformattedTextValue));
    }
    read.add("drawings", "Drawings", std::to_string(drawings));
    DcmItem* window = nullptr;
    if (read.root().findAndGetSequenceItem(DCM_SoftcopyVOILUTSequence, window).good() && window != nullptr)
        read.add("window", "Window",
                 "centre " + read.text(*window, DCM_WindowCenter) + ", width " + read.text(*window, DCM_WindowWidth));
}

void addContent(Reader& read, const std::string& kind) {
    if (kind == "a structured report" || kind == "a key object selection") return addReport(read);
    if (kind == "a segmentation") return addSegments(read);
    if (kind == "a parametric map") return addMap(read);
    if (kind == "a presentation state") return addPresentation(read);
    read.add("document_title", "Title", read.text(DCM_DocumentTitle));
    read.add("media_type", "Document type", read.text(DCM_MIMETypeOfEncapsulatedDocument));
}

// The film or films that it is about, from wherever the object keeps its references.
void addReferences(Reader& read) {
    std::vector<DcmItem*> series = read.items(read.root(), DCM_ReferencedSeriesSequence);
    for (DcmItem* study : read.items(read.root(), DCM_CurrentRequestedProcedureEvidenceSequence)) {
        for (DcmItem* one : read.items(*study, DCM_ReferencedSeriesSequence)) series.push_back(one);
    }
    std::vector<DcmItem*> instances = read.items(read.root(), DCM_SourceInstanceSequence);
    for (DcmItem* one : series) {
        for (const DcmTagKey& tag :
             {DCM_ReferencedInstanceSequence, DCM_ReferencedImageSequence, DCM_ReferencedSOPSequence}) {
            const auto found = read.items(*one, tag);
            instances.insert(instances.end(), found.begin(), found.end());
        }
    }
    if (instances.size() == 1)
        read.add("refers_to", "About the image", read.text(*instances.front(), DCM_ReferencedSOPInstanceUID));
    if (instances.size() > 1) read.add("refers_to", "About", std::to_string(instances.size()) + " images");
}

Facts factsOf(DcmItem& root, const std::string& kind, const std::string& sopClass) {
    Facts facts;
    Reader read(root, facts);
    const char* name = dcmFindNameOfUID(sopClass.c_str());
    read.add("kind", "Kind",
             kind.substr(kind.find(' ') + 1) + ", no film" + (name != nullptr ? std::string(" (") + name + ")" : ""));
    read.add("patient_name", "Patient", read.text(DCM_PatientName));
    read.add("patient_id", "Patient ID", read.text(DCM_PatientID));
    read.add("study_date", "Study date", read.text(DCM_StudyDate));
    read.add("study_description", "Study", read.text(DCM_StudyDescription));
    read.add("series_description", "Series", read.text(DCM_SeriesDescription));
    read.add("manufacturer", "Made by", read.text(DCM_Manufacturer));
    read.add("created", "Created", read.text(DCM_ContentDate) + read.text(DCM_PresentationCreationDate));
    read.add("sop_instance_uid", "Instance", read.text(DCM_SOPInstanceUID));
    addReferences(read);
    addContent(read, kind);
    return facts;
}

}  // namespace

Result<std::optional<Facts>> describeObject(const std::filesystem::path& file) {
    silenceDcmtk();
    std::error_code code;
    const auto size = std::filesystem::file_size(file, code);
    if (code || static_cast<std::int64_t>(size) > kMaxObjectBytes) return std::optional<Facts>();
    const Result<std::string> whole = readWholeFile(file, kMaxObjectBytes);
    if (!whole.isOk()) return whole.error();
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(whole.value().data()), whole.value().size());
    if (!looksLikeDicom(bytes)) return std::optional<Facts>();
    const Result<DicomLayout> scanned = prescanDicomObject(bytes, {});
    if (!scanned.isOk()) return scanned.error();
    const DicomLayout& layout = scanned.value();
    if (!isReadAlike(layout)) return Error{ErrorCode::Corrupt, "it holds values of no known type"};
    const std::string sopClass = layout.text(0x00080016), kind = objectWords(sopClass);
    // Of other objects only documents say something.
    const bool isDescribed = objectKindOf(sopClass) != ObjectKind::Other || kind == "an encapsulated document";
    if (kind.empty() || !isDescribed) return std::optional<Facts>();
    // Nothing behind the pixels has been measured, so nothing behind them is parsed.
    const std::size_t end = layout.pixels.element.tag != 0 ? layout.pixels.element.headerOffset : layout.dataSet.size();
    DcmDataset dataset;
    const OFCondition read = readDataSet(dataset, layout.dataSet.first(end), plainCoding(layout));
    if (read.bad() && read != EC_EndOfStream)
        return Error{ErrorCode::Corrupt, std::string("it cannot be understood (") + read.text() + ")"};
    return std::optional<Facts>(factsOf(dataset, kind, sopClass));
}

}  // namespace cxr
