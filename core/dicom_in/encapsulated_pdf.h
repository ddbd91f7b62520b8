// Encapsulated PDF: the document as bytes; a viewer of PDF shows its pages.   DICOM PS3.3 A.45.1, C.24.2
// Thread-safe; call from a worker.
#pragma once

#include "core/dicom_in/object_facts.h"

namespace cxr {

struct EncapsulatedPdf {
    ObjectFacts facts;
    std::string title;
    std::vector<std::uint8_t> bytes;  // begins with %PDF
};

// fails as readObjectFacts; Corrupt (no document inside), Unsupported (another kind of document)
Result<EncapsulatedPdf> readEncapsulatedPdf(const std::filesystem::path& file);

}  // namespace cxr
