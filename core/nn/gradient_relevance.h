// What each cell of a film added to one logit f, by gradients, compared with a baseline x'.
//   InputXGradient       r = (x - x') grad f(x): the change to first order
//       Shrikumar et al., ICML 2017 (with x' = 0, section 3.1); Captum's InputXGradient for x' = 0
//   IntegratedGradients  r = (x - x') sum_k w_k grad f(x' + a_k (x - x')), with a_k, w_k the Gauss-Legendre nodes and weights of
//       [0, 1], as Captum's method "gausslegendre". Complete: the sum of r over all cells tends to f(x) - f(x').
//       Sundararajan et al., ICML 2017, equation 1 and proposition 1
//   Both paths lie in what the network reads, after normalisation: a z-score undoes any dimming of the film before it.
//   Gradients go to the input alone; the weights' are not computed. Folded batch norm or not, the result is the same.
//   thread rule  one call at a time per network
//   cancel       `stop` is asked between layers and steps: NetworkCancelled
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace cxr::nn {

struct RelevanceRule {
    bool isIntegrated = true;  // IntegratedGradients, else InputXGradient
    bool isBlack = true;       // baseline: blackFilm(), else 0
    int steps = 16;            // of the integral, 1..512
};

struct CellRelevance {
    torch::Tensor cells;       // float [H, W] on the processor: the sum over the input's channels
    double logit = 0;          // f(x)
    double baselineLogit = 0;  // f(x')
};

// Nodes and weights of the n-point rule on [0, 1], nodes ascending: exact for polynomials of degree 2n - 1.
// Abramowitz & Stegun 25.4.29; roots of the Legendre polynomial by Newton's method. REQUIRES: n >= 1
std::pair<std::vector<double>, std::vector<double>> gaussLegendre(int n);

// The normalised film [1, C, H, W] with every cell as dark as its darkest one. Cells whose `gray` (the film before its
// normalisation, [1, 1, H, W]) is 0 stay as they are: they are black already, or margin.
torch::Tensor blackFilm(const torch::Tensor& film, const torch::Tensor& gray);

// input, baseline: float [1, C, H, W] on the network's device, normalised. The logit is [0, index] of the network's.
// fails Unsupported if the network gives no gradients. REQUIRES: eval mode, index is one of the logits
Result<CellRelevance> gradientRelevance(Network& network, const torch::Tensor& input, const torch::Tensor& baseline,
                                        std::int64_t index, const RelevanceRule& rule, const StopCheck& stop = {});

}  // namespace cxr::nn
