// Random views of a batch: geometry by one affine resampling, then gray values. All numbers come from `random`, so a
// seed fixes them. Mirrored films swap left and right lung, as a mirrored patient would.
#pragma once

#include <torch/torch.h>

#include "core/train/dataset.h"
#include "core/train/plan.h"

namespace cxr::train {

// Same shapes as the input; image stays in [0, 1].
Batch augmented(const Batch& batch, const Augmentation& settings, at::Generator& random);

}  // namespace cxr::train
