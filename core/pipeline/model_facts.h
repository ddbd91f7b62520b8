// A pack in one line each: what it does, how well by its own card, what it can explain. For lists of models.
// Pure functions; thread-safe.
#pragma once

#include <string>

#include "core/engine/explain_methods.h"
#include "core/model/manifest.h"

namespace cxr {

// "classification, 14 outputs".
std::string taskLine(const Manifest& manifest);
// "mean AUC 0.74 of 14 outputs (0.66 to 0.86)", "AUC 0.88 (0.83 to 0.92)", "heart Dice 0.94 (0.93 to 0.95)";
// "not evaluated" if the manifest holds no number.
std::string metricsLine(const Manifest& manifest);
// What explanations need to know of the pack's network, without loading it; the engine asks the network itself, and a test
// holds both together.
NetworkTraits networkTraits(const Manifest& manifest);
// "class activation maps, Grad-CAM, gradients, occlusion"; "outlines" of a segmentation.
std::string explainsLine(const Manifest& manifest);

}  // namespace cxr
