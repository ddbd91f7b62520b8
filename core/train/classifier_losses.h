// Losses over several labels that do not exclude each other. y: target in [0, 1], NaN where unknown; p = sigmoid(logit).
//   bce           mean over the known labels of  l(y, p) = -y log p - (1 - y) log(1 - p)
//   weighted-bce  S5 (paper 004) eq. 3: l(X, Y) = sum_c (-b_P^c y_c log f(x_c) - b_N^c (1 - y_c) log(1 - f(x_c))),
//                 mean over the films; eq. 4 and 5: b_P^c = (|P_c| + |N_c|) / |P_c|, b_N^c = (|P_c| + |N_c|) / |N_c|, "where
//                 P_c and N_c are the total number of positive and negative samples in the batch belonging to class c";
//                 the batch is all films of the optimiser step, soft labels count by their share
//   soft-margin   mean over the films of the mean of l over the film's known labels (multi-label soft margin)
//   refined       S5's Loss_MSML: the soft margin of the refined maps' means ("we apply global average pooling to the
//                 refined feature maps in both branches of the Siamese network to produce prediction vectors"), mean of
//                 the branches. S5 eq. 7: loss_PCM = 1.5 Loss_MSML + 1 loss_ECR, by "refined": 1.5 and "ecr": 1
//   focal         mean over the known labels of |y - p|^gamma l(y, p); Lin et al., ICCV 2017, gamma = 2
// The class's weight multiplies l; means still divide by the number of labels. Before the loss y becomes y (1 - s) + s / 2 (label smoothing); the positive part takes "positive_weight".
// Pure functions; thread-safe.
#pragma once

#include <torch/torch.h>

#include "core/train/classifier_recipe.h"

namespace cxr::train {

// What the losses need to know of all films of a step, so that parts of it add up to the whole.
struct LabelCounts {
    double films = 0;         // with at least one known label
    double known = 0;         // labels
    torch::Tensor positives;  // |P_c|, float [K]
    torch::Tensor negatives;  // |N_c|, float [K]
};
LabelCounts countLabels(const torch::Tensor& labels);

// The part of a step's loss that these films add: logits, labels float [N, K] -> scalar. 0 if nothing is known.
torch::Tensor classifierLoss(const torch::Tensor& logits, const torch::Tensor& labels, const LabelCounts& counts,
                             const LossOptions& options);

}  // namespace cxr::train
