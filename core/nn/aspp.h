// ASPP network: residual encoder, atrous spatial pyramid, and the short decoder of DeepLab v3+.
//   Chen et al., ECCV 2018 (encoder-decoder with atrous convolution). S4 names "Simple ASPP": that is a block of MONAI,
//   SimpleASPP, with no network round it; the network here is ours, the block is MONAI's.
//   pyramid  four parallel convolutions of the deepest maps, kernels 1, 3, 3, 3, dilations 1, 2, 4, 6, each with bias
//            and no norm, concatenated; then a 1x1 convolution without bias, batch norm, leaky ReLU (0.01)
//   encoder  levels of one residual unit (two 3x3 convolutions, batch norm, ReLU), max pooling between;
//            stride 2^(levels-1)
//   decoder  maps of level 1 (stride 2) reduced to `lowLevelChannels` by 1x1, batch norm, ReLU; joined with the
//            upsampled pyramid; two 3x3 convolutions with batch norm and ReLU, 1x1 head, bilinear to the film
//   differs  from DeepLab v3+: own encoder instead of Xception, no image-level pooling, low level at stride 2
//   input    float [N, inChannels, H, W], H and W multiples of stride     logits [N, outChannels, H, W]
//   features the pyramid, [N, 4 x asppChannels, H / stride, W / stride]
//   names    encoder.<level>..., aspp.convs.<i>.weight, aspp.conv_k1.{conv,norm}, low.{conv,norm}, decoder..., head
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/segmentation_blocks.h"
#include "core/nn/unet.h"

namespace cxr::nn {

struct AsppOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::vector<std::int64_t> channels{32, 64, 128, 256};  // one width per encoder level, at least two
    std::int64_t asppChannels = 64;                        // of each of the four branches
    std::int64_t lowLevelChannels = 48;
    std::int64_t decoderChannels = 128;
};

class SimpleAsppImpl : public torch::nn::Module {
  public:
    SimpleAsppImpl(std::int64_t in, std::int64_t branchChannels);
    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop);
    void foldBatchNorm() { m_merge.fold(); }

  private:
    std::vector<torch::nn::Conv2d> m_branches;
    ConvNorm m_merge;
};
TORCH_MODULE(SimpleAspp);

class AsppNet : public Network {
  public:
    explicit AsppNet(const AsppOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;
    [[nodiscard]] std::int64_t stride() const { return std::int64_t{1} << (m_options.channels.size() - 1); }

  private:
    AsppOptions m_options;
    std::vector<ConvUnit> m_encoder;
    SimpleAspp m_aspp;
    ConvNorm m_low;
    ConvUnit m_decoder;
    torch::nn::Conv2d m_head;
};

}  // namespace cxr::nn
