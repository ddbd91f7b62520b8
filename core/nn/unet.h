// U-Net: encoder of double convolutions with max pooling, decoder with skip connections, one logit plane per organ.
//   Ronneberger et al., MICCAI 2015. Differs from the paper: same padding (output as large as the input), batch norm,
//   and by default bilinear upsampling after a 1x1 convolution instead of a transposed convolution, which bypasses
//   oneDNN on processors. Residual units: He et al., CVPR 2016 (two 3x3 convolutions, 1x1 projection where widths differ).
//   input    float [N, inChannels, H, W], H and W multiples of 2^(levels - 1)
//   logits   [N, outChannels, H, W]      features  the deepest level, [N, channels.back(), H / 2^(L-1), W / 2^(L-1)]
//   names    encoder.<level>.<unit>.conv1.weight, ...bn1..., decoder.<level>.reduce.weight, decoder.<level>.block.<unit>..., head.weight
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/network.h"

namespace cxr::nn {

enum class Upsampling { Bilinear, Transposed };

struct UNetOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::vector<std::int64_t> channels{16, 32, 64, 128, 256};  // one width per level, at least two
    int residualUnits = 0;  // 0: one plain double convolution per level; n: n residual units per level
    Upsampling upsampling = Upsampling::Bilinear;
};

// Two 3x3 convolutions with batch norm and ReLU; with `residual` the input is added before the last ReLU.
class ConvUnitImpl : public torch::nn::Module {
  public:
    ConvUnitImpl(std::int64_t in, std::int64_t out, bool residual);
    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop);
    void foldBatchNorm();

  private:
    torch::nn::Conv2d m_conv1{nullptr}, m_conv2{nullptr}, m_project{nullptr};
    torch::nn::BatchNorm2d m_bn1{nullptr}, m_bn2{nullptr};
    bool m_isResidual;
    bool m_isFolded = false;
};
TORCH_MODULE(ConvUnit);

class UNet : public Network {
  public:
    explicit UNet(const UNetOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;
    const UNetOptions& options() const { return m_options; }

  private:
    using Units = std::vector<ConvUnit>;
    Units addUnits(torch::nn::Module& parent, std::int64_t in, std::int64_t out) const;
    void addDecoderLevel(std::size_t level);
    torch::Tensor upsampled(std::size_t level, const torch::Tensor& deep);

    UNetOptions m_options;
    std::vector<Units> m_encoder, m_decoder;  // decoder level i works on the grid of encoder level i
    std::vector<torch::nn::Conv2d> m_reduce;
    std::vector<torch::nn::ConvTranspose2d> m_transposed;
    torch::nn::Conv2d m_head{nullptr};
};

}  // namespace cxr::nn
