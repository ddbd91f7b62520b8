// What a training run remembers: one row per finished epoch, and where it stands. Goes into log.csv and the checkpoint.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/train/plan.h"

namespace cxr::train {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// What the averaged weights did on the monitor films; NaN where it could not be told.
struct Monitored {
    double loss = kUnknown;
    double score = kUnknown;       // higher is better: decides which weights are kept
    std::vector<double> scores{};  // shown and logged, named by the task
};

struct EpochRow {
    int epoch = 0;  // from 1, over all stages
    int stage = 0;  // from 1
    int size = 0;
    double learningRate = 0;  // of the last step
    double trainingLoss = 0;
    Monitored monitor;
    double trainingSeconds = 0;  // without watching
    double seconds = 0;
};

struct Progress {
    static constexpr double kNothingYet = -1e300;
    int stage = 0;            // index of the stage that runs next
    int epochInStage = 0;     // epochs finished in it
    double bestScore = kNothingYet;  // of this stage, of the weights that are kept
    int epochsSinceBest = 0;
    std::vector<EpochRow> rows;
    [[nodiscard]] bool isFinished(const Plan& plan) const { return stage >= static_cast<int>(plan.stages.size()); }
};

// epoch,stage,size,training_loss,monitor_loss,<score names>,learning_rate,seconds; unknown values are empty.
std::string csvOf(const std::vector<EpochRow>& rows, const std::vector<std::string>& scoreNames);
// "epoch 7/45, 128 px: loss 0.21, monitor 0.24, dice_heart 0.912, 9.8 s, about 11 min left"
std::string lineOf(const Progress& progress, const Plan& plan, const std::vector<std::string>& scoreNames);

std::string toJson(const Progress& progress);
Progress progressFromJson(const std::string& json);  // throws nlohmann::json::exception

}  // namespace cxr::train
