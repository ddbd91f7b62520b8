// The parts of core/pipeline/sanity.h that change what a network reads, and that rank cells. Pure functions; thread-safe.
#pragma once

#include <vector>

#include "core/engine/engine.h"
#include "core/measure/chest.h"
#include "core/pipeline/explain_input.h"

namespace cxr {

// Each plane mirrored left to right.
NetworkPlanes mirrored(const NetworkPlanes& planes);
// Each plane moved by whole cells; what comes in at the edge repeats it.
NetworkPlanes shifted(const NetworkPlanes& planes, int right, int down);

// Cells in the order in which a map ranks them, strongest first; equal values in the order of reading.
std::vector<std::size_t> ranking(const std::vector<float>& values);

// What lies inside the heart's outline, one a number of the network's first plane.
std::vector<bool> cellsInHeart(const ChestMeasurement& chest, const ExplainInput& input);

// The film blurred by a Gaussian of 10 % of the side; of a HeartSpot vector: its mean everywhere.
std::vector<float> blurredFilm(const ExplainInput& input);

// Area under a curve over [0, 1], trapezoids. REQUIRES: as many shares as values, 2 or more
double areaUnder(const std::vector<double>& share, const std::vector<double>& value);

}  // namespace cxr
