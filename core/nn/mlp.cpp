// The layers of the multilayer perceptron.
#include "core/nn/mlp.h"

#include <cmath>

#include "core/nn/layers.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

void initialise(tnn::Linear& layer) {
    tnn::init::normal_(layer->weight, 0, 1 / std::sqrt(static_cast<double>(layer->options.in_features())));
    tnn::init::zeros_(layer->bias);
}

// As foldBatchNormInto.
void foldInto(tnn::Linear& linear, const tnn::BatchNorm1d& norm) {
    const torch::NoGradGuard noGrad;
    const auto gain = norm->weight / torch::sqrt(norm->running_var + norm->options.eps());
    linear->bias.set_data(((linear->bias - norm->running_mean) * gain + norm->bias).detach());
    linear->weight.set_data(linear->weight * gain.unsqueeze(1));
}

}  // namespace

Mlp::Mlp(const MlpOptions& options) : m_options(options) {
    TORCH_CHECK(options.inFeatures > 0 && !options.hidden.empty(), "an MLP needs inputs and hidden layers");
    const auto group = register_module("hidden", std::make_shared<tnn::Module>());
    std::int64_t in = options.inFeatures;
    for (const std::int64_t out : options.hidden) {
        const auto names = group->register_module(std::to_string(m_layers.size()), std::make_shared<tnn::Module>());
        Layer layer{tnn::Linear(in, out), tnn::BatchNorm1d(out)};
        initialise(layer.linear);
        names->register_module("linear", layer.linear);
        names->register_module("norm", layer.norm);
        m_layers.push_back(layer);
        in = out;
    }
    m_output = register_module("output", tnn::Linear(in, options.classes));
    initialise(m_output);
}

NetworkOutput Mlp::forward(const torch::Tensor& input, const StopCheck& stop) {
    auto x = input.flatten(1);
    TORCH_CHECK(x.size(1) == m_options.inFeatures, "this MLP was made for ", m_options.inFeatures,
                " numbers a film; this film has ", x.size(1));
    for (auto& layer : m_layers) {
        throwIfStopped(stop);
        x = linear(layer.linear, layer.norm, x);
        x = elementwise(x, [](const torch::Tensor& a) { return torch::selu(a); });
    }
    throwIfStopped(stop);
    const auto logits = linear(m_output, torch::dropout(x, m_options.dropout, is_training()));
    return {logits, x.unsqueeze(2).unsqueeze(3), torch::Tensor()};
}

void Mlp::foldBatchNorm() {
    for (auto& layer : m_layers) {
        if (!layer.norm) continue;
        foldInto(layer.linear, layer.norm);
        layer.norm = nullptr;  // its numbers stay registered
    }
}

}  // namespace cxr::nn
