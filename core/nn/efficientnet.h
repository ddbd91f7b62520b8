// EfficientNet-B4: seven stages of inverted residual blocks (MBConv) with squeeze and excitation, SiLU everywhere.
//   Tan and Le, ICML 2019: the stages of B0 with 1.4 times the channels (rounded to multiples of 8) and 1.8 times the
//   layers (rounded up), dropout 0.4. Block = 1x1 expansion, depthwise k x k, squeeze and excitation (a quarter of the
//   block's input channels), 1x1 projection; where shapes allow the input is added, and in training the block is left out
//   for some films (stochastic depth, Huang et al., ECCV 2016; 0 for the first block, rising to 0.2).
//   Differs from the paper as torchvision does: batch norm's epsilon is 1e-5.
//   levels   the last maps of each resolution, / 2, / 4, / 8, / 16, / 32 (after the last 1x1 convolution)
//   names    features.0.{0,1}, features.<stage>.<i>.block.<j>..., features.8.{0,1}, classifier.1: torchvision's
#pragma once

#include <memory>
#include <vector>

#include "core/nn/batch_norm_folding.h"
#include "core/nn/classifier.h"

namespace cxr::nn {

class MbConvBlock;

class EfficientNet : public Classifier {
  public:
    EfficientNet(double widthFactor, double depthFactor, double dropout, const ClassifierOptions& options);
    torch::Tensor features(const torch::Tensor& input, const StopCheck& stop = {},
                           std::vector<torch::Tensor>* levels = nullptr) override;
    void foldBatchNorm() override;

  private:
    struct Stage {
        bool endsLevel = false;  // the next stage halves the grid
        std::vector<std::shared_ptr<MbConvBlock>> blocks;
    };
    void addStages(torch::nn::Module& group, double widthFactor, double depthFactor);

    std::vector<ConvNorm> m_ends;  // the first and the last convolution
    std::vector<Stage> m_stages;
};

// The multiple of 8 next to `channels`, at least 8 and not less than 90 % of it.
std::int64_t multipleOf8(double channels);

// Stochastic depth, one draw per film: x [N, C, H, W] becomes 0 with `probability`, else x / (1 - probability).
torch::Tensor stochasticDepth(const torch::Tensor& x, double probability);

std::shared_ptr<Classifier> makeEfficientNetB4(const ClassifierOptions& options);

}  // namespace cxr::nn
