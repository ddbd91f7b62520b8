// Lines of equal value of a heatmap, on its film: marching squares over the smooth map (Lorensen and Cline's cubes in two
// dimensions), saddles decided by the mean of the four corners, segments linked to lines. Pure functions; thread-safe.
#pragma once

#include <vector>

#include "core/base/geometry.h"
#include "core/localize/heatmap.h"

namespace cxr {

struct IsoLine {
    double level = 0;             // in the map's units
    bool isClosed = false;        // false: it ends at the border of the map
    std::vector<PointPx> points;  // film pixels; a closed line does not repeat its first point
};

// Levels that the map does not reach give no line. Lines stand in the order of the levels.
std::vector<IsoLine> isoLines(const Heatmap& map, const std::vector<double>& levels);

}  // namespace cxr
