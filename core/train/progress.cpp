// Rows of a run as CSV, JSON and words.
#include "core/train/progress.h"

#include <cstdio>

namespace cxr::train {
namespace {

using nlohmann::json;

int plannedEpochs(const Recipe& recipe) {
    int sum = 0;
    for (const Stage& stage : recipe.stages) sum += stage.epochs;
    return sum;
}

// Seconds that remain if the stages run to their end; a coarser or finer grid costs in proportion to its cells.
double secondsLeft(const Progress& progress, const Recipe& recipe) {
    if (progress.rows.empty()) return 0;
    const EpochRow& last = progress.rows.back();
    double sum = 0;
    for (std::size_t s = static_cast<std::size_t>(progress.stage); s < recipe.stages.size(); ++s) {
        const Stage& stage = recipe.stages[s];
        const int done = static_cast<int>(s) == progress.stage ? progress.epochInStage : 0;
        const double ratio = static_cast<double>(stage.size) / last.size;
        sum += (stage.epochs - done) * last.seconds * ratio * ratio;
    }
    return sum;
}

json rowToJson(const EpochRow& r) {
    return {r.epoch, r.stage, r.size, r.learningRate, r.trainingLoss, r.monitorLoss, r.monitorDice, r.seconds};
}

EpochRow rowFromJson(const json& j) {
    return {j.at(0).get<int>(),    j.at(1).get<int>(),    j.at(2).get<int>(),
            j.at(3).get<double>(), j.at(4).get<double>(), j.at(5).get<double>(),
            j.at(6).get<std::array<double, kOrganCount>>(), j.at(7).get<double>()};
}

}  // namespace

double meanDice(const EpochRow& row) {
    double sum = 0;
    for (const double dice : row.monitorDice) sum += dice;
    return sum / kOrganCount;
}

std::string csvOf(const std::vector<EpochRow>& rows) {
    std::string csv = "epoch,stage,size_px,learning_rate,training_loss,monitor_loss,dice_heart,dice_left_lung,"
                      "dice_right_lung,seconds\n";
    char line[256];
    for (const EpochRow& r : rows) {
        std::snprintf(line, sizeof line, "%d,%d,%d,%.6g,%.6f,%.6f,%.5f,%.5f,%.5f,%.1f\n", r.epoch, r.stage, r.size,
                      r.learningRate, r.trainingLoss, r.monitorLoss, r.monitorDice[0], r.monitorDice[1],
                      r.monitorDice[2], r.seconds);
        csv += line;
    }
    return csv;
}

std::string lineOf(const Progress& progress, const Recipe& recipe) {
    if (progress.rows.empty()) return "no epoch has finished yet";
    const EpochRow& r = progress.rows.back();
    char line[256];
    std::snprintf(line, sizeof line,
                  "epoch %d/%d, %d px: loss %.4f, monitor %.4f, heart %.4f left %.4f right %.4f, %.1f s, about %.0f min left",
                  r.epoch, plannedEpochs(recipe), r.size, r.trainingLoss, r.monitorLoss, r.monitorDice[0],
                  r.monitorDice[1], r.monitorDice[2], r.seconds, secondsLeft(progress, recipe) / 60);
    return line;
}

std::string toJson(const Progress& progress) {
    json rows = json::array();
    for (const EpochRow& row : progress.rows) rows.push_back(rowToJson(row));
    return json{{"stage", progress.stage},
                {"epoch_in_stage", progress.epochInStage},
                {"best_dice", progress.bestDice},
                {"epochs_since_best", progress.epochsSinceBest},
                {"rows", rows}}
        .dump();
}

Progress progressFromJson(const std::string& text) {
    const json j = json::parse(text);
    Progress progress;
    progress.stage = j.at("stage").get<int>();
    progress.epochInStage = j.at("epoch_in_stage").get<int>();
    progress.bestDice = j.at("best_dice").get<double>();
    progress.epochsSinceBest = j.at("epochs_since_best").get<int>();
    for (const json& row : j.at("rows")) progress.rows.push_back(rowFromJson(row));
    return progress;
}

}  // namespace cxr::train
