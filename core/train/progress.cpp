// Rows of a run as CSV, JSON and words.
#include "core/train/progress.h"

#include <cmath>
#include <cstdio>

namespace cxr::train {
namespace {

using nlohmann::json;

std::string text(const char* format, double value) {
    if (std::isnan(value)) return {};
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

int plannedEpochs(const Plan& plan) {
    int sum = 0;
    for (const Stage& stage : plan.stages) sum += stage.epochs;
    return sum;
}

// Seconds that remain if the stages run to their end; a coarser or finer grid costs in proportion to its cells.
double secondsLeft(const Progress& progress, const Plan& plan) {
    const EpochRow& last = progress.rows.back();
    double sum = 0;
    for (auto s = static_cast<std::size_t>(progress.stage); s < plan.stages.size(); ++s) {
        const Stage& stage = plan.stages[s];
        const int done = static_cast<int>(s) == progress.stage ? progress.epochInStage : 0;
        const double ratio = static_cast<double>(stage.size) / last.size;
        sum += (stage.epochs - done) * last.seconds * ratio * ratio;
    }
    return sum;
}

// JSON has no NaN: null stands for it.
double numberFrom(const json& j) { return j.is_null() ? kUnknown : j.get<double>(); }

json rowToJson(const EpochRow& r) {
    return {r.epoch,        r.stage,         r.size,           r.learningRate,    r.trainingLoss,
            r.monitor.loss, r.monitor.score, r.monitor.scores, r.trainingSeconds, r.seconds};
}

EpochRow rowFromJson(const json& j) {
    EpochRow r;
    r.epoch = j.at(0).get<int>();
    r.stage = j.at(1).get<int>();
    r.size = j.at(2).get<int>();
    r.learningRate = j.at(3).get<double>();
    r.trainingLoss = numberFrom(j.at(4));
    r.monitor.loss = numberFrom(j.at(5));
    r.monitor.score = numberFrom(j.at(6));
    for (const json& score : j.at(7)) r.monitor.scores.push_back(numberFrom(score));
    r.trainingSeconds = j.at(8).get<double>();
    r.seconds = j.at(9).get<double>();
    return r;
}

}  // namespace

std::string csvOf(const std::vector<EpochRow>& rows, const std::vector<std::string>& scoreNames) {
    std::string csv = "epoch,stage,size,training_loss,monitor_loss,";
    for (const auto& name : scoreNames) csv += name + ",";
    csv += "learning_rate,seconds\n";
    for (const EpochRow& r : rows) {
        csv += std::to_string(r.epoch) + "," + std::to_string(r.stage) + "," + std::to_string(r.size) + "," +
               text("%.6f", r.trainingLoss) + "," + text("%.6f", r.monitor.loss) + ",";
        for (std::size_t i = 0; i < scoreNames.size(); ++i) {
            csv += (i < r.monitor.scores.size() ? text("%.5f", r.monitor.scores[i]) : "") + ",";
        }
        csv += text("%.6g", r.learningRate) + "," + text("%.1f", r.seconds) + "\n";
    }
    return csv;
}

std::string lineOf(const Progress& progress, const Plan& plan, const std::vector<std::string>& scoreNames) {
    if (progress.rows.empty()) return "no epoch has finished yet";
    const EpochRow& r = progress.rows.back();
    std::string line = "epoch " + std::to_string(r.epoch) + "/" + std::to_string(plannedEpochs(plan)) + ", " +
                       std::to_string(r.size) + " px: loss " + text("%.4f", r.trainingLoss);
    if (!std::isnan(r.monitor.loss)) line += ", monitor " + text("%.4f", r.monitor.loss);
    for (std::size_t i = 0; i < scoreNames.size() && i < r.monitor.scores.size(); ++i) {
        if (!std::isnan(r.monitor.scores[i])) line += ", " + scoreNames[i] + " " + text("%.4f", r.monitor.scores[i]);
    }
    return line + ", " + text("%.1f", r.seconds) + " s, about " + text("%.0f", secondsLeft(progress, plan) / 60) + " min left";
}

std::string toJson(const Progress& progress) {
    json rows = json::array();
    for (const EpochRow& row : progress.rows) rows.push_back(rowToJson(row));
    return json{{"stage", progress.stage},
                {"epoch_in_stage", progress.epochInStage},
                {"best_score", progress.bestScore},
                {"epochs_since_best", progress.epochsSinceBest},
                {"rows", rows}}
        .dump();
}

Progress progressFromJson(const std::string& text) {
    const json j = json::parse(text);
    Progress progress;
    progress.stage = j.at("stage").get<int>();
    progress.epochInStage = j.at("epoch_in_stage").get<int>();
    progress.bestScore = j.at("best_score").get<double>();
    progress.epochsSinceBest = j.at("epochs_since_best").get<int>();
    for (const json& row : j.at("rows")) progress.rows.push_back(rowFromJson(row));
    return progress;
}

}  // namespace cxr::train
