// What every training recipe has, whatever the network answers: names, seed, split, stages, optimiser, augmentation.
//   {"id", "name", "version", "seed", "manifest": {...}, "architecture": {"name": ...}, "folds", "monitor_fraction",
//    "stages": [{"size", "epochs", "batch", "accumulate", "learning_rate", "augmentation_strength", "freeze": [...]}],
//    "optimiser": {"name": "adamw" | "adam", "weight_decay"}, "ema_decay", "patience", "select": "best" | "last",
//    "bfloat16", "augmentation": {...}}
//   fails  InvalidArgument (a number outside its range), naming the key
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr::train {

struct Stage {
    int size = 128;          // side of the network's grid, 32..1024
    int epochs = 1;          // at most; early stopping may end it before
    int batch = 8;           // films per forward pass
    double learningRate = 1e-3;  // peak; warm-up over the first 5 % of the steps, then cosine to 1 % of it
    double augmentationStrength = 1;  // 0..1: every range and probability of the recipe's augmentation times this
    int accumulate = 1;      // forward passes per optimiser step: a step sees batch x accumulate films
    std::vector<std::string> freeze{};  // parameters whose names begin so keep their values, and their layers run as in use
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
    double eraseProbability = 0;   // classification: a random rectangle of the planes gets one random gray
};

// Which averaged weights of a stage go on: those of the epoch with the best monitor score, or of the last epoch.
enum class Select { Best, Last };
enum class OptimizerKind { AdamW, Adam };

struct Plan {
    std::string id, name, version;
    std::uint64_t seed = 1;
    nlohmann::json architecture;  // name + hyper-parameters, goes into the manifest
    nlohmann::json manifest;      // further entries that go into model.json as they are
    int folds = 5;
    double monitorFraction = 0.05;
    std::vector<Stage> stages;
    OptimizerKind optimizer = OptimizerKind::AdamW;
    double weightDecay = 1e-4;
    double emaDecay = 0.995;
    int patience = 12;            // epochs without a better monitor score before a stage ends; 0: never before its end
    Select select = Select::Best;
    bool bfloat16 = true;
    Augmentation augmentation;
};

// The augmentation of a stage: every range and probability times its strength.
Augmentation weakened(const Augmentation& full, double strength);

// Overwrites what the JSON names. Throws nlohmann::json::exception for a missing key or a wrong type.
void readPlan(const nlohmann::json& json, Plan& plan);
Result<Done> checkPlan(const Plan& plan);

Error outOfRange(const std::string& key);

template <typename T>
void take(const nlohmann::json& from, const char* key, T& value) {
    if (from.contains(key)) value = from.at(key).get<T>();
}

}  // namespace cxr::train
