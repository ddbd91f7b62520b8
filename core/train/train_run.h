// One whole training run as engine.h describes it: recipe -> split -> trainer -> pack.
#pragma once

#include <torch/torch.h>

#include "core/engine/engine.h"

namespace cxr::train {

// Resumes from <out>/checkpoint.pt if asked to; a run that was already finished only writes its pack again.
Result<TrainSummary> runTraining(const TrainRequest& request, const torch::Device& device, const RunContext& context);

}  // namespace cxr::train
