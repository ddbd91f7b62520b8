// The variational branch of SegResNet.
#include "core/nn/segresnet_vae.h"

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

constexpr std::int64_t kMaps = 16;  // of the branch at its smallest

}  // namespace

SegResNetVae::SegResNetVae(const SegResNetVaeOptions& options)
    : SegResNet(options.base),
      m_options(options),
      m_side(options.imageSize / (2 * stride())),
      m_film(*this, "vae_conv_final", options.base.initFilters, options.base.inChannels, options.base.groups) {
    TORCH_CHECK(m_side > 0 && options.imageSize % (2 * stride()) == 0,
                "SegResNetVAE's image size must be a multiple of ", 2 * stride());
    TORCH_CHECK(kMaps % options.base.groups == 0, "SegResNetVAE's groups must divide ", kMaps);
    const std::int64_t deep = options.base.initFilters * stride(), flat = kMaps * m_side * m_side;
    const auto norm = [&](std::int64_t channels) { return tnn::GroupNorm(options.base.groups, channels); };
    auto& down = addGroup(*this, "vae_down");
    m_norm1 = down.register_module("0", norm(deep));
    m_shrink = addConvolution(down, "2", convolutionOptions(deep, kMaps, 3, 2).bias(true));
    m_norm2 = down.register_module("3", norm(kMaps));
    m_mean = register_module("vae_fc1", tnn::Linear(flat, options.codeLength));
    if (options.estimateStd) m_deviation = register_module("vae_fc2", tnn::Linear(flat, options.codeLength));
    m_back = register_module("vae_fc3", tnn::Linear(options.codeLength, flat));
    auto& up = addGroup(*this, "vae_fc_up_sample");
    m_widen = addConvolution(up, "0", convolutionOptions(kMaps, deep, 1));
    m_norm3 = up.register_module("2", norm(deep));
}

SegResNetVae::Code SegResNetVae::code(const torch::Tensor& deepest) {
    auto x = m_shrink->forward(normalisedRelu(m_norm1, deepest));
    x = normalisedRelu(m_norm2, x).flatten(1);
    const auto mean = m_mean->forward(x).to(torch::kFloat);
    const auto noise = torch::randn_like(mean);
    if (!m_options.estimateStd) return {mean + m_options.defaultStd * noise, mean.square().mean()};
    const auto sigma = torch::softplus(m_deviation->forward(x).to(torch::kFloat));
    const auto variance = sigma.square();
    return {mean + sigma * noise, 0.5 * (mean.square() + variance - torch::log(1e-8 + variance) - 1).mean()};
}

torch::Tensor SegResNetVae::drawn(const torch::Tensor& code, const StopCheck& stop) {
    auto x = torch::relu(m_back->forward(code)).view({-1, kMaps, m_side, m_side});
    x = normalisedRelu(m_norm3, doubled(m_widen->forward(x)));
    return m_film.forward(decoded(x, {}, stop));
}

NetworkOutput SegResNetVae::forward(const torch::Tensor& input, const StopCheck& stop) {
    NetworkOutput output = SegResNet::forward(input, stop);
    if (!is_training()) return output;
    TORCH_CHECK(input.size(2) == m_options.imageSize && input.size(3) == m_options.imageSize,
                "SegResNetVAE was made to train on films of ", m_options.imageSize, " px; this one has ", input.size(3),
                " x ", input.size(2), " px");
    const Code sampled = code(output.features);
    const auto film = drawn(sampled.values, stop);
    output.auxiliaryLoss = torch::mse_loss(film.to(torch::kFloat), input.to(torch::kFloat)) + sampled.divergence;
    return output;
}

}  // namespace cxr::nn
