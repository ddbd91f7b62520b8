// The layers of classification networks, with a backward pass that an explanation can change.
//   Without a LayerScope in the calling thread every function is torch's own layer, nothing more. In a scope the forward
//   values stay the same, and what flows back follows the rule of core/nn/backward_rules.h: a gradient, DeepLift's
//   multipliers or relevance. One autograd pass through the network that predicts is then the explanation.
//   A batch norm that follows a convolution or linear layer counts as part of it, folded or not.
//   thread rule  a scope belongs to its thread; as Network
//   cancel       LayerMode::stop is also asked between the layers of the backward pass: NetworkCancelled
// A network may be explained by rules only if all its layers come from here: core/nn/explain_traits.cpp lists those.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "core/nn/network.h"

namespace cxr::nn {

enum class BackwardRule { Plain, DeepLift, LrpEpsilon, LrpAlpha1Beta0, LrpGamma, Guided };

struct LayerMode {
    BackwardRule rule = BackwardRule::Plain;
    double epsilon = 1e-9;          // of LrpEpsilon
    double gamma = 0.25;            // of LrpGamma
    bool isBoxFirst = false;        // LRP: z-box rule in layers that read the network's input
    bool needsRefinedCams = false;  // else networks may leave them out
    StopCheck stop = {};
    torch::Tensor input = {};       // what the network reads, given by the caller: tells the first layer
    // Written by the layers:
    bool wasBoxUsed = false;
    torch::Tensor changedInput = {};           // the input after an elementwise layer (mask_attended)
    std::vector<torch::Tensor> features = {};  // of each classifier inside the network, as it pools them
};

// While it lives, layers that this thread calls follow `mode`. Scopes nest; the innermost counts.
class LayerScope {
  public:
    explicit LayerScope(LayerMode& mode);
    ~LayerScope();
    LayerScope(const LayerScope&) = delete;
    LayerScope& operator=(const LayerScope&) = delete;

  private:
    LayerMode* m_before;
};

// Null outside of every scope.
LayerMode* layerMode();

using Elementwise = std::function<torch::Tensor(const torch::Tensor&)>;

// `norm` may be null. x [N, C, H, W]
torch::Tensor convolved(torch::nn::Conv2d& layer, torch::nn::BatchNorm2d& norm, const torch::Tensor& x);
// x [N, C, H, W], weight [K, C, 1, 1], no bias
torch::Tensor convolved1x1(const torch::Tensor& x, const torch::Tensor& weight);
// `norm` may be null. x [N, inputs]
torch::Tensor linear(torch::nn::Linear& layer, torch::nn::BatchNorm1d& norm, const torch::Tensor& x);
torch::Tensor linear(torch::nn::Linear& layer, const torch::Tensor& x);
// A norm that follows no convolution (DenseNet's after a concatenation).
torch::Tensor normed(torch::nn::BatchNorm2d& norm, const torch::Tensor& x);

// In place outside of scopes. REQUIRES: nothing else needs the values of x
torch::Tensor rectified(torch::Tensor x);
// Each number for itself: y_i = f(x_i), also with constants of x's shape inside f. REQUIRES: f(0) stays finite
torch::Tensor elementwise(const torch::Tensor& x, const Elementwise& f);

torch::Tensor maxPooled(const torch::Tensor& x, std::int64_t kernel, std::int64_t stride, std::int64_t padding = 0);
torch::Tensor globalMax(const torch::Tensor& maps);  // [N, C, h, w] -> [N, C]
// Any linear f whose weights are not negative: average pooling, bilinear resizing.
torch::Tensor weightedMeans(const torch::Tensor& x, const Elementwise& f);
// Shares p of the cells, not negative, chosen by the maps themselves (Log-Sum-Exp): pooled = f(maps) [N, C], for relevance
// shares = p(maps) [N, C, h, w]. REQUIRES: no DeepLift, which takes f apart (log_sum_exp.cpp)
torch::Tensor pooledByShares(const torch::Tensor& maps, const Elementwise& f, const Elementwise& shares);

// a + b; in place in `a` outside of scopes. REQUIRES: nothing else needs the values of a
torch::Tensor added(torch::Tensor a, const torch::Tensor& b);
// x times a factor that depends on x (squeeze and excitation); factor broadcasts to x.
torch::Tensor gated(const torch::Tensor& x, const torch::Tensor& factor);
// Mean of tensors of one shape.
torch::Tensor averaged(const std::vector<torch::Tensor>& all);

// A classifier tells what its head pools.
void noteFeatures(const torch::Tensor& maps);

}  // namespace cxr::nn
