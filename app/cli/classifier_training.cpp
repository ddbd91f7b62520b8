#include "app/cli/classifier_training.h"

#include <cmath>
#include <cstdio>

#include "app/cli/command.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/pipeline/classifier_dataset.h"
#include "core/pipeline/network_input.h"
#include "core/pipeline/training_curves.h"
#include "core/pipeline/training_run.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

Result<FilmTable> tableOf(const ClassifierTraining& options, const ClassifierRecipe& recipe, const RunContext& context) {
    const std::vector<fs::path> folders(options.data.begin(), options.data.end());
    Result<FilmTable> table = classifierTable(folders, recipe, options.fold, context);
    if (!table.isOk()) return table;
    for (const std::string& note : table.value().notes) remark("note: " + note);
    for (std::size_t i = 0; i < recipe.classes.size(); ++i) {
        std::size_t positives = 0, known = 0;
        for (const FilmRecord& film : table.value().films) {
            known += std::isnan(film.labels[i]) ? 0 : 1;
            positives += film.labels[i] > 0.5F ? 1 : 0;
        }
        if (known > 0) remark(recipe.classes[i] + ": " + std::to_string(positives) + " of " + std::to_string(known) + " films");
    }
    return table;
}

Result<ClassifierDataset> datasetOf(const ClassifierTraining& options, const ClassifierRecipe& recipe, const FilmTable& table,
                                    Engine& engine, const RunContext& context) {
    FilmSegmenter segmenter;
    if (readsHeartAndLungs(recipe)) {
        Result<FilmSegmenter> found = heartLungsSegmenter(engine, options.network.pack);
        if (!found.isOk()) return std::move(found).error();
        segmenter = std::move(found).value();
    }
    ProgressBar bar("prepare films");
    const RunContext shown{context.stop, [&](double done) { bar.show(done, std::to_string(std::lround(100 * done)) + " %"); }};
    return classifierDataset(table, recipe.input, segmenter, options.cache, shown);
}

Result<Done> finish(const fs::path& out, const ClassifierTrainSummary& summary) {
    if (auto written = writeHeldOut(out, summary.packFolder, summary.heldOutNames); !written.isOk()) return written;
    const auto log = readWholeFile(out / "log.csv");
    if (!log.isOk()) return Error(log.error());
    return drawTrainingCurves(log.value(), summary.packFolder / "curves");
}

Result<ClassifierTrainSummary> train(const ClassifierTraining& options, const ClassifierRecipe& recipe, const RunContext& context) {
    auto engine = options.network.engine();
    if (!engine.isOk()) return std::move(engine).error();
    const Result<FilmTable> table = tableOf(options, recipe, context);
    if (!table.isOk()) return table.error();
    Result<ClassifierDataset> made = datasetOf(options, recipe, table.value(), *engine.value(), context);
    if (!made.isOk()) return std::move(made).error();
    ClassifierDataset dataset = std::move(made).value();
    if (dataset.untrusted > 0) remark("note: " + std::to_string(dataset.untrusted) + " films show no usable lungs and are cropped round their centre");
    remark(std::to_string(dataset.films.size()) + " films ready; training begins");
    ClassifierTrainRequest request;
    request.recipeJson = recipe.json;
    request.films = std::move(dataset.films);
    request.channels = dataset.channels;
    request.height = dataset.height;
    request.width = dataset.width;
    request.outFolder = options.out;
    request.initialPack = options.initialPack;
    request.resume = options.resume;
    request.fold = options.fold;
    request.device = options.network.analysis().device;
    request.log = [](const std::string& line) { remark(line); };
    return engine.value()->trainClassifier(request, context);
}

}  // namespace

int trainClassifier(const ClassifierTraining& options, const std::string& recipeJson, const RunContext& context) {
    const Result<ClassifierRecipe> recipe = parseClassifierRecipe(recipeJson);
    if (!recipe.isOk()) return complain(recipe.error());
    const Result<ClassifierTrainSummary> trained = train(options, recipe.value(), context);
    if (!trained.isOk()) return complain(trained.error());
    const ClassifierTrainSummary& summary = trained.value();
    if (auto done = finish(options.out, summary); !done.isOk()) return complain(done.error());
    std::printf("%s: %d epochs, monitor AUC %.4f, %zu films held out, %.1f s a 1,000 films and epoch\n", summary.packFolder.c_str(),
                summary.epochs, summary.bestMonitorAuc, summary.heldOutNames.size(), summary.secondsPer1000Films);
    return kAllWell;
}

}  // namespace cxr::cli
