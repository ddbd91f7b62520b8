// Recipe JSON to values.
#include "core/pipeline/classifier_recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/model/framing.h"
#include "core/prior/pooling.h"
#include "core/prior/prior_spec.h"

namespace cxr {
namespace {

using Json = nlohmann::json;

Error invalid(const std::string& what) { return Error{ErrorCode::InvalidArgument, "recipe: " + what}; }

Result<Json> parsed(const std::string& text) {
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return Error{ErrorCode::Corrupt, "the recipe is not a JSON object"};
    return json;
}

// Replaces the prior's name by the prior and fills in its hash and its picture's side.
Result<Done> complete(Json& input) {
    if (!readsHeartSpot(input.value("framing", ""))) return input.contains("prior") ? Result<Done>(invalid("input.prior needs a heartspot framing")) : Done{};
    if (!input.contains("prior")) return invalid("input.prior is missing; name one, for example \"mp+rhline+heart\"");
    const Json& given = input["prior"];
    const Result<PriorSpec> prior = given.is_string() ? priorByName(given.get<std::string>()) : priorFromJson(given.dump());
    if (!prior.isOk()) return Error(prior.error()).within("recipe: input");
    input["prior"] = Json::parse(prior.value().toJson());
    if (!input.contains("prior_hash")) input["prior_hash"] = prior.value().hash();
    const int side = prior.value().pool ? pooledSide(prior.value().size, *prior.value().pool) : prior.value().size;
    if (!input.contains("size")) input["size"] = side;
    return Done{};
}

// Values of the input; types are checked by the caller's try.
Result<ModelInput> inputOf(const Json& json) {
    ModelInput input;
    input.size = json.at("size").get<int>();
    input.channels = json.value("channels", 1);
    input.framing = json.at("framing").get<std::string>();
    input.normalisation = json.value("normalisation", "film-z-score");
    if (json.contains("planes")) input.planes = json["planes"].get<std::vector<std::string>>();
    if (json.contains("prior")) {
        input.priorJson = json["prior"].dump();
        input.priorHash = json.at("prior_hash").get<std::string>();
    }
    if (input.size < 32 || input.size > 2048) return invalid("input.size must be a whole number from 32 to 2048");
    if (input.planes.empty() || input.planes[0] != "film") return invalid("input.planes must begin with \"film\"");
    return input;
}

Result<std::vector<std::string>> classesOf(const Json& json) {
    std::vector<std::string> names;
    for (const Json& entry : json) names.push_back(entry.at("name").get<std::string>());
    if (names.empty()) return invalid("classes must not be empty");
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return invalid("classes must differ in name");
    return names;
}

Result<ClassifierDataOptions> dataOf(const Json& json) {
    static const std::vector<std::string> known{"sizes", "image_folders", "views", "soft_labels", "blank"};
    for (const auto& [key, value] : json.items()) {
        if (std::find(known.begin(), known.end(), key) == known.end()) return invalid("data has no setting \"" + key.substr(0, 40) + "\"");
    }
    ClassifierDataOptions data;
    const std::string blank = json.value("blank", "unknown");
    if (blank != "unknown" && blank != "negative") return invalid("data.blank must be \"unknown\" or \"negative\"");
    data.softWeight = json.value("soft_labels", 0.0);
    if (!(data.softWeight >= 0 && data.softWeight <= 1)) return invalid("data.soft_labels must be a number from 0 to 1");
    data.table.softLabels = data.softWeight > 0;
    data.table.blank = blank == "negative" ? BlankLabel::Negative : BlankLabel::Unknown;
    data.table.pictureSizes = false;
    data.table.views = json.value("views", std::vector<std::string>{});
    data.table.imageFolders = json.value("image_folders", std::vector<std::string>{});
    for (const int size : json.value("sizes", std::vector<int>{})) data.table.imageFolders.push_back("images_" + std::to_string(size));
    return data;
}

Result<ClassifierRecipe> recipeOf(Json json) {
    if (const Result<Done> done = complete(json.at("input")); !done.isOk()) return done.error();
    Result<ModelInput> input = inputOf(json["input"]);
    if (!input.isOk()) return std::move(input).error();
    Result<std::vector<std::string>> classes = classesOf(json.at("classes"));
    if (!classes.isOk()) return std::move(classes).error();
    Result<ClassifierDataOptions> data = dataOf(json.value("data", Json::object()));
    if (!data.isOk()) return std::move(data).error();
    return ClassifierRecipe{json.dump(), std::move(input).value(), std::move(classes).value(), std::move(data).value()};
}

}  // namespace

Result<std::string> taskOfRecipe(const std::string& text) {
    const Result<Json> json = parsed(text);
    if (!json.isOk()) return json.error();
    const Json task = json.value().value("task", Json("segmentation"));
    if (task != "segmentation" && task != "classification") return invalid("task must be \"segmentation\" or \"classification\"");
    return task.get<std::string>();
}

Result<ClassifierRecipe> parseClassifierRecipe(const std::string& text) {
    Result<Json> json = parsed(text);
    if (!json.isOk()) return std::move(json).error();
    try {
        return recipeOf(std::move(json).value());
    } catch (const Json::exception& wrong) {  // a key is missing or has another type; the message names it
        return invalid("input, classes or data cannot be read (" + std::string(wrong.what()) + ")");
    }
}

}  // namespace cxr
