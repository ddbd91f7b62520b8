// What a filter says to a server, and what a server's texts say to us. Inner header of core/pacs.
//   character set  ASCII needs none; what fits Latin 1 is sent as ISO_IR 100, everything else as ISO_IR 192 (UTF-8);
//                  answers are decoded by their own Specific Character Set   DICOM PS3.3 C.12.1.1.2
// Pure functions; thread-safe.
#pragma once

#include <string>

#include "core/pacs/pacs.h"

namespace cxr {

// "Ro" -> "Ro*", "Roe, Jane" -> "Roe^Jane*"; with * or ? as it is; empty stays empty.
std::string namePattern(const std::string& name);
// "20260101-20261231", "20260101-", "-20261231", or one day; empty: any.
std::string dateRange(const std::string& from, const std::string& to);
// What is wrong with the filter, one sentence; empty = nothing.
std::string problemOf(const StudyFilter& filter);
std::string problemOf(const WorklistFilter& filter);
// Digits and dots only, at most 64: may stand in an address or an identifier.
bool isUid(const std::string& uid);

struct CodedText {
    std::string characterSet;  // "", "ISO_IR 100" or "ISO_IR 192"
    std::string bytes;
};
CodedText encodeText(const std::string& utf8);
// One line without control characters, UTF-8 whatever comes in.
std::string oneLine(const std::string& text);

}  // namespace cxr
