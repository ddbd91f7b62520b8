// The stages and the three linear layers of VGG.
#include "core/nn/vgg.h"

#include <algorithm>

#include "core/nn/layers.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

constexpr std::int64_t kGrid = 7;  // side of the pooled maps

}  // namespace

Vgg::Vgg(const std::vector<int>& depths, bool hasBatchNorm, const ClassifierOptions& options) : Classifier(options) {
    addStages(depths, hasBatchNorm);
    initialiseConvolutions(*this, Fan::Out);
    m_dropout = dropoutOr(0.5);
    if (m_options.classes > 0) addHead();
}

void Vgg::addStages(const std::vector<int>& depths, bool hasBatchNorm) {
    const auto group = register_module("features", std::make_shared<tnn::Module>());
    std::int64_t in = m_options.inChannels;
    int index = 0;
    for (std::size_t stage = 0; stage < depths.size(); ++stage, ++index) {  // one more for the pooling
        const std::int64_t out = scaled(std::min<std::int64_t>(64 << stage, 512));
        auto& units = m_stages.emplace_back();
        for (int i = 0; i < depths[stage]; ++i, in = out) {
            const std::string normName = hasBatchNorm ? std::to_string(index + 1) : std::string();
            const auto shape = convolutionOptions(in, out, 3).bias(true);
            units.emplace_back(*group, std::to_string(index), normName, shape, Activation::Relu);
            index += hasBatchNorm ? 3 : 2;
        }
        m_levelChannels.push_back(out);
    }
}

void Vgg::addHead() {
    const auto group = register_module("classifier", std::make_shared<tnn::Module>());
    const auto linear = [&](const char* name, std::int64_t in, std::int64_t out) {
        tnn::Linear layer(in, out);
        tnn::init::normal_(layer->weight, 0, 0.01);
        tnn::init::zeros_(layer->bias);
        return group->register_module(name, layer);
    };
    const std::int64_t hidden = m_options.hidden > 0 ? m_options.hidden : scaled(4096);
    m_inner = {linear("0", m_levelChannels.back() * kGrid * kGrid, hidden), linear("3", hidden, hidden)};
    m_linear = linear("6", hidden, m_options.classes);
}

torch::Tensor Vgg::features(const torch::Tensor& input, const StopCheck& stop, std::vector<torch::Tensor>* levels) {
    auto x = input;
    for (std::size_t stage = 0; stage < m_stages.size(); ++stage) {
        if (stage > 0) x = maxPooled(x, 2, 2);
        for (auto& unit : m_stages[stage]) x = unit.forward(x, stop);
        addLevel(levels, x);
    }
    return x;
}

NetworkOutput Vgg::classified(const torch::Tensor& features, const StopCheck& stop) {
    const auto gridOf = [](const torch::Tensor& maps) { return torch::adaptive_avg_pool2d(maps, {kGrid, kGrid}); };
    auto x = weightedMeans(maxPooled(features, 2, 2), gridOf).flatten(1);
    for (auto& layer : m_inner) {
        throwIfStopped(stop);
        x = torch::dropout(activated(linear(layer, x), Activation::Relu), m_dropout, is_training());
    }
    return {linear(m_linear, x), features, torch::Tensor()};
}

void Vgg::foldBatchNorm() {
    for (auto& stage : m_stages) {
        for (auto& unit : stage) unit.fold();
    }
}

std::shared_ptr<Classifier> makeVgg16(const ClassifierOptions& options) {
    return std::make_shared<Vgg>(std::vector<int>{2, 2, 3, 3, 3}, false, options);
}

std::shared_ptr<Classifier> makeVgg16Bn(const ClassifierOptions& options) {
    return std::make_shared<Vgg>(std::vector<int>{2, 2, 3, 3, 3}, true, options);
}

}  // namespace cxr::nn
