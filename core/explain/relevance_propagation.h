// Layer-wise relevance propagation: the logit f is divided among the cells, layer by layer.
//   start   R = f(x) at the output asked for; then the rule of core/nn/backward_rules.h at every layer:
//   epsilon                     Bach et al., PLoS ONE 2015, eq. 58
//   alpha 1, beta 0             Bach et al., eq. 60; Montavon et al., Pattern Recognition 2017: deep Taylor's z+
//   gamma                       Montavon et al., Explainable AI 2019, section 10.2.2
//   The last two are for networks of ReLUs alone: they take what carries relevance to be positive.
//   first layer by z-box        with options.isBoxFirst, for films, whose values are not above 0 alone
//   Conserved: the sum over all cells is f(x) less what the biases took, exactly f(x) in a network without biases.
// Differs from the papers: biases keep their signed share (as Captum). Differs from Captum: what is negative in the input of
// alpha1-beta0 and gamma is multiplied by the weights' negative part; alpha1-beta0's picture, all of one sign if the network
// is made of ReLUs, is turned positive when the logit is negative; batch norms after a convolution are merged with it.
//   input    float [1, C, H, W], preprocessed as the manifest says
//   result   float [H, W]; alpha1-beta0 >= 0 but for what a first layer reads below 0, the others signed
//   cost     1 forward + 2 to 4 backward     fails  Unsupported (a layer without a rule), Cancelled
#pragma once

#include <memory>

#include "core/explain/method.h"

namespace cxr::explain {

// REQUIRES: one of the three LRP rules
std::unique_ptr<Method> makeRelevancePropagation(nn::BackwardRule rule);

}  // namespace cxr::explain
