// Who, when, which side, which view, how large: what the header says about a film beside its pixels.
// Nothing is guessed: what the header does not say stays unknown.   DICOM PS3.3 C.7, C.8.7.1, C.8.11, 10.7.1.3
// Thread-safe on different headers.
#pragma once

#include "core/image/image.h"
#include "core/io/dicom_header.h"

namespace cxr {

// Fills patient, study, view, laterality, rowDirection, columnDirection and spacing; adds notes.
void fillFacts(const DicomHeader& header, Image& image);

// An annotated picture that this program wrote (core/dicom_out, Secondary Capture): no film, outlines are drawn in it.
bool isOwnPicture(const StudyFacts& facts);

// "Roe^Jane^M=..." -> "Roe, Jane M"; an ideographic group follows in brackets, or stands alone where there is no other.
std::string personName(const std::string& name);

// "19490308" or ACR-NEMA's "1949.03.08" -> "1949-03-08"; "112207.25" -> "11:22:07"; anything else (no month 13, no "08.03.1949") stays as written.
std::string isoDate(const std::string& date);
std::string isoTime(const std::string& time);

}  // namespace cxr
