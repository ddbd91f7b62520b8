// What a training run remembers: one row per finished epoch, and where it stands. Goes into log.csv and the checkpoint.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/train/recipe.h"

namespace cxr::train {

struct EpochRow {
    int epoch = 0;  // from 1, over all stages
    int stage = 0;  // from 1
    int size = 0;
    double learningRate = 0;  // of the last step
    double trainingLoss = 0;
    double monitorLoss = 0;
    std::array<double, kOrganCount> monitorDice{};
    double seconds = 0;
};

struct Progress {
    int stage = 0;            // index of the stage that runs next
    int epochInStage = 0;     // epochs finished in it
    double bestDice = -1;     // of this stage: mean over organs
    int epochsSinceBest = 0;
    std::vector<EpochRow> rows;
    [[nodiscard]] bool isFinished(const Recipe& recipe) const { return stage >= static_cast<int>(recipe.stages.size()); }
};

double meanDice(const EpochRow& row);
std::string csvOf(const std::vector<EpochRow>& rows);
// "epoch 7/45, 128 px: loss 0.21, heart 0.912 left 0.951 right 0.957, 9.8 s, about 11 min left"
std::string lineOf(const Progress& progress, const Recipe& recipe);

std::string toJson(const Progress& progress);
Progress progressFromJson(const std::string& json);  // throws nlohmann::json::exception

}  // namespace cxr::train
