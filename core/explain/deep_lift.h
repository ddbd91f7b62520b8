// DeepLIFT, rescale rule: what each cell adds to the logit f, compared with a baseline x', in one backward pass.
//   r = (x - x') m, m the multipliers that core/nn/backward_rules.h passes from layer to layer
//   Shrikumar et al., ICML 2017, sections 3.2 to 3.5.1. Complete: the sum over all cells is f(x) - f(x').
// Differs from the paper: max pooling and products have rules of their own (backward_rules.h), without which these layers
// would break the sum. Differs from Captum: overlapping pooling windows add up; products are split; Captum has rules for
// modules alone, so that pooling by a function keeps its gradient there and the sum is missed (by 0.1 to 0.3 % in its numbers
// that the tests compare with).
//   input    float [1, C, H, W], preprocessed as the manifest says      result  float [H, W], signed
//   cost     2 forward + 2 backward     fails  Unsupported (a layer without a rule), Cancelled
#pragma once

#include <memory>

#include "core/explain/method.h"

namespace cxr::explain {

std::unique_ptr<Method> makeDeepLift();

}  // namespace cxr::explain
