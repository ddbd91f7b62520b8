// Losses and scores over organ planes.
//   loss = sum_o w_o (bce * BCE_o + dice * (1 - D_o)) / sum_o w_o     D = (2 sum p t + 1) / (sum p + sum t + 1) per film
// Milletari et al., 3DV 2016 (without squares). Organs without a mask count nothing.
#pragma once

#include <torch/torch.h>

#include "core/train/recipe.h"

namespace cxr::train {

// logits, masks: float [N, 3, S, S]; labelled [N, 3] -> scalar
torch::Tensor segmentationLoss(const torch::Tensor& logits, const torch::Tensor& masks, const torch::Tensor& labelled,
                               const Recipe& recipe);

// Dice of the masks p > 0.5 and t > 0.5 per film and organ: float [N, 3]; 1 where both are empty.
torch::Tensor hardDice(const torch::Tensor& probability, const torch::Tensor& masks);

}  // namespace cxr::train
