// What about the film itself makes a cardiothoracic ratio doubtful: only a PA chest film of an adult, with known spacing,
// is unqualified. How its pixels were coded, core/io says in Image::notes. Pure function; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/image/image.h"

namespace cxr {

inline constexpr double kAdultYears = 16;

// The header's modality is one that chest films never have: CT, MR, ultrasound, mammography and the like.   DICOM PS3.3 C.7.3.1.1.1
bool isOtherModality(const StudyFacts& study);

// One sentence per doubt.
std::vector<std::string> filmNotes(const Image& image);

// DICOM AS ("063Y", "018M", "003W", "010D") in years; else from birth date and study date (ISO 8601); nullopt if
// unknown.
std::optional<double> ageYears(const Image& image);

}  // namespace cxr
