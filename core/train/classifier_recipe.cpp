// Reads a classification recipe.
#include "core/train/classifier_recipe.h"

#include <map>

#include "core/nn/planes_input.h"
#include "core/train/pack_writer.h"

namespace cxr::train {
namespace {

using nlohmann::json;

LossOptions lossFrom(const json& j) {
    static const std::map<std::string, LossKind> kKinds{{"bce", LossKind::Bce},
                                                        {"weighted-bce", LossKind::WeightedBce},
                                                        {"soft-margin", LossKind::SoftMargin},
                                                        {"focal", LossKind::Focal}};
    const json options = j.is_string() ? json{{"name", j}} : j;
    const std::string name = options.value("name", std::string("bce"));
    if (!kKinds.contains(name)) throw json::other_error::create(501, "there is no loss \"" + name + "\"", &j);
    LossOptions loss;
    loss.kind = kKinds.at(name);
    take(options, "weight", loss.weight);
    take(options, "positive_weight", loss.positiveWeight);
    take(options, "focal_gamma", loss.focalGamma);
    take(options, "ecr", loss.ecr);
    take(options, "refined", loss.refined);
    take(options, "auxiliary", loss.auxiliary);
    return loss;
}

// As pipeline/classifier_recipe.h fills it in: z-score, and one channel per plane (three for imagenet).
json completedInput(json input) {
    if (!input.contains("normalisation")) input["normalisation"] = "film-z-score";
    if (input.contains("channels")) return input;
    const auto planes = input.contains("planes") ? input["planes"].size() : 1;
    input["channels"] = input["normalisation"] == "imagenet" ? 3 : planes;
    return input;
}

// The manifest is read by its own reader, so that a recipe's input and classes obey the same rules as a pack's.
Result<Manifest> manifestFrom(const json& j, const Plan& plan) {
    json model = json::parse(toJson(manifestOf(plan)));
    model["task"] = "classification";
    model["input"] = completedInput(j.at("input"));
    model["outputs"] = j.at("classes");
    model["weights"] = {{"file", "weights.safetensors"}, {"sha256", std::string(64, '0')}};
    return parseManifest(model.dump());
}

ClassifierRecipe recipeFrom(const json& j) {
    ClassifierRecipe r;
    r.select = Select::Last;
    r.patience = 0;
    r.monitorFraction = 0.1;
    r.augmentation.mirrorProbability = 0;
    readPlan(j, r);
    r.loss = lossFrom(j.value("loss", json::object()));
    for (const auto& entry : j.at("classes")) r.loss.classWeights.push_back(entry.value("weight", 1.0));
    take(j, "label_smoothing", r.loss.labelSmoothing);
    take(j, "balanced_sampling", r.balancedSampling);
    take(j, "mixup", r.mixup);
    take(j, "test_time_mirror", r.testTimeMirror);
    return r;
}

Result<Done> checkRanges(const ClassifierRecipe& r) {
    const auto isWithin = [](double value, double low, double high) { return value >= low && value <= high; };
    const LossOptions& loss = r.loss;
    if (!isWithin(loss.weight, 0, 100) || !isWithin(loss.positiveWeight, 0, 100)) return outOfRange("loss weight");
    for (const double weight : loss.classWeights) {
        if (!isWithin(weight, 0, 100)) return outOfRange("weight");
    }
    if (!isWithin(loss.focalGamma, 0, 10)) return outOfRange("focal_gamma");
    if (!isWithin(loss.ecr, 0, 100)) return outOfRange("ecr");
    if (!isWithin(loss.refined, 0, 100)) return outOfRange("refined");
    if (!isWithin(loss.auxiliary, 0, 100)) return outOfRange("auxiliary");
    if (!isWithin(loss.labelSmoothing, 0, 0.5)) return outOfRange("label_smoothing");
    if (!isWithin(r.balancedSampling, 0, 1)) return outOfRange("balanced_sampling");
    if (!isWithin(r.mixup, 0, 10)) return outOfRange("mixup");
    if (r.select == Select::Best && r.monitorFraction == 0) {
        return Error{ErrorCode::InvalidArgument, "\"select\": \"best\" needs a \"monitor_fraction\" above 0"};
    }
    if (r.readsVectors() && (loss.ecr > 0 || r.testTimeMirror)) {
        return Error{ErrorCode::InvalidArgument, "\"ecr\" and \"test_time_mirror\" need pictures, not HeartSpot vectors"};
    }
    if (!r.readsVectors() && r.stages.back().size != r.input().size) {
        return Error{ErrorCode::InvalidArgument, "the last stage's \"size\" must be the input's"};
    }
    return nn::checkPlanesInput(r.input());
}

}  // namespace

Result<ClassifierRecipe> parseClassifierRecipe(const std::string& text) {
    ClassifierRecipe recipe;
    try {
        const json j = json::parse(text);
        if (j.value("task", std::string()) != "classification") {
            return Error{ErrorCode::InvalidArgument, "the recipe's \"task\" is not \"classification\""};
        }
        recipe = recipeFrom(j);
        if (auto checked = checkPlan(recipe); !checked.isOk()) return std::move(checked).error();
        auto manifest = manifestFrom(j, recipe);
        if (!manifest.isOk()) return std::move(manifest).error().within("the recipe's input or classes");
        recipe.pack = std::move(manifest).value();
    } catch (const json::exception& wrong) {
        return Error{ErrorCode::Corrupt, std::string("the recipe cannot be read: ") + wrong.what()};
    }
    if (auto ranges = checkRanges(recipe); !ranges.isOk()) return std::move(ranges).error();
    return recipe;
}

}  // namespace cxr::train
