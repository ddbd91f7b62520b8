#include "core/dicom_in/structured_report.h"

#include <algorithm>

#include "core/dicom_in/object_reader.h"

namespace cxr {
namespace {

// "1012.5, 844; 1320, 844": places on the picture, as far as they are short.
std::string coordinatesText(const ObjectReader& read, DcmItem& item) {
    const auto values = read.numbers(item, DCM_GraphicData);
    std::string text = read.text(item, DCM_GraphicType);
    constexpr std::size_t kMostShown = 8;
    if (values.empty() || values.size() > kMostShown)
        return text + " of " + std::to_string(values.size() / 2) + " points";
    for (std::size_t i = 0; i < values.size(); ++i) {
        char number[32];
        std::snprintf(number, sizeof number, "%.6g", values[i]);
        text += (i == 0 ? " " : i % 2 == 0 ? "; " : ", ") + std::string(number);
    }
    return text;
}

std::string referenceText(const ObjectReader& read, DcmItem& item) {
    const auto uids = read.references(item, DCM_ReferencedSOPSequence);
    return uids.empty() ? "object" : "object " + uids.front();
}

std::string numberText(const ObjectReader& read, DcmItem& item) {
    DcmItem* value = read.firstItem(item, DCM_MeasuredValueSequence);
    if (value == nullptr) return "no value" + (read.meaning(item, DCM_NumericValueQualifierCodeSequence).empty()
                                                   ? std::string()
                                                   : " (" + read.meaning(item, DCM_NumericValueQualifierCodeSequence) + ")");
    const std::string unit = read.meaning(*value, DCM_MeasurementUnitsCodeSequence);
    return read.text(*value, DCM_NumericValue) + (unit.empty() || unit == "no units" ? "" : " " + unit);
}

std::string valueText(const ObjectReader& read, DcmItem& item, const std::string& type) {
    if (type == "TEXT") return read.lines(item, DCM_TextValue);
    if (type == "CODE") return read.meaning(item, DCM_ConceptCodeSequence);
    if (type == "NUM") return numberText(read, item);
    if (type == "PNAME") return read.text(item, DCM_PersonName);
    if (type == "DATE") return read.text(item, DCM_Date);
    if (type == "TIME") return read.text(item, DCM_Time);
    if (type == "DATETIME") return read.text(item, DCM_DateTime);
    if (type == "UIDREF") return read.text(item, DCM_UID);
    if (type == "SCOORD" || type == "SCOORD3D") return coordinatesText(read, item);
    if (type == "IMAGE" || type == "COMPOSITE" || type == "WAVEFORM") return referenceText(read, item);
    return type.empty() ? "refers to another line" : type;
}

struct Open {
    DcmItem* item;
    int depth;
};

// Depth first without recursion.
void addLines(const ObjectReader& read, StructuredReport& report) {
    std::vector<Open> open;
    const auto push = [&](DcmItem& parent, int depth) {
        const auto children = read.items(parent, DCM_ContentSequence);
        for (auto child = children.rbegin(); child != children.rend(); ++child) open.push_back({*child, depth});
    };
    push(read.root(), 0);
    while (!open.empty()) {
        const Open next = open.back();
        open.pop_back();
        push(*next.item, next.depth + 1);
        if (report.lines.size() >= kMaxReportLines) {
            ++report.leftOut;
            continue;
        }
        const std::string type = read.text(*next.item, DCM_ValueType);
        const bool isHeading = type == "CONTAINER";
        report.lines.push_back({next.depth, isHeading, read.meaning(*next.item, DCM_ConceptNameCodeSequence),
                                isHeading ? std::string() : valueText(read, *next.item, type)});
    }
}

// The lines behind the first, moved to the right.
std::string indented(const std::string& value, const std::string& indent) {
    std::string text;
    for (const char c : value) {
        text += c;
        if (c == '\n') text += indent;
    }
    return text;
}

}  // namespace

Result<StructuredReport> readStructuredReport(const std::filesystem::path& file) {
    const Result<ObjectReader> opened = ObjectReader::open(file, ObjectKind::StructuredReport);
    if (!opened.isOk()) return opened.error();
    const ObjectReader& read = opened.value();
    StructuredReport report;
    report.facts = read.facts();
    report.title = read.meaning(read.root(), DCM_ConceptNameCodeSequence);
    const std::string complete = read.text(read.root(), DCM_CompletionFlag), verified = read.text(read.root(), DCM_VerificationFlag);
    report.state = complete + (complete.empty() || verified.empty() ? "" : ", ") + verified;
    addLines(read, report);
    return report;
}

std::string reportText(const StructuredReport& report) {
    std::string text = report.title.empty() ? "Report" : report.title;
    if (!report.state.empty()) text += " (" + report.state + ")";
    text += "\n";
    std::size_t shown = 0;
    for (const ReportLine& line : report.lines) {
        if (text.size() > kMaxReportBytes) break;
        const std::string indent(static_cast<std::size_t>(std::min(line.depth, 32)) * 2 + 2, ' ');
        const std::string between = line.name.empty() || line.value.empty() ? "" : ": ";
        text += indent + line.name + between + indented(line.value, indent + "  ") + "\n";
        ++shown;
    }
    const std::size_t leftOut = report.leftOut + report.lines.size() - shown;
    if (leftOut > 0) text += "  and " + std::to_string(leftOut) + " more lines\n";
    return text;
}

}  // namespace cxr
