// How usual a value is: 1 inside [low, high], falling to 0 at the outer limits.
#pragma once

namespace cxr {

struct FeatureRange {
    double none, low, high, noneAbove;
    [[nodiscard]] double score(double value) const {
        if (!(value > none && value < noneAbove)) return 0;
        if (value < low) return (value - none) / (low - none);
        if (value > high) return (noneAbove - value) / (noneAbove - high);
        return 1;
    }
};

}  // namespace cxr
