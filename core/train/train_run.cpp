// The steps of a run.
#include "core/train/train_run.h"

#include "core/train/pack_writer.h"
#include "core/train/trainer.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

Result<Done> checkRequest(const TrainRequest& request, const Recipe& recipe) {
    const auto wrong = [](const std::string& what) { return Error{ErrorCode::InvalidArgument, what}; };
    if (request.films.empty()) return wrong("there is no film to train on");
    if (request.fold < -1 || request.fold >= recipe.folds) {
        return wrong("the fold must lie between 0 and " + std::to_string(recipe.folds - 1));
    }
    if (!request.resume && fs::exists(request.outFolder / "checkpoint.pt")) {
        return wrong("the output folder holds a run already; resume it or choose another folder");
    }
    std::error_code failed;
    fs::create_directories(request.outFolder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the output folder: " + failed.message()};
    return Done{};
}

TrainSummary summaryOf(const Trainer& trainer, const TrainRequest& request, const Split& split, const fs::path& pack) {
    TrainSummary summary;
    summary.packFolder = pack;
    summary.epochs = static_cast<int>(trainer.progress().rows.size());
    summary.bestValidationDice = trainer.progress().bestDice;
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
    if (auto checked = checkRequest(request, r); !checked.isOk()) return std::move(checked).error();
    auto trainer = Trainer::create(r, device);
    if (!trainer.isOk()) return std::move(trainer).error();
    const fs::path checkpoint = request.outFolder / "checkpoint.pt";
    if (request.resume && fs::exists(checkpoint)) {
        if (auto loaded = trainer.value()->load(checkpoint); !loaded.isOk()) return std::move(loaded).error();
    }
    const Split split = splitFilms(request.films, r.folds, request.fold, r.monitorFraction, r.seed);
    if (!trainer.value()->progress().isFinished(r)) {
        auto data = Dataset::fromFilms(request.films, r.stages.back().size, context);
        if (!data.isOk()) return std::move(data).error();
        auto done = trainer.value()->run(data.value(), split, request.outFolder, request.log, context);
        if (!done.isOk()) return std::move(done).error();
    }
    auto pack = writePack(r, *trainer.value()->bestNetwork(), request.outFolder);
    if (!pack.isOk()) return std::move(pack).error();
    return summaryOf(*trainer.value(), request, split, pack.value());
}

}  // namespace cxr::train
