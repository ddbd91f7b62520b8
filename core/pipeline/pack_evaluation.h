// What an evaluation found out becomes part of a pack: calibration, operating points, AUC, prevalence and metrics.
//   thread rule  writes one file, whole or not at all
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/pipeline/evaluate_classifier.h"

namespace cxr {

// Rewrites model.json; the weights stay. Every output of the pack must have been evaluated; numbers that the films could not
// define are left out. `evaluation` must come from this network or from folds of its recipe. If it is one of the installed pack
// itself, the new calibration goes on top of the pack's, and outputs without films of both kinds keep what they have.
// fails NotFound, Corrupt (no manifest), InvalidArgument (not a classifier, an output was not evaluated), WriteFailed.
Result<Done> writeEvaluationIntoPack(const std::filesystem::path& packFolder, const ClassifierEvaluation& evaluation);

}  // namespace cxr
