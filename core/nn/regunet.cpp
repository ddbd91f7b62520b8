// Units, encoder, decoder and the extraction of RegUNet.
#include "core/nn/regunet.h"

#include <numeric>

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

RegUNetOptions completed(RegUNetOptions options) {
    auto& levels = options.extractLevels;
    if (levels.empty()) {
        levels.resize(static_cast<std::size_t>(options.depth) + 1);
        std::iota(levels.begin(), levels.end(), 0);
    }
    bool isRising = levels.front() == 0 && levels.back() <= options.depth;
    for (std::size_t i = 1; i < levels.size(); ++i) isRising = isRising && levels[i] > levels[i - 1];
    TORCH_CHECK(options.depth >= 1 && isRising, "a RegUNet extracts rising levels, the first 0, none below its depth");
    return options;
}

}  // namespace

torch::Tensor RegUNet::Unit::forward(const torch::Tensor& input, const StopCheck& stop) {
    const auto x = first.forward(input, stop);
    return torch::relu(last.forward(inner.forward(x, stop), stop) + x);
}

void RegUNet::Unit::fold() {
    for (auto* layer : {&first, &inner, &last}) layer->fold();
}

RegUNet::Unit RegUNet::makeUnit(tnn::Module& names, std::int64_t in, std::int64_t out) {
    auto first = addConvNorm(names, "0", convolutionOptions(in, out, 3), Activation::Relu);
    auto& residual = addGroup(addGroup(names, "1"), "layers");
    const auto shape = convolutionOptions(out, out, 3);
    auto inner = addConvNorm(residual, "0", shape, Activation::Relu);
    auto last = addConvNorm(residual, "1", shape, Activation::None);
    return {std::move(first), std::move(inner), std::move(last)};
}

RegUNet::RegUNet(const RegUNetOptions& options) : m_options(completed(options)) {
    addEncoder();
    addDecoder();
    addOutput();
}

void RegUNet::addEncoder() {
    auto& group = addGroup(*this, "encode_convs");
    for (std::int64_t d = 0; d < m_options.depth; ++d) {
        const std::int64_t in = d == 0 ? m_options.inChannels : width(d - 1);
        m_encoder.push_back(makeUnit(addGroup(group, std::to_string(d)), in, width(d)));
    }
    m_encoder.push_back(makeUnit(addGroup(*this, "bottom_block"), width(m_options.depth - 1), width(m_options.depth)));
}

void RegUNet::addDecoder() {
    auto& deconvs = addGroup(*this, "decode_deconvs");
    auto& convs = addGroup(*this, "decode_convs");
    for (std::int64_t d = m_options.depth - 1; d >= 0; --d) {
        const std::string name = std::to_string(m_options.depth - 1 - d);
        auto doubling = tnn::ConvTranspose2dOptions(width(d + 1), width(d), 3).stride(2).bias(false);
        doubling.padding(1).output_padding(1);
        m_deconvs.emplace_back(addGroup(deconvs, name), "conv", "norm", doubling);
        m_decoder.push_back(makeUnit(addGroup(convs, name), (m_options.concatSkip ? 2 : 1) * width(d), width(d)));
    }
}

void RegUNet::addOutput() {
    auto& group = addGroup(addGroup(*this, "output_block"), "layers");
    for (std::size_t i = 0; i < m_options.extractLevels.size(); ++i) {
        const auto shape = convolutionOptions(width(m_options.extractLevels[i]), m_options.outChannels, 3);
        m_output.push_back(addConvolution(group, std::to_string(i), shape));
    }
}

// `levels`: decoded maps, fine to coarse, the bottom last.
torch::Tensor RegUNet::answer(const std::vector<torch::Tensor>& levels, const torch::Tensor& film,
                              const StopCheck& stop) {
    torch::Tensor sum;
    for (std::size_t i = 0; i < m_output.size(); ++i) {
        throwIfStopped(stop);
        const auto part = m_output[i]->forward(levels[static_cast<std::size_t>(m_options.extractLevels[i])]);
        const std::vector<std::int64_t> size{film.size(2), film.size(3)};
        const auto full = part.size(2) == film.size(2) ? part : torch::upsample_nearest2d(part, size);
        sum = sum.defined() ? sum + full : full;
    }
    return sum / static_cast<double>(m_output.size());
}

NetworkOutput RegUNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    requireFilm("RegUNet", input, m_options.inChannels, stride());
    std::vector<torch::Tensor> levels;
    auto x = input;
    for (auto& unit : m_encoder) {
        x = unit.forward(levels.empty() ? x : torch::max_pool2d(x, 2), stop);
        levels.push_back(x);
    }
    for (std::size_t i = 0; i < m_decoder.size(); ++i) {
        auto& level = levels[m_decoder.size() - 1 - i];
        x = torch::relu(m_deconvs[i].forward(x, stop));
        x = m_options.concatSkip ? joined(x, level) : x + level;
        level = x = m_decoder[i].forward(x, stop);
    }
    NetworkOutput output;
    output.features = levels.back();
    output.logits = answer(levels, input, stop);
    return output;
}

void RegUNet::foldBatchNorm() {
    for (auto* units : {&m_encoder, &m_decoder}) {
        for (auto& unit : *units) unit.fold();
    }
    for (auto& layer : m_deconvs) layer.fold();
}

}  // namespace cxr::nn
