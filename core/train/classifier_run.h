// One whole classifier training as engine.h describes it: recipe -> split -> loop -> held-out films -> pack.
//   <out>/predictions.csv  name,group,fold,<class>_logit...,<class>_label... of the held-out films; unknown labels are
//                          empty; only written when a fold is held out
#pragma once

#include <torch/torch.h>

#include "core/engine/engine.h"

namespace cxr::train {

// Resumes from <out>/checkpoint.pt if asked to; a run that was already finished predicts and writes its pack again.
Result<ClassifierTrainSummary> runClassifierTraining(const ClassifierTrainRequest& request, const torch::Device& device,
                                                     const RunContext& context);

}  // namespace cxr::train
