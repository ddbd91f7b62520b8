// What tests of an explanation found, as plain values for a checklist, a tooltip and a report; core/pipeline/sanity.h
// runs the tests. Plain values; any thread.
#pragma once

#include <string>
#include <vector>

namespace cxr {

enum class SanityVerdict { Passed, Doubtful, Failed, Informs, NotRun };
// "passed", "doubtful", "failed", "for information", "not run".
const char* toString(SanityVerdict verdict);

struct SanityCurve {
    std::string name;                  // "deletion", "insertion", "deletion in random order", ...
    std::vector<double> share, value;  // share of cells changed; calibrated probability
};

struct SanityCheck {
    std::string id;    // "random-weights", "flip", "shift", "agreement", "deletion", "insertion", "outside-heart"
    std::string name;  // for people: "Random weights"
    std::string value; // "rank correlation 0.12"
    double number = 0; // the same as a number; NaN if not run
    SanityVerdict verdict = SanityVerdict::NotRun;
    std::string sentence;  // what this value means for this map
    std::string meaning;   // what the test does and where it comes from: a tooltip
    std::vector<SanityCurve> curves = {};
};

}  // namespace cxr
