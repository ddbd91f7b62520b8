// Multilayer perceptron on a vector of kept pixels: linear, batch norm and SELU for each hidden layer, then a linear
// layer.
//   Johnson et al., HeartSpot, 2022, section III (S1): hidden layers of 3200 and 300. SELU: Klambauer et al., NIPS
//   2017. Differs from the paper: nothing that it says; first weights (normal, variance 1 / inputs) and the optional
//   dropout are not in it. input     float [N, ...] of inFeatures numbers each; [N, 1, 1, n] as the engine gives a
//   HeartSpot vector logits    [N, classes]       features  the last hidden layer, [N, hidden.back(), 1, 1]       cams
//   none names     hidden.<i>.linear, hidden.<i>.norm, output thread rule and cancel  as Network
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/network.h"

namespace cxr::nn {

struct MlpOptions {
    std::int64_t inFeatures = 0;                  // 1..1048576; no default: the prior says how many pixels are kept
    std::int64_t classes = 1;                     // 1..4096
    std::vector<std::int64_t> hidden{3200, 300};  // one to eight layers of 1..16384
    double dropout = 0;                           // before the last layer
};

class Mlp : public Network {
  public:
    explicit Mlp(const MlpOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;

  private:
    struct Layer {
        torch::nn::Linear linear;
        torch::nn::BatchNorm1d norm;  // null: folded
    };
    MlpOptions m_options;
    std::vector<Layer> m_layers;
    torch::nn::Linear m_output{nullptr};
};

}  // namespace cxr::nn
