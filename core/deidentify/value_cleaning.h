// What stands in the place of a value: dummies for each value representation, moved dates, texts of harmless words only.
// DICOM PS3.5 section 6.2 (value representations). Pure functions; thread-safe.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace cxr {

// A value that is valid for the VR and says nothing; empty for sequences and binary ones.
std::string dummyText(std::string_view vr);

bool isTextVr(std::string_view vr);   // AE CS LO LT PN SH ST UC UR UT
bool isDateVr(std::string_view vr);   // DA DT TM

// DA ("20240131", "2024.01.31") or DT moved by `days`; several values keep their backslashes. A time of day comes back as it is.
// nullopt: no such day, only part of one, or not readable.
std::optional<std::string> movedDate(std::string_view vr, const std::string& value, int days);

// The words of `text` that stand in safe_words.txt and numbers of one or two digits, in their order; may be empty.
// `more`: words that are harmless here, too, in capitals.
using Words = std::set<std::string, std::less<>>;
std::string harmlessWords(std::string_view text, const Words& more = {});
std::string upperCase(std::string_view text);  // ASCII letters only
bool isHarmlessWord(std::string_view word);

// A code that a coding scheme of the standard can have given: the scheme is known and the value has its form.
bool isStandardCode(std::string_view scheme, std::string_view value);

}  // namespace cxr
