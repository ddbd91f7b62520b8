// What a user chooses for de-identification. DICOM PS3.15 annex E.2 (basic profile) and E.3 (options). Plain values; thread-safe.
#pragma once

namespace cxr {

enum class DateHandling {
    Remove,  // basic profile
    Modify,  // days are moved by a number that is the same for all objects of a patient; times of day stay (E.3.6)
    Keep,    // full dates (E.3.6)
};

// Nothing set: the basic profile alone.
struct DeidentifyOptions {
    DateHandling dates = DateHandling::Remove;
    bool cleanDescriptors = false;     // E.3.5: descriptions keep harmless words instead of being removed
    bool cleanContent = false;         // E.3.4: reports keep their tree, numbers and known codes; else one dummy takes its place
    bool retainUids = false;           // E.3.9
    bool retainPatient = false;        // E.3.7: sex, age, size, weight, ...
    bool retainDevice = false;         // E.3.8
    bool retainInstitution = false;    // E.3.11
    bool operator==(const DeidentifyOptions&) const = default;
};

}  // namespace cxr
