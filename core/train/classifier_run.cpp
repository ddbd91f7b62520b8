// The steps of a classifier's run.
#include "core/train/classifier_run.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/atomic_file.h"
#include "core/train/classifier_task.h"
#include "core/train/initial_weights.h"
#include "core/train/pack_writer.h"
#include "core/train/run_folder.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

Result<Done> checkPlanes(const ClassifierTrainRequest& request, const ClassifierRecipe& recipe) {
    const bool isGrid = recipe.readsVectors() ? request.height == 1 : request.height >= 1;
    const bool fits = isGrid && request.width >= 1 && request.channels == static_cast<int>(recipe.input().planes.size());
    if (fits) return Done{};
    return Error{ErrorCode::InvalidArgument, "the films do not have the planes that the recipe's input names"};
}

Result<Done> begin(TrainingLoop& loop, const ClassifierTrainRequest& request) {
    const auto opened = openRunFolder(loop, request.outFolder, request.resume);
    if (!opened.isOk()) return Error(opened.error());
    if (opened.value() || request.initialPack.empty()) return Done{};
    const auto taken = takeOverWeights(request.initialPack, loop.network());
    if (!taken.isOk()) return Error(taken.error());
    loop.adoptFirstWeights();
    if (request.log) {
        request.log("first weights: " + std::to_string(taken.value().taken) + " of " + std::to_string(taken.value().all) +
                    " arrays taken over");
    }
    return Done{};
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string result = "\"";
    for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
}

std::string number(double value) {
    if (std::isnan(value)) return {};
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", value);
    return buffer;
}

std::string csvOf(const ClassifierTrainRequest& request, const ClassifierRecipe& recipe, const Split& split,
                  const std::vector<std::vector<double>>& logits) {
    std::string csv = "name,group,fold";
    for (const char* kind : {"_logit", "_label"}) {
        for (const auto& output : recipe.pack.outputs) csv += "," + quoted(output.name + kind);
    }
    csv += "\n";
    for (std::size_t row = 0; row < split.heldOut.size(); ++row) {
        const LabelledInput& film = request.films[split.heldOut[row]];
        csv += quoted(film.name) + "," + quoted(film.group) + "," + std::to_string(request.fold);
        for (const double logit : logits[row]) csv += "," + number(logit);
        for (const float label : film.labels) csv += "," + number(label);
        csv += "\n";
    }
    return csv;
}

std::vector<std::vector<double>> rowsOf(const torch::Tensor& logits) {
    const auto values = logits.to(torch::kDouble).contiguous();
    std::vector<std::vector<double>> rows;
    for (std::int64_t i = 0; i < values.size(0); ++i) {
        const double* row = values[i].data_ptr<double>();
        rows.emplace_back(row, row + values.size(1));
    }
    return rows;
}

Result<Done> predictHeldOut(const ClassifierTrainRequest& request, const ClassifierRecipe& recipe, const Split& split,
                            const ClassifierTask& task, nn::Network& network, ClassifierTrainSummary& summary,
                            const RunContext& context) {
    if (split.heldOut.empty()) return Done{};
    const std::vector<std::int64_t> films(split.heldOut.begin(), split.heldOut.end());
    auto logits = task.logits(network, films, /*mirrored=*/false, /*exact=*/true, context);
    if (logits.defined() && recipe.testTimeMirror) {
        const auto mirrored = task.logits(network, films, /*mirrored=*/true, /*exact=*/true, context);
        logits = mirrored.defined() ? (logits + mirrored) / 2 : mirrored;
    }
    if (!logits.defined()) return Error{ErrorCode::Cancelled, "training was stopped; resume it to go on"};
    summary.heldOutLogits = rowsOf(logits);
    for (const std::size_t i : split.heldOut) summary.heldOutNames.push_back(request.films[i].name);
    return writeFileAtomically(request.outFolder / "predictions.csv", csvOf(request, recipe, split, summary.heldOutLogits));
}

// AUC of the weights that were kept: of the last stage's best epoch or of its last one.
double keptAuc(const std::vector<EpochRow>& rows, Select select) {
    double best = 0;
    for (auto row = rows.rbegin(); row != rows.rend() && row->stage == rows.back().stage; ++row) {
        const auto& scores = row->monitor.scores;
        if (!scores.empty() && !std::isnan(scores[0])) best = std::max(best, scores[0]);
        if (select == Select::Last) break;
    }
    return best;
}

ClassifierTrainSummary summaryOf(const Progress& progress, const ClassifierRecipe& recipe, std::size_t films) {
    ClassifierTrainSummary summary;
    summary.epochs = static_cast<int>(progress.rows.size());
    summary.bestMonitorAuc = keptAuc(progress.rows, recipe.select);
    double seconds = 0;
    for (const EpochRow& row : progress.rows) seconds += row.trainingSeconds;
    summary.secondsPer1000Films = 1000 * seconds / static_cast<double>(films * progress.rows.size());
    return summary;
}

}  // namespace

Result<ClassifierTrainSummary> runClassifierTraining(const ClassifierTrainRequest& request, const torch::Device& device,
                                                     const RunContext& context) {
    const auto recipe = parseClassifierRecipe(request.recipeJson);
    if (!recipe.isOk()) return Error(recipe.error());
    const ClassifierRecipe& r = recipe.value();
    const std::size_t classes = r.pack.outputs.size();
    if (auto checked = checkRequest(request, r.folds); !checked.isOk()) return std::move(checked).error();
    if (auto checked = checkPlanes(request, r); !checked.isOk()) return std::move(checked).error();
    const auto data = ClassifierDataset::fromRequest(request, classes);
    if (!data.isOk()) return Error(data.error());
    const Split split = splitFilms(keysOf(request.films), r.folds, request.fold, r.monitorFraction, r.seed);
    if (split.training.empty()) return Error{ErrorCode::InvalidArgument, "there is no film to train on"};
    auto made = TrainingLoop::create(r, device);
    if (!made.isOk()) return std::move(made).error();
    TrainingLoop& loop = *made.value();
    ClassifierTask task(r, data.value(), split, device);
    task.enter(r.stages.back());
    if (auto checked = task.check(loop.network()); !checked.isOk()) return std::move(checked).error();
    if (auto begun = begin(loop, request); !begun.isOk()) return std::move(begun).error();
    auto done = loop.run(task, request.outFolder, request.log, context);
    if (!done.isOk()) return std::move(done).error();
    ClassifierTrainSummary summary = summaryOf(loop.progress(), r, split.training.size());
    auto predicted = predictHeldOut(request, r, split, task, *loop.keptNetwork(), summary, context);
    if (!predicted.isOk()) return std::move(predicted).error();
    auto pack = writePack(r.pack, *loop.keptNetwork(), request.outFolder);
    if (!pack.isOk()) return std::move(pack).error();
    summary.packFolder = pack.value();
    return summary;
}

}  // namespace cxr::train
