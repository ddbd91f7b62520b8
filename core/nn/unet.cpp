// The layers of U-Net.
#include "core/nn/unet.h"

#include <algorithm>

#include "core/nn/batch_norm_folding.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

tnn::Conv2d conv(std::int64_t in, std::int64_t out, std::int64_t kernel, bool bias) {
    return makeConvolution(tnn::Conv2dOptions(in, out, kernel).padding(kernel / 2).bias(bias));
}

// A module that only gives its children a common first name.
class Group : public tnn::Module {
  public:
    torch::Tensor forward(const torch::Tensor& input) { return input; }
};

}  // namespace

ConvUnitImpl::ConvUnitImpl(std::int64_t in, std::int64_t out, bool residual) : m_isResidual(residual) {
    m_conv1 = register_module("conv1", conv(in, out, 3, false));
    m_bn1 = register_module("bn1", tnn::BatchNorm2d(out));
    m_conv2 = register_module("conv2", conv(out, out, 3, false));
    m_bn2 = register_module("bn2", tnn::BatchNorm2d(out));
    if (residual && in != out) m_project = register_module("project", conv(in, out, 1, true));
}

torch::Tensor ConvUnitImpl::forward(const torch::Tensor& input, const StopCheck& stop) {
    throwIfStopped(stop);
    auto x = m_conv1->forward(input);
    if (!m_isFolded) x = m_bn1->forward(x);
    x = torch::relu_(x);
    throwIfStopped(stop);
    x = m_conv2->forward(x);
    if (!m_isFolded) x = m_bn2->forward(x);
    if (m_isResidual) x = x + (m_project ? m_project->forward(input) : input);
    return torch::relu_(x);
}

void ConvUnitImpl::foldBatchNorm() {
    if (m_isFolded) return;
    foldBatchNormInto(m_conv1, m_bn1);
    foldBatchNormInto(m_conv2, m_bn2);
    m_isFolded = true;
}

UNet::UNet(const UNetOptions& options) : m_options(options) {
    const auto& widths = m_options.channels;
    TORCH_CHECK(widths.size() >= 2, "a U-Net needs at least two levels");
    auto encoder = std::make_shared<Group>();
    std::int64_t in = m_options.inChannels;
    for (std::size_t level = 0; level < widths.size(); ++level) {
        auto group = std::make_shared<Group>();
        m_encoder.push_back(addUnits(*group, in, widths[level]));
        encoder->register_module(std::to_string(level), group);
        in = widths[level];
    }
    register_module("encoder", encoder);
    register_module("decoder", std::make_shared<Group>());
    m_decoder.resize(widths.size() - 1);
    for (std::size_t level = 0; level + 1 < widths.size(); ++level) addDecoderLevel(level);
    m_head = register_module("head", conv(widths[0], m_options.outChannels, 1, true));
}

UNet::Units UNet::addUnits(tnn::Module& parent, std::int64_t in, std::int64_t out) const {
    Units units;
    const int count = std::max(1, m_options.residualUnits);
    for (int i = 0; i < count; ++i) {
        ConvUnit unit(i == 0 ? in : out, out, m_options.residualUnits > 0);
        units.push_back(parent.register_module(std::to_string(i), unit));
    }
    return units;
}

void UNet::addDecoderLevel(std::size_t level) {
    const auto& widths = m_options.channels;
    auto group = std::make_shared<Group>();
    if (m_options.upsampling == Upsampling::Transposed) {
        tnn::ConvTranspose2d up(tnn::ConvTranspose2dOptions(widths[level + 1], widths[level], 2).stride(2));
        m_transposed.push_back(group->register_module("up", up));
    } else {
        m_reduce.push_back(group->register_module("reduce", conv(widths[level + 1], widths[level], 1, true)));
    }
    auto block = std::make_shared<Group>();
    m_decoder[level] = addUnits(*block, 2 * widths[level], widths[level]);
    group->register_module("block", block);
    named_children()["decoder"]->register_module(std::to_string(level), group);
}

torch::Tensor UNet::upsampled(std::size_t level, const torch::Tensor& deep) {
    if (m_options.upsampling == Upsampling::Transposed) return m_transposed[level]->forward(deep);
    const auto reduced = m_reduce[level]->forward(deep);  // 1x1 first: a quarter of the work on the small grid
    const std::vector<std::int64_t> size{2 * reduced.size(2), 2 * reduced.size(3)};
    return torch::upsample_bilinear2d(reduced, size, /*align_corners=*/false);
}

NetworkOutput UNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    std::vector<torch::Tensor> skips;
    torch::Tensor x = input;
    for (std::size_t level = 0; level < m_encoder.size(); ++level) {
        if (level > 0) x = torch::max_pool2d(x, 2);
        for (auto& unit : m_encoder[level]) x = unit->forward(x, stop);
        skips.push_back(x);
    }
    NetworkOutput output;
    output.features = x;
    for (std::size_t level = m_decoder.size(); level-- > 0;) {
        throwIfStopped(stop);
        const auto up = upsampled(level, x);
        x = torch::cat({skips[level], up.to(skips[level].scalar_type())}, 1);
        for (auto& unit : m_decoder[level]) x = unit->forward(x, stop);
    }
    throwIfStopped(stop);
    output.logits = m_head->forward(x);
    return output;
}

void UNet::foldBatchNorm() {
    for (auto* levels : {&m_encoder, &m_decoder}) {
        for (auto& units : *levels) {
            for (auto& unit : units) unit->foldBatchNorm();
        }
    }
}

}  // namespace cxr::nn
