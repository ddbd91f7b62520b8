// DynUNet: the U-Net of nnU-Net, whose kernels and strides follow the film's size.
//   Isensee et al., Nature Methods 2021; form, defaults and names of MONAI's DynUNet in two dimensions, without its
//   deep supervision (off by default there).
//   block    conv, norm, leaky ReLU (0.01), conv, norm, leaky ReLU; the first convolution has the stride; no bias;
//            instance norm with learnt scale. With `residual` the encoder's blocks add their input before the last
//            activation (through a 1x1 convolution of the same stride and a norm where stride or width change).
//   encoder  one block per entry of `strides`, filters[i] = min(32 2^i, 512) unless given
//   decoder  transposed convolution with the level's stride as kernel (no bias), then the encoder's maps behind it, one
//            plain block
//   head     1x1 convolution with bias
//   input    float [N, inChannels, H, W], H and W multiples of the strides' product     logits [N, outChannels, H, W]
//   features the bottleneck, [N, filters.back(), H / stride, W / stride]
//   names    input_block.{conv1.conv,norm1,conv2.conv,norm2[,conv3.conv,norm3]}, downsamples.<i>..., bottleneck...,
//            upsamples.<i>.{transp_conv.conv,conv_block...} from deep to shallow, output_block.conv.conv
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/network.h"

namespace cxr::nn {

struct DynUNetOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::vector<std::int64_t> strides{1, 2, 2, 2, 2, 2};  // 1 or 2 each, the first 1; at least three
    std::vector<std::int64_t> kernels;                    // odd, one per stride; empty: 3 everywhere
    std::vector<std::int64_t> filters;                    // one per stride; empty: min(32 2^i, 512)
    bool residual = false;
};

class DynUNetBlockImpl : public torch::nn::Module {
  public:
    DynUNetBlockImpl(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, bool residual);
    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop);

  private:
    torch::nn::Conv2d m_conv1, m_conv2, m_conv3{nullptr};
    torch::nn::InstanceNorm2d m_norm1, m_norm2, m_norm3{nullptr};
    bool m_isResidual;
};
TORCH_MODULE(DynUNetBlock);

class DynUNet : public Network {
  public:
    explicit DynUNet(const DynUNetOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override {}  // instance norm depends on each film: nothing to fold
    [[nodiscard]] std::int64_t stride() const;

  private:
    void addEncoder();
    void addDecoder();

    struct UpStep {
        torch::nn::ConvTranspose2d up;
        DynUNetBlock block;
    };

    DynUNetOptions m_options;
    std::vector<DynUNetBlock> m_encoder;  // the last is the bottleneck
    std::vector<UpStep> m_decoder;        // deep to shallow
    torch::nn::Conv2d m_head{nullptr};
};

}  // namespace cxr::nn
