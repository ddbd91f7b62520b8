// Heatmaps for tests: values on a grid that lies straight on the film, one cell = `cellPx` film pixels.
#pragma once

#include <functional>

#include "core/localize/heatmap.h"

namespace cxr::test {

inline Heatmap mapOf(int width, int height, double cellPx, const std::function<double(double x, double y)>& value) {
    Heatmap map;
    map.plane = {width, height, {}};
    for (int row = 0; row < height; ++row)
        for (int column = 0; column < width; ++column) map.plane.values.push_back(static_cast<float>(value(column + 0.5, row + 0.5)));
    map.grid = {{0, 0}, {width * cellPx, 0}, {0, height * cellPx}};
    map.isSigned = true;
    map.method = ExplainMethod::IntegratedGradients;
    map.parameters = "50 steps";
    map.className = "Cardiomegaly";
    map.probability = 0.63;
    map.supportLogit = 1.5;
    return map;
}

}  // namespace cxr::test
