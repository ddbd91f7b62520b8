#include "app/cli/commands/train.h"

#include <cstdio>
#include <filesystem>

#include "app/cli/analysis_options.h"
#include "app/cli/classifier_training.h"
#include "app/cli/commands/heart_region.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/pipeline/classifier_recipe.h"
#include "core/pipeline/heart_dataset.h"
#include "core/pipeline/training_curves.h"
#include "core/pipeline/training_run.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct TrainOptions {
    std::string recipe;
    ClassifierTraining run;  // a segmentation reads data, out, fold, resume, device and threads
    std::vector<std::string> sites;
};

Result<Done> finish(const TrainSummary& summary, const fs::path& out) {
    if (auto written = writeHeldOut(out, summary.packFolder, summary.validationNames); !written.isOk()) return written;
    const auto log = readWholeFile(out / "log.csv");
    if (!log.isOk()) return Error(log.error());
    return drawTrainingCurves(log.value(), summary.packFolder / "curves");
}

int trainSegmentation(const TrainOptions& options, const std::string& recipe, const RunContext& context) {
    const ClassifierTraining& run = options.run;
    if (run.data.size() != 1) return complainUsage("a segmentation takes one --data folder");
    if (!run.initialPack.empty()) return complainUsage("--init is for classification recipes");
    auto engine = run.network.engine();
    if (!engine.isOk()) return complain(engine.error());
    auto films = readHeartDataset(run.data.front(), options.sites, context);
    if (!films.isOk()) return complain(films.error());
    remark(std::to_string(films.value().size()) + " films read; training begins");
    TrainRequest request;
    request.recipeJson = recipe;
    request.films = std::move(films).value();
    request.outFolder = run.out;
    request.resume = run.resume;
    request.fold = run.fold;
    request.device = run.network.analysis().device;
    request.log = [](const std::string& line) { remark(line); };
    const auto summary = engine.value()->train(request, context);
    if (!summary.isOk()) return complain(summary.error());
    if (auto done = finish(summary.value(), run.out); !done.isOk()) return complain(done.error());
    std::printf("%s: %d epochs, monitor Dice %.4f, %zu films held out\n", summary.value().packFolder.c_str(),
                summary.value().epochs, summary.value().bestValidationDice, summary.value().validationNames.size());
    return kAllWell;
}

int runTrain(const TrainOptions& options, const RunContext& context) {
    const auto recipe = readWholeFile(options.recipe, 1 << 20);
    if (!recipe.isOk()) return complain(recipe.error());
    const auto task = taskOfRecipe(recipe.value());
    if (!task.isOk()) return complain(task.error());
    if (task.value() == "classification") return trainClassifier(options.run, recipe.value(), context);
    return trainSegmentation(options, recipe.value(), context);
}

}  // namespace

void addTrain(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<TrainOptions>();
    CLI::App* verb = program.add_subcommand("train", "Trains a network by a recipe and writes it as a model pack");
    auto* recipe = verb->add_option("RECIPE", options->recipe, "A recipe, for example models/recipes/heart-lungs.json");
    ClassifierTraining& run = options->run;
    auto* data = verb->add_option("--data", run.data, "Data sets: folders with a CSV of labels; for a segmentation one folder with image/, "
                                                      "heart/, left_lung/, right_lung/, or a parent of such folders");
    auto* out = verb->add_option("--out", run.out, "Folder for checkpoint, log, curves and the pack");
    verb->add_flag("--resume", run.resume, "Goes on where the run in --out stopped");
    verb->add_option("--fold", run.fold, "Holds this fold out, from 0 (-1: trains on all)");
    verb->add_option("--site", options->sites, "Segmentation: only these site folders (all)");
    verb->add_option("--init", run.initialPack, "Classification: a pack whose weights of equal name and shape are taken over");
    verb->add_option("--cache", run.cache, "Classification: folder that keeps prepared films, so that further runs begin at once");
    run.network.addTo(*verb);
    verb->get_option("--pack")->description("Folder of the heart-lungs pack that finds the thorax (the one that is installed)");
    verb->footer(examples({"precordia-cli train models/recipes/heart-lungs.json --data heart --out run --fold 0",
                           "precordia-cli train models/recipes/chest14.json --data nih14 --out run --fold 0 --cache planes",
                           "precordia-cli train heart-region --data heart --pack run/heart-lungs --out heart_region.png",
                           "precordia-cli train heart-region --relevance --data nih14 --pack run/cardiomegaly --out heart_region.png"}));
    addHeartRegion(*verb, chosen);
    verb->require_subcommand(0, 1);
    verb->callback([options, verb, recipe, data, out, &chosen] {
        if (!verb->get_subcommands().empty()) return;
        for (const auto* needed : {recipe, data, out}) {
            if (needed->count() == 0) throw CLI::RequiredError(needed->get_name());
        }
        chosen = [options](const RunContext& context) { return runTrain(*options, context); };
    });
}

}  // namespace cxr::cli
