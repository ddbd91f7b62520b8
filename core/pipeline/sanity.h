// Is an explanation believable? Tests on one film, each a row of a checklist.
//   random weights  the same method on the same network with drawn weights: the map must change
//                   (Adebayo et al., NeurIPS 2018). Spearman's rank correlation of the cells, mean of three draws.
//   flip, shift     the map of the mirrored film, mirrored back, and of the film shifted by 2 % to the lower right and to the
//                   upper left, shifted back: rank correlation with the map
//   agreement       rank correlation with other methods that the pack allows, on 16 x 16 cells, positive parts
//   deletion        the strongest cells become the film's mean gray, 5 % at a time: the probability should fall faster than
//   insertion       where the same map, moved by half a picture, gives the order (random cells would be unfair: single cells
//                   of noise upset a network more than a hole); and it should rise faster where the strongest cells come back
//                   into a blurred film (RISE: Petsiuk et al., BMVC 2018). Area under the curve in steps of 10 %, as a share of
//                   the probability.
//   outside heart   S2: everything outside the heart times 0.2; how the probability moves, and the same with the heart itself
// Maps of many passes are made again and again here, so the first three tests and the other methods take quicker ones: at most
// 16 steps of an integral, 4 noisy films, patches that do not overlap. They are compared with a map of the same kind, and the
// sentence says so.
// Limits between passed, doubtful and failed are choices of ours and stand in each row's words; the value is what counts.
//   thread rule     call from a worker
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/localize/sanity_check.h"
#include "core/measure/chest.h"
#include "core/pipeline/explain_film.h"

namespace cxr {

enum class SanityTest { RandomWeights, Flip, Shift, Agreement, Deletion, Insertion, OutsideHeart };
inline constexpr double kOutsideHeartGain = 0.2;  // S2

// Probabilities of S2's experiment.
struct HeartAttenuation {
    double whole = 0;         // the film as it is
    double outsideDimmed = 0; // everything outside the heart times 0.2
    double heartDimmed = 0;   // the heart times 0.2
};

struct SanityReport {
    std::vector<SanityCheck> checks;  // in the order of SanityTest; what cannot be run says why
    std::optional<HeartAttenuation> attenuation;
};

// `chest` gives the heart for S2's experiment. `tests` empty: all. The request's pooling is left out: it hides changes.
// fails as explainFilm does; a test that the pack does not allow is NotRun with its reason; Cancelled ends everything.
Result<SanityReport> checkExplanation(const ExplainRequest& request, const ChestMeasurement& chest, Engine& engine, ExplainCache& cache,
                                      const RunContext& context = {}, const std::set<SanityTest>& tests = {});

// The options of the maps that are made again and again.
ExplainOptions quickOptions(const ExplainOptions& options);

// Spearman's rho of two maps of one size, ties given their mean rank; NaN where one is constant.
double rankCorrelation(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace cxr
