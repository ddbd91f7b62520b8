// A structured report (or key object selection) as lines for people: the content tree, depth first.
//   No template is asked for and nothing is refused for breaking one: what an item says is shown as it says it.
//   limits   kMaxReportLines lines, texts of 16 KiB; what is left out is counted   DICOM PS3.3 C.17.3, C.18
// Thread-safe; call from a worker. Lines are plain text: who shows them as HTML must escape them.
#pragma once

#include "core/dicom_in/object_facts.h"

namespace cxr {

inline constexpr std::size_t kMaxReportLines = 5000;
inline constexpr std::size_t kMaxReportBytes = 4 << 20;  // of reportText()

struct ReportLine {
    int depth = 0;  // 0 below the root
    bool isHeading = false;
    std::string name;   // of the concept; empty: none
    std::string value;  // may have line breaks; empty for headings
};

struct StructuredReport {
    ObjectFacts facts;
    std::string title;
    std::string state;  // "COMPLETE, UNVERIFIED"
    std::vector<ReportLine> lines;
    std::size_t leftOut = 0;  // lines beyond the limit
};

// fails as readObjectFacts; Unsupported (no report)
Result<StructuredReport> readStructuredReport(const std::filesystem::path& file);

// Indented plain text; lines beyond kMaxReportBytes are counted at its end.
std::string reportText(const StructuredReport& report);

}  // namespace cxr
