// What networks said about the film, as rows that HTML and PDF print alike. Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/report/report.h"

namespace cxr {

// How common the finding is: as the report's reader set it, else on the card's films; nullopt if neither is known.
std::optional<double> prevalenceOf(const Report& report, const FindingProbability& finding);

struct FindingRow {
    std::string label;       // "Pleural thickening"
    std::string probability; // "4.2 %", with ", not calibrated" where that is so
    std::string decision;    // "at or above 3.1 % (90 % specificity)"
    std::string auc;         // "AUC 0.74 (0.70 to 0.78)"
    std::string predictive;  // "31 % of such positives have it, at a prevalence of 5.0 %"; may be empty
    // The parts of decision and predictive value, for narrow tables: "at or above 3.1 %", "90 % specificity", "31 % of such
    // positives have it", "5.0 %"; may be empty but for the first.
    std::string limit, point, predicts, prevalence;
    std::string predictsShort;  // "PPV 31 %" or "NPV 98 %"; may be empty
    bool isPositive = false;
};
// The diseases by falling probability; empty if no pack judged them.
std::vector<FindingRow> diseaseRows(const Report& report);
// "Probabilities by <network>; none is a diagnosis." Empty as diseaseRows.
std::string diseaseStatement(const Report& report);

// "Ratio  0.57: enlarged", ... ; empty if there is the ratio only.
std::vector<NamedValue> cardiomegalyValues(const Report& report);
// "View by network  frontal (lateral 3.1 %, AP 12 %)"; empty if no pack looked at it.
std::vector<NamedValue> viewValues(const Report& report);

struct UsedModel {
    ModelRole role;
    ModelStamp model;
};
// Every pack that contributed, the one of heart and lungs first.
std::vector<UsedModel> usedModels(const Report& report);

}  // namespace cxr
