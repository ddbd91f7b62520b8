// Heatmap: an explanation laid on its film. Plain value; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/measure/finding.h"

namespace cxr {

struct Heatmap {
    Plane plane;           // units of the logit (or of its gradient), at the method's own resolution, after pooling if asked for
    GridOnFilm grid;       // where it lies on the film, whatever its resolution
    bool isSigned = false;  // negative values speak against the class
    ExplainMethod method = ExplainMethod::Cam;
    std::string parameters;  // for people: "50 steps from black, quantile pooling k 24 q 0.9"; empty: none
    std::string className;   // the output's name in its manifest, "Cardiomegaly"
    double logit = 0;
    double probability = 0;  // calibrated, [0, 1]
    ModelStamp model;
    double seconds = 0;
    double baselineLogit = 0;     // as Explanation has it
    double convergenceDelta = 0;  // the method's own numerical error, logits; 0 where it has none
    double doneShare = 1;         // below 1 in partial maps
    bool isPooled = false;        // quantile pooling made absolute values of it: it no longer adds up to anything
    // What the positive part of the map before pooling adds to the calibrated logit; none where the method's numbers do
    // not add up to the logit (core/localize/map_support.h).
    std::optional<double> supportLogit;
    // The same less what the negative part takes away, where the two add up to how far the film moved the answer.
    std::optional<double> netLogit;
    // One a cell: 0 where the network read nothing (a HeartSpot prior drops it); empty: it read all cells.
    std::vector<std::uint8_t> seen;
};

}  // namespace cxr
