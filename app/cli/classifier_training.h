// Trains a classifier by a recipe: data sets -> labels and planes -> Engine::trainClassifier -> pack, curves, held_out.json
// (core/pipeline/training_run.h).
#pragma once

#include <string>
#include <vector>

#include "app/cli/analysis_options.h"
#include "core/base/run_context.h"

namespace cxr::cli {

struct ClassifierTraining {
    std::vector<std::string> data;
    std::string out, initialPack, cache;  // initialPack and cache may be empty
    int fold = -1;
    bool resume = false;
    NetworkOptions network;  // its pack finds heart and lungs
};

// Returns an ExitCode; complains on stderr.
int trainClassifier(const ClassifierTraining& options, const std::string& recipeJson, const RunContext& context);

}  // namespace cxr::cli
