// Reads a segmentation recipe.
#include "core/train/recipe.h"

namespace cxr::train {
namespace {

using nlohmann::json;

Recipe recipeFrom(const json& j) {
    Recipe r;
    readPlan(j, r);
    take(j, "bce_weight", r.bceWeight);
    take(j, "dice_weight", r.diceWeight);
    take(j, "organ_weights", r.organWeights);
    take(j, "auxiliary_weight", r.auxiliaryWeight);
    take(j, "roi", r.roi);
    return r;
}

}  // namespace

Result<Recipe> parseRecipe(const std::string& text) {
    Recipe recipe;
    try {
        recipe = recipeFrom(json::parse(text));
    } catch (const json::exception& wrong) {
        return Error{ErrorCode::Corrupt, std::string("the recipe cannot be read: ") + wrong.what()};
    }
    if (auto checked = checkPlan(recipe); !checked.isOk()) return std::move(checked).error();
    for (const Stage& stage : recipe.stages) {
        if (stage.size % 16 != 0) return outOfRange("size");
        if (recipe.roi != 0 && (recipe.roi % 16 != 0 || recipe.roi < 32 || recipe.roi > stage.size)) return outOfRange("roi");
    }
    return recipe;
}

}  // namespace cxr::train
