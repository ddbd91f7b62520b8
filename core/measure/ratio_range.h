// How far the ratio could be off by the network's own account.
//   low   heart where p > 0.9 over lungs where p > 0.1;   high  heart where p > 0.1 over lungs where p > 0.9
// Not a confidence interval: the card of the pack says how often the ratio of the masks lay inside.
// Pure functions; thread-safe.
#pragma once

#include "core/measure/chest.h"

namespace cxr {

inline constexpr double kSharpRange = 0.06;  // wider: a note says so

// `ratio` is always inside the range. An organ that has no cell above 0.9 gives low = 0 or high = 1.
RatioRange ratioRangeOf(const Segmentation& segmentation, double ratio);

}  // namespace cxr
