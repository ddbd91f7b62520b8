// Multi-resolution classifier: the coarse maps of a backbone are joined with its finer ones, level by level, so that
// the class activation maps keep fine detail.
//   F_o^l = g(F_o^(l+1), F^l), from coarse to fine, F_o of the coarsest level = F         D'Souza et al., 2022, eq. 1
//   (S5) g: 1x1 convolution and ReLU to a quarter of the channels of each, the coarse one bilinearly upsampled to the
//   fine
//      grid, concatenated, 1x1 convolution and ReLU to the channels of F^l
//   logits = W pool(F_o) + b; cams = W F_o at every cell (section 4.1: the classification layer without the pooling; b
//   is
//      left out as in every Classifier); pool = Log-Sum-Exp with gamma = 10 (section 5.1)
//   refinedCams  the cams after the pixel correlation module, with "pcm" only (pixel_correlation.h). It costs the
//   square of
//      the cells and does not change the logits: train the classifier without it, then the module alone (section 4.4).
// Not said in the paper, chosen here: the levels (the last `levels` = 4 of the backbone, / 4 to / 32, so that 256 px
// give cams of 64 x 64), biases in the 1x1 convolutions; first weights normal, variance 2 / inputs in g and 0.01^2 in
// the classification layer, bias 0, because the largest cells that LSE picks would make large first logits.
// `poolClassMaps` pools W F_o instead of F_o (the cams then add up to the logits for every pooling).
// `mergeNorm` puts a batch norm between each 1x1 convolution of g and its ReLU; helps when nothing is pre-trained.
// Parameters (14 classes, no PCM; paper: table 4): ResNet-50 26,267,278, with `mergeNorm` 26,273,550 (paper:
// 26,273,615, so that its g has norms that the text does not mention); EfficientNet-B4 18,449,138, with `mergeNorm`
// 18,450,762 (paper: 18,913,543, 2.5 % more; which of its levels are joined is not said).
//   features  F_o of the finest level     names  backbone.<the backbone's>, merge.<l>.{coarse,fine,restore}[_norm],
//             classifier, pcm.theta; l counts from the finest level, 0
//   thread rule and cancel  as Network
#pragma once

#include <memory>
#include <vector>

#include "core/nn/classifier.h"
#include "core/nn/log_sum_exp.h"
#include "core/nn/pixel_correlation.h"

namespace cxr::nn {

struct MultiResOptions {
    std::int64_t levels = 4;  // of the backbone, counted from the coarsest, 2..5
    Pooling pooling = Pooling::LogSumExp;
    double gamma = 10;  // of Log-Sum-Exp, 0.1..100
    bool poolClassMaps = false;
    bool mergeNorm = false;
    bool pcm = false;
    std::int64_t pcmChannels = 64;  // of theta, 1..512
};

class MergeBlock;

class MultiRes : public Classifier {
  public:
    // `backbone` has no head (classes = 0) and `levels` levels or more; `options` are those of the whole network.
    MultiRes(std::shared_ptr<Classifier> backbone, const MultiResOptions& multiRes, const ClassifierOptions& options);
    torch::Tensor features(const torch::Tensor& input, const StopCheck& stop = {},
                           std::vector<torch::Tensor>* levels = nullptr) override;
    void foldBatchNorm() override;

  protected:
    NetworkOutput classified(const torch::Tensor& features, const StopCheck& stop) override;

  private:
    torch::Tensor logits(const torch::Tensor& features, const torch::Tensor& cams);

    std::shared_ptr<Classifier> m_backbone;
    MultiResOptions m_multiRes;
    std::vector<std::shared_ptr<MergeBlock>> m_merges;  // fine to coarse
    PixelCorrelation m_pcm{nullptr};
};

}  // namespace cxr::nn
