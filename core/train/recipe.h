// A segmentation recipe: models/recipes/<pack>.json as values. The JSON names every number that decides the weights.
//   plan.h, and "bce_weight", "dice_weight", "organ_weights" [heart, left, right], "auxiliary_weight", "roi"
//   fails  Corrupt (not JSON, a wrong type), InvalidArgument (a number outside its range), each naming the key
#pragma once

#include <array>
#include <string>

#include "core/engine/engine.h"
#include "core/train/plan.h"

namespace cxr::train {

struct Recipe : Plan {
    double bceWeight = 1, diceWeight = 1;
    std::array<double, kOrganCount> organWeights{2, 1, 1};
    double auxiliaryWeight = 0.1;  // of NetworkOutput::auxiliaryLoss (SegResNetVAE), as Myronenko, BrainLes 2018
    int roi = 0;  // a step sees a random square of that many cells of each film (S4, section 3); 0: the whole film
};

Result<Recipe> parseRecipe(const std::string& json);

}  // namespace cxr::train
