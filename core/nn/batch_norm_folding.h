// A convolution with its batch norm and activation, and how the norm is folded into the convolution for prediction:
//   w' = w g / sqrt(v + e)     b' = (b - m) g / sqrt(v + e) + beta
//   with g, beta the norm's weight and bias, m, v its running mean and variance, e its epsilon
// Folded values move with their network to another device or type.
//   thread rule  as Network
#pragma once

#include <torch/torch.h>

#include <string>

#include "core/nn/convolution.h"
#include "core/nn/network.h"

namespace cxr::nn {

// Makes `convolution` give what `norm` after it gave in eval mode; `norm` must not be called afterwards.
// REQUIRES: once per pair
void foldBatchNormInto(torch::nn::Conv2d& convolution, const torch::nn::BatchNorm2d& norm);

enum class Activation { None, Relu, Silu };
// In place, also under autograd. REQUIRES: nothing else needs the values of x
torch::Tensor activated(torch::Tensor x, Activation activation);

// Convolution, batch norm, activation. Not a module itself: its two modules are registered in `parent` under the names
// that the architecture gives them ("conv1" and "bn1", "0" and "1"), so that foreign weights fit.
class ConvNorm {
  public:
    // An empty normName: no batch norm.
    ConvNorm(torch::nn::Module& parent, const std::string& convName, const std::string& normName,
             const torch::nn::Conv2dOptions& options, Activation activation);
    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop);
    void fold();  // calling it twice changes nothing

  private:
    torch::nn::Conv2d m_conv;
    torch::nn::BatchNorm2d m_norm{nullptr};  // null: none, or folded
    Activation m_activation;
};

}  // namespace cxr::nn
