// Three pictures of an evaluation, one panel a class: how well it tells films apart, and whether its probabilities hold.
//   roc.png               sensitivity over 1 - specificity, with the 95 % band (bootstrap over patients) and the decision of
//                         the Youden threshold on films that did not choose it
//   precision_recall.png  with the share of positives, which is what guessing gives
//   reliability.png       share of positives over the calibrated probability, ten bins with Wilson's 95 % intervals
//   thread rule  any thread (core/plot/figure.h)
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/pipeline/evaluate_classifier.h"

namespace cxr {

// `evaluation` is of `table`. Classes with films of one kind only have no panel. Creates the folder.
// fails InvalidArgument (no class has films of both kinds), WriteFailed.
Result<Done> drawClassifierCurves(const PredictionTable& table, const ClassifierEvaluation& evaluation,
                                  const std::filesystem::path& folder, const BootstrapOptions& bootstrap = {500, 1});

}  // namespace cxr
