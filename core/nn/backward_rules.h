// Backward rules: what flows back through one layer y = f(x), in place of the gradient.
//   DeepLift, rescale rule   m_x = m_y (y - y') / (x - x') for elementwise f; linear layers keep their gradient
//       Shrikumar et al., ICML 2017, sections 3.5.1 and 3.5.2. The batch holds the films, then their baselines (x').
//       Where |x - x'| < 1e-7: the derivative. Max pooling: the largest of both halves is reached first (as Captum; here
//       overlapping windows add up, which its max_unpool2d overwrites). Products: the mean of both factors' other side,
//       (a - a')(b + b')/2 + (b - b')(a + a')/2 = ab - a'b', which are the two factors' Shapley values.
//   LRP                      R_x = sum over terms t of x_t * (w_t^T s), s = R_y / z, z = sum of w_t x_t + b
//       epsilon        one term (x, w), z + sign(z) epsilon                    Bach et al., PLoS ONE 2015, eq. 58
//       alpha1-beta0   terms (x+, w+), (x-, w-)                                eq. 60; x >= 0: z+ of deep Taylor
//       gamma          terms (x+, w + gamma w+), (x-, w + gamma w-)            Montavon et al., 2019, section 10.2.2
//       z-box          terms (x, w), (-l, w+), (-h, w-), no bias, l and h the least and largest of each film and channel
//                                                                   Montavon et al., Pattern Recognition 2017, table 1
//       The bias keeps its share, with its sign (as Captum), so that relevance is conserved up to the biases.
//       A batch norm that follows no convolution is a linear layer with one weight a channel. Activations pass relevance on;
//       max pooling gives it to the winner; means, sums and resizing divide by share (alpha1-beta0 and gamma: sums by the
//       positive parts, if there are any, because both take what carries relevance to be positive); of a product the signal takes all, the gate nothing (Arras et al., WASSA 2017).
//   Guided                   max(0, gradient) where x > 0, at each ReLU; Springenberg et al., ICLR 2015 workshop
//   thread rule  pure functions; autograd calls them in the thread of the backward pass
#pragma once

#include <torch/torch.h>

#include <functional>
#include <utility>
#include <vector>

#include "core/nn/layers.h"

namespace cxr::nn {

using Tensors = std::vector<torch::Tensor>;
// What flows to each input, from inputs, output and what flows to the output.
using Backward = std::function<Tensors(const Tensors& inputs, const torch::Tensor& output, const torch::Tensor& flow)>;

// y = forward(inputs), with `backward` in place of its derivative. REQUIRES: one or two inputs
torch::Tensor ruled(const Tensors& inputs, const std::function<torch::Tensor(const Tensors&)>& forward, Backward backward);

// A linear layer without its bias, and its transpose: apply(x, w), transposed(s, x's like, w).
struct LinearMap {
    std::function<torch::Tensor(const torch::Tensor& x, const torch::Tensor& w)> apply;
    std::function<torch::Tensor(const torch::Tensor& flow, const torch::Tensor& x, const torch::Tensor& w)> transposed;
};
// bias: shape that adds to apply()'s result; may be undefined.
Backward relevanceRule(const LayerMode& mode, bool isFirst, const LinearMap& map, const torch::Tensor& weight, const torch::Tensor& bias);

Backward rescaleRule(const Elementwise& f);
Backward guidedRule();
// f: max pooling's forward with indices, and its gradient from (flow, input, indices).
struct MaxPooling {
    std::function<std::pair<torch::Tensor, torch::Tensor>(const torch::Tensor& x)> forward;
    std::function<torch::Tensor(const torch::Tensor& flow, const torch::Tensor& x, const torch::Tensor& indices)> scattered;
};
Backward rescaledMaxRule(const MaxPooling& pooling);
Backward passRule();                             // R_x = R_y
Backward shareRule(const Elementwise& f);        // R_x = x f^T(R_y / y)
Backward sumShareRule(BackwardRule rule);        // R_a = R_y a / (a + b), or a+ / (a+ + b+); two inputs
Backward gateRule(BackwardRule rule);            // two inputs: signal, factor

// z with its smallest distance to 0: z + sign(z) epsilon, sign(0) = 1.
torch::Tensor keptFromZero(const torch::Tensor& z, double epsilon);

}  // namespace cxr::nn
