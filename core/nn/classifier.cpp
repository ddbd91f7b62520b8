// Options, the pooled head and first weights of the classification backbones.
#include "core/nn/classifier.h"

#include <algorithm>
#include <cmath>

#include "core/nn/layers.h"

namespace cxr::nn {

namespace tnn = torch::nn;

Result<ClassifierOptions> readClassifierOptions(const nlohmann::json& j) {
    ClassifierOptions options;
    options.inChannels = j.value("in_channels", options.inChannels);
    options.classes = j.value("classes", options.classes);
    options.width = j.value("width", options.width);
    options.hidden = j.value("hidden", options.hidden);
    if (j.contains("dropout")) options.dropout = j.at("dropout").get<double>();
    const auto outside = [](const char* name) {
        return Error{ErrorCode::InvalidArgument, std::string("the network's \"") + name + "\" is outside its range"};
    };
    if (options.inChannels < 1 || options.inChannels > 16) return outside("in_channels");
    if (options.classes < 1 || options.classes > 4096) return outside("classes");
    if (!(options.width >= 1.0 / 16 && options.width <= 2)) return outside("width");
    if (options.hidden < 0 || options.hidden > 8192) return outside("hidden");
    const double dropout = options.dropout.value_or(0);
    if (!(dropout >= 0 && dropout < 1)) return outside("dropout");
    return options;
}

std::int64_t Classifier::scaled(std::int64_t channels) const {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(channels) * m_options.width));
}

void Classifier::addPooledHead(tnn::Module& parent, const std::string& name, double publishedDropout) {
    m_dropout = dropoutOr(publishedDropout);
    if (m_options.classes == 0) return;
    m_linear = parent.register_module(name, tnn::Linear(m_levelChannels.back(), m_options.classes));
}

NetworkOutput Classifier::forward(const torch::Tensor& input, const StopCheck& stop) {
    auto maps = features(input, stop);
    throwIfStopped(stop);
    if (m_options.classes == 0) return {torch::Tensor(), maps, torch::Tensor()};
    noteFeatures(maps);
    return classified(maps, stop);
}

NetworkOutput Classifier::classified(const torch::Tensor& features, const StopCheck& /*stop*/) {
    const auto means = weightedMeans(features, [](const torch::Tensor& maps) { return torch::mean(maps, {2, 3}); });
    const auto pooled = torch::dropout(means, m_dropout, is_training());
    const auto perCell = m_linear->weight.view({m_options.classes, -1, 1, 1});
    return {linear(m_linear, pooled), features, torch::conv2d(features, perCell)};
}

}  // namespace cxr::nn
