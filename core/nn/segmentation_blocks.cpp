// Shared parts of the segmentation networks.
#include "core/nn/segmentation_blocks.h"

#include <memory>

namespace cxr::nn {

namespace tnn = torch::nn;

void requireFilm(const char* network, const torch::Tensor& film, std::int64_t channels, std::int64_t stride) {
    TORCH_CHECK(film.dim() == 4, network, " takes films as [N, C, H, W]; this array has ", film.dim(), " dimensions");
    TORCH_CHECK(film.size(1) == channels, network, " was made for ", channels, " channels; this film has ",
                film.size(1));
    const bool fits = film.size(2) % stride == 0 && film.size(3) % stride == 0 && film.size(2) > 0 && film.size(3) > 0;
    TORCH_CHECK(fits, network, " needs a width and height that are multiples of ", stride, "; this film has ",
                film.size(3), " x ", film.size(2), " px");
}

tnn::Module& addGroup(tnn::Module& parent, const std::string& name) {
    return *parent.register_module(name, std::make_shared<tnn::Module>());
}

tnn::Conv2d addConvolution(tnn::Module& parent, const std::string& name, const tnn::Conv2dOptions& options) {
    return addGroup(parent, name).register_module("conv", makeConvolution(options));
}

ConvNorm addConvNorm(tnn::Module& parent, const std::string& name, const tnn::Conv2dOptions& options,
                     Activation activation) {
    return {addGroup(parent, name), "conv", "norm", options, activation};
}

UpConvNorm::UpConvNorm(tnn::Module& parent, const std::string& convName, const std::string& normName,
                       const tnn::ConvTranspose2dOptions& options)
    : m_conv(parent.register_module(convName, tnn::ConvTranspose2d(options))),
      m_norm(parent.register_module(normName, tnn::BatchNorm2d(options.out_channels()))) {}

torch::Tensor UpConvNorm::forward(const torch::Tensor& input, const StopCheck& stop) {
    throwIfStopped(stop);
    const auto x = m_conv->forward(input);
    return m_norm ? m_norm->forward(x) : x;
}

// As foldBatchNormInto, but a transposed convolution's weight is [in, out, k, k].
void UpConvNorm::fold() {
    if (!m_norm) return;
    const torch::NoGradGuard noGrad;
    const auto gain = m_norm->weight / torch::sqrt(m_norm->running_var + m_norm->options.eps());
    const bool hasBias = m_conv->bias.defined();
    const auto oldBias = hasBias ? m_conv->bias : torch::zeros_like(m_norm->running_mean);
    const auto newBias = ((oldBias - m_norm->running_mean) * gain + m_norm->bias).detach();
    m_conv->weight.set_data(m_conv->weight * gain.view({1, -1, 1, 1}));
    if (hasBias)
        m_conv->bias.set_data(newBias);
    else
        m_conv->bias = m_conv->register_buffer("folded_bias", newBias);
    m_norm = nullptr;  // its numbers stay registered in the parent
}

torch::Tensor resizedBilinear(const torch::Tensor& maps, std::int64_t height, std::int64_t width) {
    const std::vector<std::int64_t> size{height, width};
    return torch::upsample_bilinear2d(maps, size, /*align_corners=*/false);
}

torch::Tensor doubled(const torch::Tensor& maps) { return resizedBilinear(maps, 2 * maps.size(2), 2 * maps.size(3)); }

torch::Tensor joined(const torch::Tensor& first, const torch::Tensor& second) {
    return torch::cat({first, second.to(first.scalar_type())}, 1);
}

}  // namespace cxr::nn
