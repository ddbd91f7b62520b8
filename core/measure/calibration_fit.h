// Logits to probabilities that mean what they say: p = sigmoid(slope * logit + intercept).
//   temperature   intercept 0, slope = 1 / T (Guo et al., ICML 2017)
//   Platt         slope and intercept (Platt 1999), with his targets (P + 1) / (P + 2) and 1 / (N + 2), so that films which
//                 a threshold separates without error still give a finite slope
// Both by Newton's method with step halving on the log loss, which is convex (Lin, Lin and Weng, Machine Learning 2007).
// Labels as core/measure/classification_metrics.h reads them. Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/base/logistic.h"

namespace cxr {

struct LogitScaling {
    double slope = 1;  // > 0: the order of films never changes
    double intercept = 0;
    [[nodiscard]] double probability(double logit) const;
};

// log(p / (1 - p)); p is kept 1e-9 away from 0 and 1.
double logitOf(double probability);

enum class ScalingMethod { None, Temperature, Platt };
const char* nameOf(ScalingMethod method);  // "none", "temperature", "platt"

// Without both kinds of films, or with a slope that would not be positive, the slope stays at its least value 0.01 or the
// scaling at {1, 0}: a score without information is not turned round.
LogitScaling fitScaling(ScalingMethod method, const std::vector<double>& logits, const std::vector<double>& labels);

// What a network's calibration is, and what it does on films that did not make it.
struct CrossFittedScaling {
    ScalingMethod method = ScalingMethod::None;  // least log loss on films of parts that the fit did not see
    LogitScaling scaling;                        // of all films: for use
    std::vector<double> probabilities;           // of each film by the fit of the other parts: for honest numbers
};
// `parts`: to which part (fold) each film belongs; one part only: the scaling is {1, 0}.
// REQUIRES: equal lengths.
CrossFittedScaling crossFitScaling(const std::vector<double>& logits, const std::vector<double>& labels,
                                   const std::vector<int>& parts);

}  // namespace cxr
