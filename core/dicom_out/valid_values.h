// What of a film's header is no valid DICOM, and what becomes of it before results copy it.   DICOM PS3.5 6.2, PS3.3 C.7.1, C.7.2
//   kept      whose and which: name, ID and its issuer, accession number, Study ID and UID, whatever they look like: archives
//             file objects by them
//   rewritten dates and times in the form of ACR-NEMA, which readers must accept and writers must not use: 2021.03.04 -> 20210304
//   left out  other values that are not valid: an age of "81" without its unit, a sex of "female", a code without its scheme.
//             An archive may refuse an object for them; a value of our own would be invented
// Pure function of the item; thread-safe for different items. Inner header of core/dicom_out.
#pragma once

#include <string>
#include <vector>

class DcmItem;

namespace cxr {

// Changes the copied attributes of `header`. One sentence for each that was left out; no value is told.
std::vector<std::string> leaveOutInvalid(DcmItem& header);

}  // namespace cxr
