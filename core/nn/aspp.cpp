// Encoder, pyramid and decoder of the ASPP network.
#include "core/nn/aspp.h"

#include <array>

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

constexpr std::array<std::int64_t, 4> kKernels{1, 3, 3, 3}, kDilations{1, 2, 4, 6};
constexpr double kSlope = 0.01;  // of leaky ReLU

const AsppOptions& checked(const AsppOptions& options) {
    TORCH_CHECK(options.channels.size() >= 2, "an ASPP network needs at least two levels");
    return options;
}

}  // namespace

SimpleAsppImpl::SimpleAsppImpl(std::int64_t in, std::int64_t branchChannels)
    : m_merge(addConvNorm(*this, "conv_k1", convolutionOptions(4 * branchChannels, 4 * branchChannels, 1),
                          Activation::None)) {
    auto& group = addGroup(*this, "convs");
    for (std::size_t i = 0; i < kKernels.size(); ++i) {
        const auto padding = kDilations[i] * (kKernels[i] / 2);
        const auto options =
            tnn::Conv2dOptions(in, branchChannels, kKernels[i]).dilation(kDilations[i]).padding(padding);
        m_branches.push_back(group.register_module(std::to_string(i), makeConvolution(options)));
    }
}

torch::Tensor SimpleAsppImpl::forward(const torch::Tensor& input, const StopCheck& stop) {
    std::vector<torch::Tensor> branches;
    for (auto& branch : m_branches) {
        throwIfStopped(stop);
        branches.push_back(branch->forward(input));
    }
    return torch::leaky_relu(m_merge.forward(torch::cat(branches, 1), stop), kSlope);
}

AsppNet::AsppNet(const AsppOptions& options)
    : m_options(checked(options)),
      m_aspp(register_module("aspp", SimpleAspp(options.channels.back(), options.asppChannels))),
      m_low(addConvNorm(*this, "low", convolutionOptions(options.channels[1], options.lowLevelChannels, 1),
                        Activation::Relu)),
      m_decoder(register_module("decoder", ConvUnit(options.lowLevelChannels + 4 * options.asppChannels,
                                                    options.decoderChannels, /*residual=*/false))),
      m_head(
          register_module("head", makeConvolution(tnn::Conv2dOptions(options.decoderChannels, options.outChannels, 1)))) {
    auto& group = addGroup(*this, "encoder");
    std::int64_t in = options.inChannels;
    for (std::size_t level = 0; level < options.channels.size(); ++level) {
        const std::int64_t out = options.channels[level];
        m_encoder.push_back(group.register_module(std::to_string(level), ConvUnit(in, out, /*residual=*/true)));
        in = out;
    }
}

NetworkOutput AsppNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    requireFilm("the ASPP network", input, m_options.inChannels, stride());
    torch::Tensor x = input, low;
    for (std::size_t level = 0; level < m_encoder.size(); ++level) {
        if (level > 0) x = torch::max_pool2d(x, 2);
        x = m_encoder[level]->forward(x, stop);
        if (level == 1) low = x;
    }
    NetworkOutput output;
    output.features = m_aspp->forward(x, stop);
    low = m_low.forward(low, stop);
    x = joined(low, resizedBilinear(output.features, low.size(2), low.size(3)));
    x = m_head->forward(m_decoder->forward(x, stop));
    output.logits = resizedBilinear(x, input.size(2), input.size(3));
    return output;
}

void AsppNet::foldBatchNorm() {
    for (auto& unit : m_encoder) unit->foldBatchNorm();
    m_aspp->foldBatchNorm();
    m_low.fold();
    m_decoder->foldBatchNorm();
}

}  // namespace cxr::nn
