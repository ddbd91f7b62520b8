// The decoder on VGG-16.
#include "core/nn/vgg16_unet.h"

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

const Vgg16UNetOptions& checked(const Vgg16UNetOptions& options) {
    TORCH_CHECK(options.stemChannels % options.inChannels == 0,
                "a VGG16-U-Net's stem must have a multiple of the film's channels");
    return options;
}

std::shared_ptr<Vgg> headlessVgg(const Vgg16UNetOptions& options) {
    ClassifierOptions encoder;
    encoder.inChannels = options.stemChannels;
    encoder.classes = 0;
    encoder.width = options.width;
    return std::make_shared<Vgg>(std::vector<int>{2, 2, 3, 3, 3}, options.batchNorm, encoder);
}

}  // namespace

Vgg16UNet::Vgg16UNet(const Vgg16UNetOptions& options) : m_options(checked(options)), m_encoder(headlessVgg(options)) {
    register_module("features", m_encoder->named_children()["features"]);
    auto& group = addGroup(*this, "decoder");
    const auto& widths = m_encoder->levelChannels();
    for (std::size_t level = 0; level + 1 < widths.size(); ++level) {
        auto& names = addGroup(group, std::to_string(level));
        const auto reduce = tnn::Conv2dOptions(widths[level + 1], widths[level], 1);
        m_decoder.push_back(
            {names.register_module("reduce", makeConvolution(reduce)),
             names.register_module("block", ConvUnit(2 * widths[level], widths[level], /*residual=*/false))});
    }
    m_head = register_module("head", makeConvolution(tnn::Conv2dOptions(widths[0], options.outChannels, 1)));
}

NetworkOutput Vgg16UNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    requireFilm("VGG16-U-Net", input, m_options.inChannels, kStride);
    const auto film = input.repeat({1, m_options.stemChannels / m_options.inChannels, 1, 1});
    std::vector<torch::Tensor> levels;
    NetworkOutput output;
    output.features = m_encoder->features(film, stop, &levels);
    auto x = output.features;
    for (std::size_t level = m_decoder.size(); level-- > 0;) {
        throwIfStopped(stop);
        const auto up = doubled(m_decoder[level].reduce->forward(x));
        x = m_decoder[level].block->forward(joined(levels[level], up), stop);
    }
    throwIfStopped(stop);
    output.logits = m_head->forward(x);
    return output;
}

void Vgg16UNet::foldBatchNorm() {
    m_encoder->foldBatchNorm();
    for (auto& level : m_decoder) level.block->foldBatchNorm();
}

}  // namespace cxr::nn
