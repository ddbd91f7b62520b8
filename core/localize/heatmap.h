// Heatmap: an explanation laid on its film. Plain value; any thread.
#pragma once

#include <string>

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
};

}  // namespace cxr
