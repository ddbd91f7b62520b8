// Integrated gradients: what each cell adds to the logit f on the straight way from the baseline x' to the film x.
//   r = (x - x') sum_k w_k grad f(x' + a_k (x - x'))      Sundararajan et al., ICML 2017, eq. 1
//   Gauss-Legendre   a_k, w_k the rule's nodes and weights on [0, 1]; exact for polynomials of degree 2n - 1.
//                    Complete: the sum over all cells tends to f(x) - f(x') (proposition 1)
//   trapezoid        a_k = k / (n - 1), w_k = 1/n, halved at both ends: Captum's, whose weights sum to (n - 1) / n, so that
//                    1/n of the change is missing (its convergence delta shows it)
// Differs from the paper: the integral's rules (its m steps are a right Riemann sum). Differs from Captum: nothing.
// The way lies in what the network reads, after normalisation: a z-score undoes any dimming of the film before it.
//   input    float [1, C, H, W], preprocessed as the manifest says      result  float [H, W], signed
//   cost     n forward + n backward, in an order that spreads over the way, so that a part of it is a picture already
//   fails    Unsupported (no gradients), Cancelled
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/explain/method.h"

namespace cxr::explain {

std::unique_ptr<Method> makeIntegratedGradients(const ExplainOptions& options);

// Nodes, ascending, and weights of the n-point rule on [0, 1]. Abramowitz & Stegun 25.4.29; roots of the Legendre
// polynomial by Newton's method. REQUIRES: n >= 1
std::pair<std::vector<double>, std::vector<double>> gaussLegendre(int n);
// REQUIRES: n >= 2
std::pair<std::vector<double>, std::vector<double>> trapezoid(int n);

}  // namespace cxr::explain
