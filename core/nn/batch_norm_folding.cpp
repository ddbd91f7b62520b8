// Convolution, batch norm, activation, and the norm's arithmetic as part of the convolution.
#include "core/nn/batch_norm_folding.h"

#include "core/nn/layers.h"

namespace cxr::nn {

namespace tnn = torch::nn;

void foldBatchNormInto(tnn::Conv2d& convolution, const tnn::BatchNorm2d& norm) {
    const torch::NoGradGuard noGrad;
    const auto gain = norm->weight / torch::sqrt(norm->running_var + norm->options.eps());
    const bool hasBias = convolution->bias.defined();
    const auto oldBias = hasBias ? convolution->bias : torch::zeros_like(norm->running_mean);
    const auto newBias = ((oldBias - norm->running_mean) * gain + norm->bias).detach();
    convolution->weight.mul_(gain.view({-1, 1, 1, 1}));
    if (hasBias) {
        convolution->bias.set_data(newBias);
    } else {  // registered: an unknown bias would stay behind when the network moves to another device
        convolution->bias = convolution->register_buffer("folded_bias", newBias);
    }
}

torch::Tensor activated(torch::Tensor x, Activation activation) {
    switch (activation) {
        case Activation::None: break;
        case Activation::Relu: return rectified(x);
        case Activation::Silu:
            if (layerMode()) return elementwise(x, [](const torch::Tensor& a) { return torch::silu(a); });
            return torch::silu_(x);
    }
    return x;
}

ConvNorm::ConvNorm(tnn::Module& parent, const std::string& convName, const std::string& normName,
                   const tnn::Conv2dOptions& options, Activation activation)
    : m_conv(parent.register_module(convName, makeConvolution(options))), m_activation(activation) {
    if (!normName.empty()) m_norm = parent.register_module(normName, tnn::BatchNorm2d(options.out_channels()));
}

torch::Tensor ConvNorm::forward(const torch::Tensor& input, const StopCheck& stop) {
    throwIfStopped(stop);
    return activated(convolved(m_conv, m_norm, input), m_activation);
}

void ConvNorm::fold() {
    if (!m_norm) return;
    foldBatchNormInto(m_conv, m_norm);
    m_norm = nullptr;  // its numbers stay registered in the parent
}

}  // namespace cxr::nn
