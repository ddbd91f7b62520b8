// Classifier: what the classification backbones share: options, heads, first weights, and their maps at every
// resolution for networks that are built on them.
//   input     float [N, inChannels, H, W], H and W at least 32
//   logits    [N, classes]; probabilities are their sigmoids, labels are not exclusive
//   features  the last maps, after their activation, that the head pools, [N, levelChannels().back(), h, w]
//   cams      CAM_c(i, j) = sum_k w_ck features_k(i, j), so that logits_c = mean(CAM_c) + bias_c (in eval mode)
//             Zhou et al., CVPR 2016, eq. 2. Undefined where the head is more than one linear layer (VGG).
// With classes = 0 a backbone has no head: forward() gives features only.
//   thread rule and cancel  as Network
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace cxr::nn {

struct ClassifierOptions {
    std::int64_t inChannels = 3;    // 1..16
    std::int64_t classes = 14;      // 0..4096
    double width = 1;               // factor on every channel count, 1/16..2; 1: the published network
    std::optional<double> dropout;  // before the last linear layer, [0, 1); none: what the published network has
    std::int64_t hidden = 0;        // VGG's two inner linear layers, 0..8192; 0: 4096 x width
};

// {"in_channels", "classes", "width", "dropout", "hidden"}, all optional; at least one class.
// fails InvalidArgument; throws json::exception for a wrong type.
Result<ClassifierOptions> readClassifierOptions(const nlohmann::json& architecture);

class Classifier : public Network {
  public:
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) final;
    // The maps that the head pools. `levels`, if given, receives the last maps of each resolution, fine to coarse; its
    // last entry is the result.
    virtual torch::Tensor features(const torch::Tensor& input, const StopCheck& stop = {},
                                   std::vector<torch::Tensor>* levels = nullptr) = 0;
    // Channels of each level, fine to coarse.
    [[nodiscard]] const std::vector<std::int64_t>& levelChannels() const { return m_levelChannels; }
    [[nodiscard]] const ClassifierOptions& options() const { return m_options; }

  protected:
    explicit Classifier(const ClassifierOptions& options) : m_options(options) {}
    virtual NetworkOutput classified(const torch::Tensor& features, const StopCheck& stop);
    // Global average pooling, dropout and one linear layer, registered in `parent` as `name`; nothing if classes = 0.
    void addPooledHead(torch::nn::Module& parent, const std::string& name, double publishedDropout);
    [[nodiscard]] double dropoutOr(double published) const { return m_options.dropout.value_or(published); }
    [[nodiscard]] std::int64_t scaled(std::int64_t channels) const;  // channels x width, rounded, at least 1

    ClassifierOptions m_options;
    std::vector<std::int64_t> m_levelChannels;
    torch::nn::Linear m_linear{nullptr};  // the last layer; null if classes = 0
    double m_dropout = 0;
};

inline void addLevel(std::vector<torch::Tensor>* levels, const torch::Tensor& maps) {
    if (levels) levels->push_back(maps);
}

}  // namespace cxr::nn
