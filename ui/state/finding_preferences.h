// How the user wants the networks' findings shown. Plain values.
#pragma once

#include <map>
#include <string>

#include "core/measure/finding.h"

namespace cxr::ui {

enum class DiseaseOrder { Probability, Name };

struct FindingPreferences {
    DiseaseOrder order = DiseaseOrder::Probability;
    std::string operatingPoint = kDefaultPoint;
    std::map<std::string, double> prevalences;  // (0, 1), by the finding's name; else the share on the card's films
    bool operator==(const FindingPreferences&) const = default;
};

}  // namespace cxr::ui
