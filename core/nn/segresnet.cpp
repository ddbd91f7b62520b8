// Blocks, encoder and decoder of SegResNet.
#include "core/nn/segresnet.h"

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

tnn::GroupNorm groupNorm(std::int64_t groups, std::int64_t channels) {
    return tnn::GroupNorm(tnn::GroupNormOptions(groups, channels));
}

const SegResNetOptions& checked(const SegResNetOptions& options) {
    TORCH_CHECK(options.blocksDown.size() >= 2 && options.blocksUp.size() + 1 == options.blocksDown.size(),
                "a SegResNet needs two levels or more, and one decoder level less than encoder levels");
    TORCH_CHECK(options.initFilters % options.groups == 0, "a SegResNet's filters must be a multiple of its groups");
    return options;
}

}  // namespace

torch::Tensor normalisedRelu(tnn::GroupNorm& norm, const torch::Tensor& maps) {
    return torch::relu(norm->forward(maps.to(norm->weight.scalar_type())));
}

SegResBlockImpl::SegResBlockImpl(std::int64_t channels, std::int64_t groups)
    : m_norm1(register_module("norm1", groupNorm(groups, channels))),
      m_norm2(register_module("norm2", groupNorm(groups, channels))),
      m_conv1(addConvolution(*this, "conv1", convolutionOptions(channels, channels, 3))),
      m_conv2(addConvolution(*this, "conv2", convolutionOptions(channels, channels, 3))) {}

torch::Tensor SegResBlockImpl::forward(const torch::Tensor& input, const StopCheck& stop) {
    throwIfStopped(stop);
    auto x = m_conv1->forward(normalisedRelu(m_norm1, input));
    throwIfStopped(stop);
    return m_conv2->forward(normalisedRelu(m_norm2, x)) + input;
}

SegResHead::SegResHead(tnn::Module& parent, const std::string& name, std::int64_t in, std::int64_t out,
                       std::int64_t groups) {
    auto& group = addGroup(parent, name);
    m_norm = group.register_module("0", groupNorm(groups, in));
    m_conv = addConvolution(group, "2", convolutionOptions(in, out, 1).bias(true));
}

torch::Tensor SegResHead::forward(const torch::Tensor& input) { return m_conv->forward(normalisedRelu(m_norm, input)); }

SegResNet::SegResNet(const SegResNetOptions& options)
    : m_options(checked(options)),
      m_init(addConvolution(*this, "convInit", convolutionOptions(options.inChannels, options.initFilters, 3))),
      m_head(*this, "conv_final", options.initFilters, options.outChannels, options.groups) {
    addEncoder();
    addDecoder();
}

void SegResNet::addBlocks(tnn::Module& parent, Level& level, std::int64_t first, std::int64_t count,
                          std::int64_t channels) const {
    for (std::int64_t i = first; i < first + count; ++i) {
        level.blocks.push_back(parent.register_module(std::to_string(i), SegResBlock(channels, m_options.groups)));
    }
}

void SegResNet::addEncoder() {
    auto& group = addGroup(*this, "down_layers");
    for (std::size_t i = 0; i < m_options.blocksDown.size(); ++i) {
        const std::int64_t channels = m_options.initFilters << i;
        auto& names = addGroup(group, std::to_string(i));
        Level& level = m_down.emplace_back();
        if (i > 0) level.step = addConvolution(names, "0", convolutionOptions(channels / 2, channels, 3, 2));
        addBlocks(names, level, 1, m_options.blocksDown[i], channels);
    }
}

void SegResNet::addDecoder() {
    auto& samples = addGroup(*this, "up_samples");
    auto& layers = addGroup(*this, "up_layers");
    const std::size_t count = m_options.blocksUp.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t channels = m_options.initFilters << (count - i - 1);
        const std::string name = std::to_string(i);
        Level& level = m_up.emplace_back();
        level.step = addConvolution(addGroup(samples, name), "0", convolutionOptions(2 * channels, channels, 1));
        addBlocks(addGroup(layers, name), level, 0, m_options.blocksUp[i], channels);
    }
}

std::vector<torch::Tensor> SegResNet::encoded(const torch::Tensor& input, const StopCheck& stop) {
    auto x = torch::feature_dropout(m_init->forward(input), m_options.dropout, is_training());
    std::vector<torch::Tensor> levels;
    for (Level& level : m_down) {
        throwIfStopped(stop);
        if (level.step) x = level.step->forward(x);
        for (auto& block : level.blocks) x = block->forward(x, stop);
        levels.push_back(x);
    }
    return levels;
}

torch::Tensor SegResNet::decoded(torch::Tensor x, const std::vector<torch::Tensor>& skips, const StopCheck& stop) {
    for (std::size_t i = 0; i < m_up.size(); ++i) {
        throwIfStopped(stop);
        x = doubled(m_up[i].step->forward(x));
        if (!skips.empty()) x = x + skips[m_up.size() - 1 - i];
        for (auto& block : m_up[i].blocks) x = block->forward(x, stop);
    }
    return x;
}

NetworkOutput SegResNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    requireFilm("SegResNet", input, m_options.inChannels, stride());
    const auto levels = encoded(input, stop);
    NetworkOutput output;
    output.features = levels.back();
    output.logits = m_head.forward(decoded(levels.back(), levels, stop));
    return output;
}

}  // namespace cxr::nn
