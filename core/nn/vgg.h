// VGG-16, plain and with batch norm: five stages of 3x3 convolutions, max pooling between them, three linear layers.
//   Simonyan and Zisserman, ICLR 2015, configuration D: 64 x2, 128 x2, 256 x3, 512 x3, 512 x3. The head pools the last
//   maps to 7 x 7 (adaptive average, as torchvision does, so that any input size fits), then linear, ReLU, dropout,
//   twice, and the class layer. It is not a global average, so that there are no CAMs.
//   levels   the last maps of each stage before its pooling, / 1, / 2, / 4, / 8, / 16
//   names    features.<i> counted as torchvision counts (convolution, [norm,] ReLU, pooling), classifier.0, .3, .6
#pragma once

#include <memory>
#include <vector>

#include "core/nn/batch_norm_folding.h"
#include "core/nn/classifier.h"

namespace cxr::nn {

class Vgg : public Classifier {
  public:
    // `depths`: convolutions of each stage
    Vgg(const std::vector<int>& depths, bool hasBatchNorm, const ClassifierOptions& options);
    torch::Tensor features(const torch::Tensor& input, const StopCheck& stop = {},
                           std::vector<torch::Tensor>* levels = nullptr) override;
    void foldBatchNorm() override;

  protected:
    NetworkOutput classified(const torch::Tensor& features, const StopCheck& stop) override;

  private:
    void addStages(const std::vector<int>& depths, bool hasBatchNorm);
    void addHead();

    std::vector<std::vector<ConvNorm>> m_stages;
    std::vector<torch::nn::Linear> m_inner;  // two, or none if classes = 0
};

std::shared_ptr<Classifier> makeVgg16(const ClassifierOptions& options);
std::shared_ptr<Classifier> makeVgg16Bn(const ClassifierOptions& options);

}  // namespace cxr::nn
