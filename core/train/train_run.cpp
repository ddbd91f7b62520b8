// The steps of a segmentation run.
#include "core/train/train_run.h"

#include "core/train/pack_writer.h"
#include "core/train/run_folder.h"
#include "core/train/segmentation_task.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

// Standard codes: SNOMED CT, as DICOM CID 4031 and segmentation objects name these structures.
std::vector<ModelOutput> organs() {
    return {{"heart", "Heart", "SCT", "80891009", {}, {}, {}, {}},
            {"left_lung", "Left lung", "SCT", "44029006", {}, {}, {}, {}},
            {"right_lung", "Right lung", "SCT", "3341006", {}, {}, {}, {}}};
}

Manifest manifestOf(const Recipe& recipe) {
    Manifest manifest = manifestOf(static_cast<const Plan&>(recipe));
    manifest.task = "segmentation";
    manifest.input.size = recipe.stages.back().size;
    manifest.input.framing = "letterbox";
    manifest.input.normalisation = "film-z-score";
    manifest.outputs = organs();
    return manifest;
}

TrainSummary summaryOf(const Progress& progress, const TrainRequest& request, const Split& split, const fs::path& pack) {
    TrainSummary summary;
    summary.packFolder = pack;
    summary.epochs = static_cast<int>(progress.rows.size());
    summary.bestValidationDice = progress.bestScore;
    for (const std::size_t i : split.heldOut) {
        summary.validationNames.push_back(request.films[i].site + "/" + request.films[i].name);
    }
    return summary;
}

}  // namespace

Result<TrainSummary> runTraining(const TrainRequest& request, const torch::Device& device, const RunContext& context) {
    const auto recipe = parseRecipe(request.recipeJson);
    if (!recipe.isOk()) return Error(recipe.error());
    const Recipe& r = recipe.value();
    if (auto checked = checkRequest(request, r.folds); !checked.isOk()) return std::move(checked).error();
    auto made = TrainingLoop::create(r, device);
    if (!made.isOk()) return std::move(made).error();
    TrainingLoop& loop = *made.value();
    if (auto opened = openRunFolder(loop, request.outFolder, request.resume); !opened.isOk()) return std::move(opened).error();
    const Split split = splitFilms(keysOf(request.films), r.folds, request.fold, r.monitorFraction, r.seed);
    if (split.training.empty()) return Error{ErrorCode::InvalidArgument, "there is no film to train on"};
    if (!loop.progress().isFinished(r)) {
        auto data = Dataset::fromFilms(request.films, r.stages.back().size, context);
        if (!data.isOk()) return std::move(data).error();
        SegmentationTask task(r, data.value(), split, device);
        auto done = loop.run(task, request.outFolder, request.log, context);
        if (!done.isOk()) return std::move(done).error();
    }
    auto pack = writePack(manifestOf(r), *loop.keptNetwork(), request.outFolder);
    if (!pack.isOk()) return std::move(pack).error();
    return summaryOf(loop.progress(), request, split, pack.value());
}

}  // namespace cxr::train
