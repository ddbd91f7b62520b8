// Outputs that are no finding but a trait of film or patient: networks learn them beside the diseases because it helps
// them (core/dataset/fact_classes.h). Only the view is ever shown. Pure functions; thread-safe.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>

#include "core/model/manifest.h"

namespace cxr {

// "AP", "PA", "Frontal", "Lateral", "Male", "Female", "No_Finding", "AgeOver65".
inline bool isTrait(const std::string& outputName) {
    static constexpr const char* kTraits[] = {"AP", "PA", "Frontal", "Lateral", "Male", "Female", "No_Finding"};
    if (outputName.starts_with("AgeOver")) return true;
    return std::any_of(std::begin(kTraits), std::end(kTraits), [&](const char* trait) { return outputName == trait; });
}

// A finding that may be shown: no trait, and not marked as auxiliary by its pack.
inline bool isFinding(const ModelOutput& output) { return !output.isAuxiliary && !isTrait(output.name); }

}  // namespace cxr
