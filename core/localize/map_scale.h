// The numbers at the ends of a colour map. A scale is absolute: it starts at 0, in the map's own units, and is never
// stretched between a map's smallest and largest value.
//   unsigned, or the positive part shown alone   0 .. largest value
//   signed with a diverging colour map           -m .. m, m = the largest absolute value
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/localize/heatmap.h"

namespace cxr {

struct MapScale {
    double low = 0, high = 0;  // high <= low: nothing to show
    std::string unit;          // "logits"; empty: mixed
    [[nodiscard]] bool isEmpty() const { return !(high > low); }
    // Where a value stands between the ends, limited to [0, 1]; 0 for an empty scale.
    [[nodiscard]] double shareOf(double value) const;
    bool operator==(const MapScale&) const = default;
};

// `isDiverging`: both signs are shown. A map without positive support has an empty scale unless diverging.
MapScale scaleOf(const Heatmap& map, bool isDiverging);
// One scale for all of them: the widest ends. Maps of different units share numbers that mean different things; the
// scale's unit is empty then, and the legend says "mixed units".
MapScale lockedScale(const std::vector<const Heatmap*>& maps, bool isDiverging);

// "logits" (their mean over the cells is the class's), "logits a cell" (their sum is), "logits per unit of gray".
std::string unitOf(ExplainMethod method);
// Round numbers inside the scale, rising, `count` at most; empty for an empty scale. REQUIRES: count >= 2
std::vector<double> legendTicks(const MapScale& scale, int count = 5);
// "0.25", "1.5e-05": at most three digits that count.
std::string legendText(double value);

}  // namespace cxr
