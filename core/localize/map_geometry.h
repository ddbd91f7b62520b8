// Between film pixels and the cells of a heatmap. A cell's value stands at its centre; between centres values are
// bilinear, beyond the outer centres they are those of the nearest cell. Outside of its grid a map has no value.
// Pure functions; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

#include "core/localize/heatmap.h"

namespace cxr {

// The film's point as shares of the grid: inside it both are in [0, 1]. nullopt: the grid has no area.
std::optional<PointPx> gridShareAt(const GridOnFilm& grid, PointPx film);

// The map's value under a film point; nullopt outside of its grid.
std::optional<double> valueAt(const Heatmap& map, PointPx film);

// The plane as CV_32FC1 [height, width] that shares the map's memory. REQUIRES: `map` outlives the result.
cv::Mat cellsOf(const Heatmap& map);
// The plane with at least `leastSide` cells on its shorter side, bilinear; a copy of the plane where it has them already.
cv::Mat smoothCells(const Heatmap& map, int leastSide);

// The map in the film's pixels: CV_32FC1 of `film`, `outside` where the map's grid does not reach.
cv::Mat mapOnFilm(const Heatmap& map, cv::Size film, float outside = 0);

}  // namespace cxr
