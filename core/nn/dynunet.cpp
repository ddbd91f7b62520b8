// Blocks, encoder and decoder of DynUNet.
#include "core/nn/dynunet.h"

#include <algorithm>

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

constexpr double kSlope = 0.01;

tnn::InstanceNorm2d instanceNorm(std::int64_t channels) {
    return tnn::InstanceNorm2d(tnn::InstanceNorm2dOptions(channels).affine(true));
}

tnn::Conv2dOptions shape(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
    return tnn::Conv2dOptions(in, out, kernel).stride(stride).padding((kernel - stride + 1) / 2).bias(false);
}

DynUNetOptions completed(DynUNetOptions options) {
    const std::size_t levels = options.strides.size();
    TORCH_CHECK(levels >= 3 && options.strides[0] == 1, "a DynUNet needs three levels or more, and 1 as first stride");
    if (options.kernels.empty()) options.kernels.assign(levels, 3);
    for (std::size_t i = options.filters.size(); i < levels; ++i) {
        options.filters.push_back(std::min<std::int64_t>(32 << std::min<std::size_t>(i, 8), 512));
    }
    TORCH_CHECK(options.kernels.size() == levels && options.filters.size() == levels,
                "a DynUNet needs one kernel and one filter count per stride");
    return options;
}

}  // namespace

DynUNetBlockImpl::DynUNetBlockImpl(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                                   bool residual)
    : m_conv1(addConvolution(*this, "conv1", shape(in, out, kernel, stride))),
      m_conv2(addConvolution(*this, "conv2", shape(out, out, kernel, 1))),
      m_norm1(register_module("norm1", instanceNorm(out))),
      m_norm2(register_module("norm2", instanceNorm(out))),
      m_isResidual(residual) {
    if (!residual || (in == out && stride == 1)) return;
    m_conv3 = addConvolution(*this, "conv3", shape(in, out, 1, stride));
    m_norm3 = register_module("norm3", instanceNorm(out));
}

torch::Tensor DynUNetBlockImpl::forward(const torch::Tensor& input, const StopCheck& stop) {
    throwIfStopped(stop);
    auto x = torch::leaky_relu(m_norm1->forward(m_conv1->forward(input)), kSlope);
    throwIfStopped(stop);
    x = m_norm2->forward(m_conv2->forward(x));
    if (m_isResidual) x = x + (m_conv3 ? m_norm3->forward(m_conv3->forward(input)) : input);
    return torch::leaky_relu(x, kSlope);
}

DynUNet::DynUNet(const DynUNetOptions& options) : m_options(completed(options)) {
    addEncoder();
    addDecoder();
    const auto head = convolutionOptions(m_options.filters[0], m_options.outChannels, 1).bias(true);
    m_head = addConvolution(addGroup(*this, "output_block"), "conv", head);
}

std::int64_t DynUNet::stride() const {
    std::int64_t product = 1;
    for (const std::int64_t stride : m_options.strides) product *= stride;
    return product;
}

void DynUNet::addEncoder() {
    auto& group = addGroup(*this, "downsamples");
    std::int64_t in = m_options.inChannels;
    const std::size_t last = m_options.strides.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
        DynUNetBlock block(in, m_options.filters[i], m_options.kernels[i], m_options.strides[i], m_options.residual);
        if (i == 0)
            register_module("input_block", block);
        else if (i == last)
            register_module("bottleneck", block);
        else
            group.register_module(std::to_string(i - 1), block);
        m_encoder.push_back(block);
        in = m_options.filters[i];
    }
}

void DynUNet::addDecoder() {
    auto& group = addGroup(*this, "upsamples");
    const auto& filters = m_options.filters;
    for (std::size_t i = filters.size() - 1; i > 0; --i) {
        auto& names = addGroup(group, std::to_string(filters.size() - 1 - i));
        const std::int64_t stride = m_options.strides[i];
        const auto up = tnn::ConvTranspose2dOptions(filters[i], filters[i - 1], stride).stride(stride).bias(false);
        const DynUNetBlock block(2 * filters[i - 1], filters[i - 1], m_options.kernels[i], 1, /*residual=*/false);
        m_decoder.push_back({addGroup(names, "transp_conv").register_module("conv", tnn::ConvTranspose2d(up)),
                             names.register_module("conv_block", block)});
    }
}

NetworkOutput DynUNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    requireFilm("DynUNet", input, m_options.inChannels, stride());
    std::vector<torch::Tensor> levels;
    auto x = input;
    for (auto& block : m_encoder) {
        x = block->forward(x, stop);
        levels.push_back(x);
    }
    NetworkOutput output;
    output.features = x;
    for (auto& step : m_decoder) {
        levels.pop_back();
        throwIfStopped(stop);
        const auto up = step.up->forward(x);
        x = step.block->forward(joined(up, levels.back()), stop);
    }
    throwIfStopped(stop);
    output.logits = m_head->forward(x);
    return output;
}

}  // namespace cxr::nn
