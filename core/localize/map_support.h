// Does anything speak for the class? A map without positive support must not be stretched to full colour.
//   support   = what the positive part of the map adds to the calibrated logit, where the method's numbers add up to it:
//               CAM (against the base rate, compareWithBaseRate): the mean over its cells; integrated gradients, DeepLift, LRP: the sum; occlusion: the largest patch
//   limit     0.04 = ln(0.51 / 0.49): what moves a probability of 50 %, where it moves most, by one printed percent.
//               Less than that changes no number that this program shows.
//   and       the support is larger than the method's own numerical error (its convergence delta)
//   and       where the sum over the map is how far the film moved the answer from that of the baseline (integrated
//             gradients, DeepLift), that sum is no less than the limit: maps of single pixels hold large values of both
//             signs for every class, and their positive part alone would always glow
// Methods whose numbers do not add up (Grad-CAM, sensitivity, guided backpropagation, refined CAM, input x gradient): any
// value above 0. Unsigned ones show strength only and cannot tell that nothing speaks for a class; the sentence says so.
// Pure functions; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "core/localize/heatmap.h"

namespace cxr {

inline constexpr double kLeastSupportLogit = 0.04;  // calibrated logit

struct MapSupport {
    bool hasSupport = false;
    std::string sentence;  // what was found, with the numbers
};
MapSupport supportOf(const Heatmap& map);

// For explanations before pooling: what the positive part adds to the logit; none where the method does not add up.
// `slope` of the pack's calibration.
std::optional<double> supportLogitOf(const Plane& plane, ExplainMethod method, double slope);
// What the whole map adds to the calibrated logit, both signs; none where that is not what moved the answer.
std::optional<double> netLogitOf(const Plane& plane, ExplainMethod method, double slope);

// A class activation map against the base rate: of a class that few films have, every cell speaks against it until a film
// looks like more than that. The network's constant is added and the logit of the prevalence taken away, so that the mean of
// the cells is the film's logit less that of the prevalence, and a cell above 0 raises the probability above it.
//   cell + (logit - mean of the cells) - (ln(prevalence / (1 - prevalence)) - intercept) / slope
// Sets baselineLogit, supportLogit and parameters; changes nothing of other methods and without a prevalence in (0, 1).
// REQUIRES: slope > 0, map.logit is set
void compareWithBaseRate(Heatmap& map, std::optional<double> prevalence, double slope, double intercept);

// A class inside a sentence: "pleural thickening", "AP".
std::string spokenName(const std::string& className);
// "Class activation map", "Integrated gradients, 50 steps (Gauss-Legendre) from black".
std::string methodText(const Heatmap& map);

}  // namespace cxr
