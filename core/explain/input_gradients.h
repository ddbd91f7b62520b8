// What one backward pass gives at the film, f the logit, x the film as the network reads it, x' the baseline.
//   sensitivity             |grad f(x)|                  Simonyan et al., ICLR 2014 workshop, section 3
//   input x gradient        (x - x') grad f(x)           Shrikumar et al., ICML 2017, section 3.1
//   guided backpropagation  grad f(x) with max(0, .) at each ReLU's output too    Springenberg et al., ICLR 2015 workshop
// Differs from the papers: a film that is repeated to several channels is one film: the sum over them comes before the
// absolute value (Simonyan: the largest channel); x' need not be 0. Differs from Captum with one channel and x' = 0: nothing.
//   input    float [1, C, H, W], preprocessed as the manifest says
//   result   float [H, W]; sensitivity >= 0, the others signed
//   cost     1 forward + 1 backward     fails  Unsupported (no gradients), Cancelled
#pragma once

#include <memory>

#include "core/explain/method.h"

namespace cxr::explain {

std::unique_ptr<Method> makeSensitivity();
std::unique_ptr<Method> makeInputXGradient();
// REQUIRES: every activation is a ReLU of core/nn/layers.h
std::unique_ptr<Method> makeGuidedBackpropagation();

}  // namespace cxr::explain
