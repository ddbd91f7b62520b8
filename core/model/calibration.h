// From a network's logit to a probability that means what it says: sigmoid(slope * logit + intercept).
//   slope 1, intercept 0: the network's own; intercept 0: temperature scaling (Guo et al., ICML 2017); else Platt's
// Pure functions; thread-safe.
#pragma once

#include "core/base/logistic.h"
#include "core/model/manifest.h"

namespace cxr {

// In [0, 1]; does not overflow for any finite logit.
inline double calibratedProbability(const Calibration& calibration, double logit) {
    return sigmoid(calibration.slope * logit + calibration.intercept);
}

}  // namespace cxr
