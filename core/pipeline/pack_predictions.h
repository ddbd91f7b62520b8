// What one installed pack says about the films of a labelled data set, as `predict` would say it: for people who judge
// an imported pack on their own films. evaluateClassifier() takes it from there.
//   logits  of the pack's calibrated probabilities, so that an evaluation tells how well they are calibrated as they are
//   labels  of the table's columns and facts (core/dataset/fact_classes.h) with the outputs' names
//   folds   none: whether the pack was trained on these films is not known here
//   thread rule  call from a worker
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/dataset/film_table.h"
#include "core/pipeline/evaluate_classifier.h"
#include "core/pipeline/film_predictions.h"
#include "core/pipeline/prediction_table.h"

namespace cxr {

struct PackPredictions {
    PredictionTable table;                  // classes: outputs of which some film has a label, in the manifest's order
    std::vector<std::string> unlabelled;    // outputs of which none has
    std::vector<std::string> failures;      // one sentence for each film that could not be judged
    int untrusted = 0;                      // films that were judged without usable lungs where the pack wants them
};

// What a pack says about a picture file.
using JudgeFile = std::function<Result<PackPrediction>(const std::filesystem::path&, const RunContext&)>;
// Reads the file and asks the pack as predictFilm does. What is given must outlive the function.
JudgeFile judgeWith(const PredictingPack& pack, const FilmSegmenter& segmenter, Engine& engine);

// `classes`: only these outputs; empty: all that are not auxiliary. Films without a known label are not judged.
// fails InvalidArgument (no such output; no film has a label of one; no film could be judged), Cancelled
Result<PackPredictions> packPredictions(const Manifest& manifest, FilmTable films, const std::vector<std::string>& classes,
                                        const JudgeFile& judge, const RunContext& context);

}  // namespace cxr
