// Reads what all recipes share; every key has a default except id, architecture and stages.
#include "core/train/plan.h"

namespace cxr::train {
namespace {

using nlohmann::json;

void readAugmentation(const json& j, Augmentation& a) {
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
    take(j, "erase_probability", a.eraseProbability);
}

Stage stageFrom(const json& j) {
    Stage stage;
    take(j, "size", stage.size);
    take(j, "epochs", stage.epochs);
    take(j, "batch", stage.batch);
    take(j, "accumulate", stage.accumulate);
    take(j, "learning_rate", stage.learningRate);
    take(j, "augmentation_strength", stage.augmentationStrength);
    take(j, "freeze", stage.freeze);
    return stage;
}

// A word of the recipe that must be one of two.
bool readChoice(const json& j, const char* key, const char* first, const char* second, bool isFirst) {
    if (!j.contains(key)) return isFirst;
    const std::string word = j.at(key).get<std::string>();
    if (word != first && word != second) throw json::other_error::create(501, std::string(key) + " is unknown", &j);
    return word == first;
}

Result<Done> checkStage(const Stage& stage) {
    if (stage.size < 32 || stage.size > 1024) return outOfRange("size");
    if (stage.epochs < 1 || stage.epochs > 10000) return outOfRange("epochs");
    if (stage.batch < 1 || stage.batch > 4096) return outOfRange("batch");
    if (stage.accumulate < 1 || stage.accumulate > 1024) return outOfRange("accumulate");
    if (!(stage.learningRate > 0 && stage.learningRate <= 1)) return outOfRange("learning_rate");
    const bool isShare = stage.augmentationStrength >= 0 && stage.augmentationStrength <= 1;
    return isShare ? Result<Done>(Done{}) : outOfRange("augmentation_strength");
}

}  // namespace

Error outOfRange(const std::string& key) {
    return {ErrorCode::InvalidArgument, "the recipe's \"" + key + "\" is outside its range"};
}

Augmentation weakened(const Augmentation& full, double strength) {
    Augmentation a = full;
    for (double* value : {&a.rotationDeg, &a.logScale, &a.logAspect, &a.translation, &a.mirrorProbability, &a.logGamma,
                          &a.logContrast, &a.brightness, &a.inversionProbability, &a.noise, &a.blurProbability,
                          &a.localContrast, &a.localProbability, &a.blackMarginProbability, &a.eraseProbability}) {
        *value *= strength;
    }
    return a;
}

void readPlan(const json& j, Plan& p) {
    p.id = j.at("id").get<std::string>();
    p.name = j.value("name", p.id);
    p.version = j.value("version", std::string("1.0.0"));
    p.architecture = j.at("architecture");
    p.manifest = j.value("manifest", json::object());
    for (const auto& stage : j.at("stages")) p.stages.push_back(stageFrom(stage));
    take(j, "seed", p.seed);
    take(j, "folds", p.folds);
    take(j, "monitor_fraction", p.monitorFraction);
    take(j, "weight_decay", p.weightDecay);
    const json optimiser = j.value("optimiser", json::object());
    take(optimiser, "weight_decay", p.weightDecay);
    const bool isAdamW = readChoice(optimiser, "name", "adamw", "adam", p.optimizer == OptimizerKind::AdamW);
    p.optimizer = isAdamW ? OptimizerKind::AdamW : OptimizerKind::Adam;
    take(j, "ema_decay", p.emaDecay);
    take(j, "patience", p.patience);
    p.select = readChoice(j, "select", "best", "last", p.select == Select::Best) ? Select::Best : Select::Last;
    take(j, "bfloat16", p.bfloat16);
    readAugmentation(j.value("augmentation", json::object()), p.augmentation);
}

Result<Done> checkPlan(const Plan& p) {
    if (p.id.empty() || p.id.find('/') != std::string::npos) return outOfRange("id");
    if (p.stages.empty()) return outOfRange("stages");
    for (const Stage& stage : p.stages) {
        if (auto checked = checkStage(stage); !checked.isOk()) return checked;
    }
    if (p.folds < 2 || p.folds > 100) return outOfRange("folds");
    if (!(p.monitorFraction >= 0 && p.monitorFraction <= 0.5)) return outOfRange("monitor_fraction");
    if (!(p.emaDecay >= 0 && p.emaDecay < 1)) return outOfRange("ema_decay");
    if (!(p.weightDecay >= 0 && p.weightDecay < 1)) return outOfRange("weight_decay");
    if (p.patience < 0) return outOfRange("patience");
    return Done{};
}

}  // namespace cxr::train
