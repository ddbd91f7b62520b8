// How good a heart-lungs pack is on films with masks: what a user would see (measureChest's outlines) against the masks.
//   per organ  Dice, IoU, Hausdorff-95 in px, and in mm where the site's spacing is given
//   ratio      CTR of the program against the CTR of the masks by the same definition, and against experts where given
// Means with 95 % bootstrap intervals over films (groups stay together), per site and over all sites.
//   thread rule  pure functions; call from a worker
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/measure/chest.h"
#include "core/measure/mask_metrics.h"

namespace cxr {

struct HeartFilmScore {
    std::string name, group, site;
    std::array<bool, kOrganCount> isLabelled{};
    std::array<MaskAgreement, kOrganCount> organ{};  // Hausdorff-95 in px
    double mmPerPx = 0;        // 0 = unknown
    double ratio = 0;          // of the program; 0 = not measured
    RatioRange ratioRange;     // of the program
    double maskRatio = 0;      // of the masks; 0 = not measurable
    std::optional<double> expertRatio;
    double quality = 0;
    bool isUncertain = false;
};

struct HeartEvaluationInput {
    std::map<std::string, double> expertRatios;   // by film name
    std::map<std::string, double> mmPerPxOfSite;  // by site
};

using SegmentFilm = std::function<Result<Segmentation>(const LabelledFilm&, const RunContext&)>;

// One film. REQUIRES: masks of the film's size, or empty.
HeartFilmScore scoreFilm(const LabelledFilm& film, const Segmentation& segmentation, const HeartEvaluationInput& input);
// All films in their order. fails as `segment` does, Cancelled.
Result<std::vector<HeartFilmScore>> scoreFilms(const std::vector<LabelledFilm>& films, const SegmentFilm& segment,
                                               const HeartEvaluationInput& input, const RunContext& context);

// {"<site>": {"films", "heart": {"dice": [value, low, high], ...}, ..., "ctr_masks": {...}, "ctr_experts": {...}}, "all": ...}
std::string evaluationSummaryJson(const std::vector<HeartFilmScore>& scores);
// The summary and every film.
std::string evaluationJson(const std::vector<HeartFilmScore>& scores);
// Tables for a model card; names no film.
std::string evaluationMarkdown(const std::vector<HeartFilmScore>& scores);

}  // namespace cxr
