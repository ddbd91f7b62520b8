// The logistic function. Pure; any thread.
#pragma once

#include <cmath>

namespace cxr {

// 1 / (1 + exp(-x)), in [0, 1]; does not overflow for any finite x.
inline double sigmoid(double x) {
    if (x >= 0) return 1 / (1 + std::exp(-x));
    const double e = std::exp(x);
    return e / (1 + e);
}

}  // namespace cxr
