// Outputs that are no finding but a trait of film or patient: networks learn them beside the diseases because it helps
// them (core/dataset/fact_classes.h). Only the view is ever shown. Pure function; thread-safe.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>

namespace cxr {

// "AP", "PA", "Frontal", "Lateral", "Male", "Female", "No_Finding", "AgeOver65".
inline bool isTrait(const std::string& outputName) {
    static constexpr const char* kTraits[] = {"AP", "PA", "Frontal", "Lateral", "Male", "Female", "No_Finding"};
    if (outputName.starts_with("AgeOver")) return true;
    return std::any_of(std::begin(kTraits), std::end(kTraits), [&](const char* trait) { return outputName == trait; });
}

}  // namespace cxr
