// Area under the ROC curve by ranks (Mann-Whitney), for choosing weights during training. Evaluation has its own metrics.
// Pure functions; thread-safe.
#pragma once

#include <torch/torch.h>

#include <vector>

namespace cxr::train {

// One per class; a label above 0.5 is positive, below negative, NaN and 0.5 do not count. NaN where a class has not both.
// Equal logits count half. logits, labels float [N, K] on the processor.
std::vector<double> rankAuc(const torch::Tensor& logits, const torch::Tensor& labels);

// Mean of the numbers that are not NaN; NaN if there is none.
double meanOfKnown(const std::vector<double>& values);

}  // namespace cxr::train
