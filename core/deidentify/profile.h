// The rule table of de-identification: one row for each attribute of DICOM PS3.15 Table E.1-1, read from profile.csv, which
// is compiled in. What a row means for given options is worked out here; who carries it out is header_cleaner.h.
//   combined actions (X/Z, Z/D, X/D, X/Z/D, X/Z/U*): the first one that the object allows. For CR, DX and SC films the
//   type of each such attribute is in the table; elsewhere, and inside sequences, the last one is taken, which is valid
//   whatever the type is.
// Immutable after start; thread-safe.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/deidentify/options.h"
#include "core/io/dicom_prescan.h"

namespace cxr {

enum class DeidentifyAction { Dummy, Empty, Remove, Keep, Clean, MapUid };

struct ProfileRule {
    // Columns of the table behind "basic".
    enum Column { Uids, Device, Institution, Patient, FullDates, ModifiedDates, Descriptors, StructuredContent, Graphics, kColumns };

    TagNumber tag = 0;             // digits that may be any are 0
    TagNumber mask = 0xFFFFFFFF;   // bits that must be equal
    std::string keyword, vr, basic;
    std::array<char, kColumns> options{};  // 'K', 'C' or 0
    char filmType = '3';                   // '1', '2' or '3'

    // `isFilmLevel`: a top-level attribute of a CR, DX or SC film. C beats K where two chosen options disagree.
    [[nodiscard]] DeidentifyAction actionFor(const DeidentifyOptions& chosen, bool isFilmLevel) const;
};

inline constexpr const char* kProfileEdition = "DICOM PS3.15 2023b";

const std::vector<ProfileRule>& profileRules();         // in the order of profile.csv
const ProfileRule* findProfileRule(TagNumber tag);      // null: the table does not name it

}  // namespace cxr
