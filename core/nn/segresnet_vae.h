// SegResNetVAE: SegResNet that also learns to draw its input again from a short code, which regularises the encoder
// when films are few.
//   Myronenko, BrainLes 2018; form and defaults of MONAI's SegResNetVAE in two dimensions.
//   branch   deepest maps -> norm, ReLU, 3x3 stride 2 to 16 maps (bias), norm, ReLU -> mean mu = linear (nz numbers)
//            z = mu + sigma n, n ~ N(0, 1); sigma = `defaultStd`, or softplus(linear) with `estimateStd`
//            z -> linear, ReLU, 16 maps -> 1x1, bilinear x2, norm, ReLU -> the decoder of the segmentation itself
//            without the encoder's maps (MONAI shares it; the paper has a second decoder) -> norm, ReLU, 1x1 -> film
//   loss     NetworkOutput::auxiliaryLoss = mean((film - drawn)^2) + KL, in training mode only; the paper weighs it 0.1
//            KL = mean(mu^2) with a fixed sigma (as MONAI), else 0.5 mean(mu^2 + sigma^2 - log(1e-8 + sigma^2) - 1)
//   size     the linear layers fix the film's size in training: imageSize x imageSize, a multiple of 2 x stride.
//            Prediction takes any multiple of the stride, because the branch does not run then.
//   random   n comes from torch's global generator
//   differs  from MONAI: vae_fc2 exists only with `estimateStd` (MONAI makes it always and leaves it unused)
//   names    SegResNet's, vae_down.{0,2.conv,3}, vae_fc1, [vae_fc2], vae_fc3, vae_fc_up_sample.{0.conv,2},
//            vae_conv_final.{0,2.conv}
#pragma once

#include "core/nn/segresnet.h"

namespace cxr::nn {

struct SegResNetVaeOptions {
    SegResNetOptions base;
    std::int64_t imageSize = 256;   // px, both sides
    std::int64_t codeLength = 256;  // nz
    bool estimateStd = false;
    double defaultStd = 0.3;
};

class SegResNetVae : public SegResNet {
  public:
    explicit SegResNetVae(const SegResNetVaeOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;

  private:
    struct Code {
        torch::Tensor values, divergence;
    };
    Code code(const torch::Tensor& deepest);
    torch::Tensor drawn(const torch::Tensor& code, const StopCheck& stop);

    SegResNetVaeOptions m_options;
    std::int64_t m_side;  // of the branch's smallest maps
    torch::nn::GroupNorm m_norm1{nullptr}, m_norm2{nullptr}, m_norm3{nullptr};
    torch::nn::Conv2d m_shrink{nullptr}, m_widen{nullptr};
    torch::nn::Linear m_mean{nullptr}, m_deviation{nullptr}, m_back{nullptr};
    SegResHead m_film;
};

}  // namespace cxr::nn
