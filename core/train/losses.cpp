// Dice and binary cross-entropy.
#include "core/train/losses.h"

namespace cxr::train {

using torch::Tensor;

Tensor segmentationLoss(const Tensor& logits, const Tensor& masks, const Tensor& labelled, const Recipe& recipe) {
    const std::vector<std::int64_t> plane{2, 3};
    const auto p = torch::sigmoid(logits);
    const auto bce = torch::binary_cross_entropy_with_logits(logits, masks, {}, {}, at::Reduction::None).mean(plane);
    const auto dice = (2 * (p * masks).sum(plane) + 1) / (p.sum(plane) + masks.sum(plane) + 1);
    const auto perOrgan = recipe.bceWeight * bce + recipe.diceWeight * (1 - dice);
    const std::vector<double> organs(recipe.organWeights.begin(), recipe.organWeights.end());
    const auto weights = torch::tensor(organs, torch::kFloat).to(logits.device()).view({1, -1}) * labelled;
    return (perOrgan * weights).sum() / weights.sum().clamp_min(1e-6);
}

Tensor hardDice(const Tensor& probability, const Tensor& masks) {
    const std::vector<std::int64_t> plane{2, 3};
    const auto p = (probability > 0.5).to(torch::kFloat), t = (masks > 0.5).to(torch::kFloat);
    const auto total = p.sum(plane) + t.sum(plane);
    return torch::where(total > 0, 2 * (p * t).sum(plane) / total.clamp_min(1), torch::ones_like(total));
}

}  // namespace cxr::train
