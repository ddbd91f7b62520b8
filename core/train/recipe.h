// A training recipe: models/recipes/<pack>.json as values. The JSON names every number that decides the weights.
//   fails  Corrupt (not JSON, a wrong type), InvalidArgument (a number outside its range), each naming the key
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/engine.h"

namespace cxr::train {

struct Stage {
    int size = 128;          // side of the network's grid, 32..1024
    int epochs = 1;          // at most; early stopping may end it before
    int batch = 8;           // films per step
    double learningRate = 1e-3;  // peak; warm-up over the first 5 % of the steps, then cosine to 1 % of it
    double augmentationStrength = 1;  // 0..1: every range and probability of the recipe's augmentation times this
};

// Ranges are symmetric around "unchanged"; probabilities in [0, 1].
struct Augmentation {
    double rotationDeg = 20;
    double logScale = 0.25;        // zoom in [exp(-x), exp(x)]
    double logAspect = 0.2;
    double translation = 0.12;     // fraction of the side
    double mirrorProbability = 0.2;   // left and right lung change places
    double logGamma = 0.6;
    double logContrast = 0.5;
    double brightness = 0.15;
    double inversionProbability = 0.05;
    double noise = 0.06;           // standard deviation, fraction of full scale, drawn in [0, x]
    double blurProbability = 0.2;
    double localContrast = 0.35;   // amplitude of a smooth field of 4x4 knots that multiplies and shifts the gray
    double localProbability = 0.5;
    double blackMarginProbability = 0.3;  // outside the film counts as black film (collimator) instead of "no film"
};

struct Recipe {
    std::string id, name, version;
    std::uint64_t seed = 1;
    nlohmann::json architecture;  // name + hyper-parameters, goes into the manifest
    nlohmann::json manifest;      // further entries that go into model.json as they are
    int folds = 5;
    double monitorFraction = 0.05;
    std::vector<Stage> stages;
    double weightDecay = 1e-4;
    double emaDecay = 0.995;
    int patience = 12;            // epochs without a better monitor Dice before a stage ends
    double bceWeight = 1, diceWeight = 1;
    std::array<double, kOrganCount> organWeights{2, 1, 1};
    bool bfloat16 = true;
    Augmentation augmentation;
};

// The augmentation of a stage: every range and probability times its strength.
Augmentation weakened(const Augmentation& full, double strength);

Result<Recipe> parseRecipe(const std::string& json);

}  // namespace cxr::train
