// ResNet-18 and ResNet-50: a stem and four stages of residual blocks, then global average pooling and a linear layer.
//   He et al., CVPR 2016. ResNet-18: stages of 2, 2, 2, 2 blocks of two 3x3 convolutions; ResNet-50: 3, 4, 6, 3
//   bottlenecks 1x1, 3x3, 1x1 (four times wider outside). Differs from the paper as torchvision does: the stride of
//   a bottleneck is in its 3x3 convolution.
//   levels   stem / 2 (before its pooling), stages / 4, / 8, / 16, / 32
//   names    conv1, bn1, layer<1..4>.<block>.conv<i>, .bn<i>, .downsample.0, .downsample.1, fc: torchvision's
#pragma once

#include <memory>
#include <vector>

#include "core/nn/batch_norm_folding.h"
#include "core/nn/classifier.h"

namespace cxr::nn {

struct ResNetShape {
    bool isBottleneck = false;
    std::vector<int> blocks{2, 2, 2, 2};  // of each stage
};

class ResidualBlock;

class ResNet : public Classifier {
  public:
    ResNet(const ResNetShape& shape, const ClassifierOptions& options);
    torch::Tensor features(const torch::Tensor& input, const StopCheck& stop = {},
                           std::vector<torch::Tensor>* levels = nullptr) override;
    void foldBatchNorm() override;

  private:
    using Stage = std::vector<std::shared_ptr<ResidualBlock>>;
    std::vector<ConvNorm> m_stem;  // one
    std::vector<Stage> m_stages;
};

std::shared_ptr<Classifier> makeResNet18(const ClassifierOptions& options);
std::shared_ptr<Classifier> makeResNet50(const ClassifierOptions& options);

}  // namespace cxr::nn
