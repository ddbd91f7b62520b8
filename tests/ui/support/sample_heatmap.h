// Heatmaps with known values on a film of 1000 x 800 px: for tests and for the pictures of the manual. Numbers made up.
#pragma once

#include <cmath>
#include <limits>
#include <memory>

#include "core/localize/heatmap.h"
#include "ui/print/heatmap_painter.h"

namespace cxr::ui::test {

// Cells over the film square [left, left + side) x [top, top + side).
inline Heatmap heatmapOf(Plane plane, PointPx corner, double side, bool isSigned = false) {
    Heatmap map;
    map.plane = std::move(plane);
    map.grid = {corner, {side, 0}, {0, side}};
    map.isSigned = isSigned;
    map.className = "Pleural_Thickening";
    map.probability = 0.47;
    map.logit = 0.3;
    map.model = {"chest14", "14 diseases", "1.0.0", std::string(64, 'c'), "CPU, 2 threads"};
    return map;
}

// 2 x 2 cells of 300 px from (100, 200): 0 and 1 above, 2 and 4 below.
inline Heatmap fourCells() {
    Heatmap map = heatmapOf({2, 2, {0, 1, 2, 4}}, {100, 200}, 600);
    map.method = ExplainMethod::GradCam;
    return map;
}

// A hill on n x n cells over the whole square, its top at the share (x, y), value 1; far from it -0.2 when signed.
inline Heatmap hill(int n, double x, double y, PointPx corner, double side, bool isSigned = true) {
    Plane plane{n, n, std::vector<float>(static_cast<std::size_t>(n) * static_cast<std::size_t>(n))};
    for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) {
            const double away = std::hypot((j + 0.5) / n - x, (i + 0.5) / n - y);
            const double value = std::exp(-away * away / 0.03) * (isSigned ? 1.2 : 1) - (isSigned ? 0.2 : 0);
            plane.values[static_cast<std::size_t>(i) * static_cast<std::size_t>(n) + static_cast<std::size_t>(j)] = static_cast<float>(value);
        }
    }
    Heatmap map = heatmapOf(std::move(plane), corner, side, isSigned);
    map.className = "Cardiomegaly";
    map.supportLogit = 0.6;
    return map;
}

}  // namespace cxr::ui::test
