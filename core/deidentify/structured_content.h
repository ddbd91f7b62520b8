// What of a structured report's content may stay when it is cleaned: the form of the tree, codes of known schemes, numbers,
// places, references; of texts the harmless words.   DICOM PS3.15 E.3.4 (Clean Structured Content), PS3.3 C.17.3
//   codes   DCM, SCT, SRT, UCUM, LOINC, UMLS, RadLex, languages, countries and this program's own, each by the form of its values; meanings are texts
//   items   one whose concept, code or unit is of another scheme, or that says who the patient is, becomes a comment
//           "REMOVED" in its place, so that references by position stay true; sex, age, size and weight stay if patient
//           characteristics are kept
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "core/io/dicom_prescan.h"

class DcmItem;

namespace cxr {

// A code whose scheme is known and whose value has that scheme's form.
bool isKnownCode(DcmItem& code);
bool mayStayInReport(DcmItem& contentItem, bool retainPatient);
// Makes a content item a comment without meaning; its relationship stays.
void makePlaceholder(DcmItem& contentItem);
// The words of a report's text or of a code's meaning that name nobody, space between; may be empty.
std::string harmlessReportWords(std::string_view text);
// Attributes that carry the form of a report (value types, relationships, graphic types, templates): whether this value is one
// of the standard's terms. Other attributes: false.
bool isTermOfForm(TagNumber tag, std::string_view value);

}  // namespace cxr
