// SegResNet: residual encoder and a light additive decoder, group norm before each activation.
//   Myronenko, BrainLes 2018 (MICCAI workshop), without its variational branch (segresnet_vae.h); form, defaults and
//   names of MONAI's SegResNet in two dimensions.
//   block    x + conv3x3(ReLU(norm(conv3x3(ReLU(norm(x)))))), convolutions without bias, group norm
//   encoder  3x3 convolution to f, dropout of whole maps; level i has f 2^i maps and blocksDown[i] blocks after a 3x3
//            convolution of stride 2 (none at level 0)
//   decoder  per level: 1x1 convolution to half the maps, bilinear x2, plus the encoder's maps, blocksUp[i] blocks
//   head     norm, ReLU, 1x1 convolution with bias
//   input    float [N, inChannels, H, W], H and W multiples of 2^(levels-1)     logits [N, outChannels, H, W]
//   features the deepest level, [N, f 2^(levels-1), H / stride, W / stride]
//   names    convInit.conv, down_layers.<level>.<i>..., up_samples.<i>.0.conv, up_layers.<i>.<j>...,
//            conv_final.{0,2.conv}
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/network.h"

namespace cxr::nn {

struct SegResNetOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::int64_t initFilters = 8;                      // f; a multiple of `groups`
    std::int64_t groups = 8;                           // of the group norms
    std::vector<std::int64_t> blocksDown{1, 2, 2, 4};  // levels, at least two
    std::vector<std::int64_t> blocksUp{1, 1, 1};       // levels - 1
    double dropout = 0;
};

// ReLU(norm(maps)), computed as float: under autocast on processors LibTorch 1.13 refuses maps of another type than the
// norm's own weights.
torch::Tensor normalisedRelu(torch::nn::GroupNorm& norm, const torch::Tensor& maps);

class SegResBlockImpl : public torch::nn::Module {
  public:
    SegResBlockImpl(std::int64_t channels, std::int64_t groups);
    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop);

  private:
    torch::nn::GroupNorm m_norm1, m_norm2;
    torch::nn::Conv2d m_conv1, m_conv2;
};
TORCH_MODULE(SegResBlock);

// Group norm, ReLU, 1x1 convolution with bias: children "0" and "2.conv" of a group.
class SegResHead {
  public:
    SegResHead(torch::nn::Module& parent, const std::string& name, std::int64_t in, std::int64_t out,
               std::int64_t groups);
    torch::Tensor forward(const torch::Tensor& input);

  private:
    torch::nn::GroupNorm m_norm{nullptr};
    torch::nn::Conv2d m_conv{nullptr};
};

class SegResNet : public Network {
  public:
    explicit SegResNet(const SegResNetOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override {}  // group norm depends on each film: nothing to fold
    [[nodiscard]] std::int64_t stride() const { return std::int64_t{1} << (m_options.blocksDown.size() - 1); }

  protected:
    // Maps of each level, fine to coarse.
    std::vector<torch::Tensor> encoded(const torch::Tensor& input, const StopCheck& stop);
    // From the deepest maps to the film's grid, [N, f, H, W]; `skips` as encoded() gives them, or empty to add none.
    torch::Tensor decoded(torch::Tensor x, const std::vector<torch::Tensor>& skips, const StopCheck& stop);
    [[nodiscard]] const SegResNetOptions& options() const { return m_options; }

  private:
    void addEncoder();
    void addDecoder();

    struct Level {
        torch::nn::Conv2d step{nullptr};  // encoder: stride 2, null at level 0; decoder: 1x1
        std::vector<SegResBlock> blocks;
    };
    void addBlocks(torch::nn::Module& parent, Level& level, std::int64_t first, std::int64_t count,
                   std::int64_t channels) const;

    SegResNetOptions m_options;
    torch::nn::Conv2d m_init{nullptr};
    std::vector<Level> m_down, m_up;  // m_up[0] is the deepest
    SegResHead m_head;
};

}  // namespace cxr::nn
