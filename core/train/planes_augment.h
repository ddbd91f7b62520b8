// Random views of what a classifier reads: planes [N, P, H, W] in [0, 1], plane 0 the film, masks after it.
//   pictures  one affine resampling of all planes, zeros outside; the film then gets other gray values where it was
//             film (for the letterbox: where it was brighter than 0), masks keep theirs; a random rectangle of 2..15 % of
//             the area and aspect 1/2..2 may be erased (Zhong et al., AAAI 2020): one random gray, masks 0
//   mirror    only with the recipe's "mirror_probability", 0 unless named; left_lung and right_lung planes change
//             places, labels do not
//   vectors   (heartspot-vector) noise and a common gain and offset ("value jitter": log_contrast, brightness) only,
//             because neighbours in the row are not neighbours in the film
// All numbers come from `random`, so a seed fixes them.
#pragma once

#include <torch/torch.h>

#include "core/model/manifest.h"
#include "core/train/plan.h"

namespace cxr::train {

torch::Tensor augmentedPlanes(const torch::Tensor& planes, const ModelInput& input, const Augmentation& settings,
                              at::Generator& random);

}  // namespace cxr::train
