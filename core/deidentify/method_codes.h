// What was done, as De-identification Method Code Sequence (0012,0064) says it: codes of DICOM PS3.16 CID 7050. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/deidentify/options.h"

namespace cxr {

struct MethodCode {
    const char* value;    // of the scheme DCM
    const char* meaning;  // 64 characters at most
};

// The basic profile first, then each option in the order of its code.
std::vector<MethodCode> methodCodes(const DeidentifyOptions& options, bool arePixelsCleaned);

// De-identification Method (0012,0063): texts of 64 characters at most.
std::vector<std::string> methodTexts(const DeidentifyOptions& options, bool arePixelsCleaned, bool areBoxesConfirmed);

// Longitudinal Temporal Information Modified (0028,0303): REMOVED, MODIFIED or UNMODIFIED.
const char* longitudinalInformation(DateHandling dates);

}  // namespace cxr
