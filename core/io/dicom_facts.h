// Who, when, which side, which view, how large: what the header says about a film beside its pixels.
// Nothing is guessed: what the header does not say stays unknown.   DICOM PS3.3 C.7, C.8.7.1, C.8.11, 10.7.1.3
// Thread-safe on different headers.
#pragma once

#include "core/image/image.h"
#include "core/io/dicom_header.h"

namespace cxr {

// Fills patient, study, view, laterality, rowDirection, columnDirection and spacing; adds notes.
void fillFacts(const DicomHeader& header, Image& image);

}  // namespace cxr
