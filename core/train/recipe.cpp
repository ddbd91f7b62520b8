// Reads a recipe; every key has a default except id, architecture and stages.
#include "core/train/recipe.h"

namespace cxr::train {
namespace {

using nlohmann::json;

Error outOfRange(const std::string& key) {
    return {ErrorCode::InvalidArgument, "the recipe's \"" + key + "\" is outside its range"};
}

template <typename T>
void take(const json& from, const char* key, T& value) {
    if (from.contains(key)) value = from.at(key).get<T>();
}

Augmentation augmentationFrom(const json& j) {
    Augmentation a;
    take(j, "rotation_deg", a.rotationDeg);
    take(j, "log_scale", a.logScale);
    take(j, "log_aspect", a.logAspect);
    take(j, "translation", a.translation);
    take(j, "mirror_probability", a.mirrorProbability);
    take(j, "log_gamma", a.logGamma);
    take(j, "log_contrast", a.logContrast);
    take(j, "brightness", a.brightness);
    take(j, "inversion_probability", a.inversionProbability);
    take(j, "noise", a.noise);
    take(j, "blur_probability", a.blurProbability);
    take(j, "local_contrast", a.localContrast);
    take(j, "local_probability", a.localProbability);
    take(j, "black_margin_probability", a.blackMarginProbability);
    return a;
}

Stage stageFrom(const json& j) {
    Stage stage;
    take(j, "size", stage.size);
    take(j, "epochs", stage.epochs);
    take(j, "batch", stage.batch);
    take(j, "learning_rate", stage.learningRate);
    take(j, "augmentation_strength", stage.augmentationStrength);
    return stage;
}

Recipe recipeFrom(const json& j) {
    Recipe r;
    r.id = j.at("id").get<std::string>();
    r.name = j.value("name", r.id);
    r.version = j.value("version", std::string("1.0.0"));
    r.architecture = j.at("architecture");
    r.manifest = j.value("manifest", json::object());
    for (const auto& stage : j.at("stages")) r.stages.push_back(stageFrom(stage));
    take(j, "seed", r.seed);
    take(j, "folds", r.folds);
    take(j, "monitor_fraction", r.monitorFraction);
    take(j, "weight_decay", r.weightDecay);
    take(j, "ema_decay", r.emaDecay);
    take(j, "patience", r.patience);
    take(j, "bce_weight", r.bceWeight);
    take(j, "dice_weight", r.diceWeight);
    take(j, "organ_weights", r.organWeights);
    take(j, "bfloat16", r.bfloat16);
    r.augmentation = augmentationFrom(j.value("augmentation", json::object()));
    return r;
}

Result<Done> checkRanges(const Recipe& r) {
    if (r.id.empty() || r.id.find('/') != std::string::npos) return outOfRange("id");
    if (r.stages.empty()) return outOfRange("stages");
    for (const Stage& stage : r.stages) {
        if (stage.size < 32 || stage.size > 1024 || stage.size % 16 != 0) return outOfRange("size");
        if (stage.epochs < 1 || stage.epochs > 10000) return outOfRange("epochs");
        if (stage.batch < 1 || stage.batch > 512) return outOfRange("batch");
        if (!(stage.learningRate > 0 && stage.learningRate <= 1)) return outOfRange("learning_rate");
        const bool isShare = stage.augmentationStrength >= 0 && stage.augmentationStrength <= 1;
        if (!isShare) return outOfRange("augmentation_strength");
    }
    if (r.folds < 2 || r.folds > 100) return outOfRange("folds");
    if (!(r.monitorFraction >= 0 && r.monitorFraction <= 0.5)) return outOfRange("monitor_fraction");
    if (!(r.emaDecay >= 0 && r.emaDecay < 1)) return outOfRange("ema_decay");
    if (!(r.weightDecay >= 0 && r.weightDecay < 1)) return outOfRange("weight_decay");
    if (r.patience < 1) return outOfRange("patience");
    return Done{};
}

}  // namespace

Augmentation weakened(const Augmentation& full, double strength) {
    Augmentation a = full;
    for (double* value : {&a.rotationDeg, &a.logScale, &a.logAspect, &a.translation, &a.mirrorProbability, &a.logGamma,
                          &a.logContrast, &a.brightness, &a.inversionProbability, &a.noise, &a.blurProbability,
                          &a.localContrast, &a.localProbability, &a.blackMarginProbability}) {
        *value *= strength;
    }
    return a;
}

Result<Recipe> parseRecipe(const std::string& text) {
    Recipe recipe;
    try {
        recipe = recipeFrom(json::parse(text));
    } catch (const json::exception& wrong) {
        return Error{ErrorCode::Corrupt, std::string("the recipe cannot be read: ") + wrong.what()};
    }
    if (auto ranges = checkRanges(recipe); !ranges.isOk()) return std::move(ranges).error();
    return recipe;
}

}  // namespace cxr::train
