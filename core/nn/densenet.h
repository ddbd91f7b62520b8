// DenseNet-121: four dense blocks of 6, 12, 24 and 16 layers, each layer reads all maps before it and adds 32.
//   Huang et al., CVPR 2017 (DenseNet-BC, compression 0.5): layer = norm, ReLU, 1x1 to 128, norm, ReLU, 3x3 to 32;
//   between blocks norm, ReLU, 1x1 to half, 2x2 average pooling. Differs from the paper: in a transition the pooling
//   comes before the 1x1 convolution; both are linear, so the result is the same at a quarter of the work.
//   folding  reaches the norms that follow a convolution; the first norm of a layer, those of transitions and the last
//            one follow a concatenation and stay
//   levels   stem / 2 (before its pooling), dense blocks / 4, / 8, / 16 (before their norm), / 32 (after norm and ReLU)
//   names    features.conv0, .norm0, .denseblock<b>.denselayer<i>.{norm1,conv1,norm2,conv2},
//            .transition<b>.{norm,conv}, .norm5, classifier: torchvision's
#pragma once

#include <memory>
#include <vector>

#include "core/nn/batch_norm_folding.h"
#include "core/nn/classifier.h"

namespace cxr::nn {

class DenseLayer;
class DenseTransition;

class DenseNet : public Classifier {
  public:
    // `layers` of each dense block
    DenseNet(const std::vector<int>& layers, const ClassifierOptions& options);
    torch::Tensor features(const torch::Tensor& input, const StopCheck& stop = {},
                           std::vector<torch::Tensor>* levels = nullptr) override;
    void foldBatchNorm() override;

  private:
    using Block = std::vector<std::shared_ptr<DenseLayer>>;
    std::vector<ConvNorm> m_stem;  // one
    std::vector<Block> m_blocks;
    std::vector<std::shared_ptr<DenseTransition>> m_transitions;  // after each block but the last
    torch::nn::BatchNorm2d m_lastNorm{nullptr};
};

std::shared_ptr<Classifier> makeDenseNet121(const ClassifierOptions& options);

}  // namespace cxr::nn
