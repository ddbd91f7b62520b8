// Pyramid, dilated blocks, auto-encoder and classifier of the spatially-preserving flattening.
#include "core/nn/spf.h"

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

constexpr std::int64_t kFirst = 8, kSecond = 16;  // maps inside the auto-encoder
constexpr std::size_t kSkippedLevels = 1;         // the backbone's / 2

tnn::Conv2d biased(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1) {
    return makeConvolution(convolutionOptions(in, out, kernel, stride).bias(true));
}

}  // namespace

class DilatedBlock : public tnn::Module {
  public:
    DilatedBlock(std::int64_t in, std::int64_t out, double dropout) : m_dropout(dropout) {
        for (const std::int64_t dilation : {1, 2, 4}) {
            const std::string number = std::to_string(m_main.size() + 1);
            const auto shape =
                convolutionOptions(m_main.empty() ? in : out, out, 3).dilation(dilation).padding(dilation);
            m_main.emplace_back(*this, "conv" + number, "bn" + number, shape,
                                dilation < 4 ? Activation::Relu : Activation::None);
        }
        if (in == out) return;
        m_shortcut.emplace_back(*this, "project", "project_bn", convolutionOptions(in, out, 1), Activation::None);
    }

    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop) {
        auto x = input;
        for (auto& unit : m_main) x = unit.forward(x, stop);
        x = torch::relu(x + (m_shortcut.empty() ? input : m_shortcut.front().forward(input, stop)));
        return torch::feature_dropout(x, m_dropout, is_training());
    }

    void foldBatchNorm() {
        for (auto* units : {&m_main, &m_shortcut}) {
            for (auto& unit : *units) unit.fold();
        }
    }

  private:
    double m_dropout;
    std::vector<ConvNorm> m_main;
    std::vector<ConvNorm> m_shortcut;  // none or one
};

Spf::Spf(std::shared_ptr<Classifier> backbone, const SpfOptions& options)
    : m_options(options), m_backbone(register_module("backbone", std::move(backbone))) {
    TORCH_CHECK(options.grid > 0 && options.grid % 4 == 0, "the flattening's grid must be a multiple of 4");
    const auto& levels = m_backbone->levelChannels();
    auto& pyramid = addGroup(*this, "pyramid");
    for (std::size_t i = kSkippedLevels; i < levels.size(); ++i) {
        m_pyramid.push_back(
            pyramid.register_module(std::to_string(m_pyramid.size()), biased(levels[i], options.channels, 1)));
    }
    m_smooth.emplace_back(addGroup(*this, "smooth"), "conv", "bn",
                          convolutionOptions(options.channels, options.channels, 3), Activation::Relu);
    auto& blocks = addGroup(*this, "blocks");
    for (const std::int64_t out : {options.channels, options.maps}) {
        const auto block = std::make_shared<DilatedBlock>(options.channels, out, options.spatialDropout);
        m_blocks.push_back(blocks.register_module(std::to_string(m_blocks.size()), block));
    }
    m_predictor = register_module("predictor", biased(options.maps, options.maps, 1));
    addAutoEncoder();
    m_classifier = register_module("classifier", tnn::Linear(options.maps * options.code, options.classes));
}

void Spf::addAutoEncoder() {
    const std::int64_t side = m_options.grid / 4, flat = kSecond * side * side;
    auto& encoder = addGroup(*this, "encoder");
    m_encoder = {encoder.register_module("0", biased(1, kFirst, 3, 2)),
                 encoder.register_module("1", biased(kFirst, kSecond, 3, 2))};
    m_code = encoder.register_module("code", tnn::Linear(flat, m_options.code));
    auto& decoder = addGroup(*this, "decoder");
    m_grid = decoder.register_module("grid", tnn::Linear(m_options.code, flat));
    m_decoder = {decoder.register_module("0", biased(kSecond, kFirst, 3)),
                 decoder.register_module("1", biased(kFirst, 1, 3))};
}

torch::Tensor Spf::activationMaps(const torch::Tensor& input, const StopCheck& stop) {
    std::vector<torch::Tensor> levels;
    m_backbone->features(input, stop, &levels);
    torch::Tensor x;
    for (std::size_t i = m_pyramid.size(); i-- > 0;) {
        throwIfStopped(stop);
        const auto own = m_pyramid[i]->forward(levels[i + kSkippedLevels]);
        x = x.defined() ? own + resizedBilinear(x, own.size(2), own.size(3)) : own;
    }
    x = m_smooth.front().forward(x, stop);
    x = torch::max_pool2d(m_blocks[0]->forward(x, stop), 2);
    x = m_blocks[1]->forward(x, stop);
    throwIfStopped(stop);
    const auto maps = torch::sigmoid(m_predictor->forward(x));
    return torch::adaptive_avg_pool2d(maps, {m_options.grid, m_options.grid});
}

torch::Tensor Spf::encoded(const torch::Tensor& maps) {
    auto x = maps;
    for (auto& convolution : m_encoder) x = torch::relu(convolution->forward(x));
    return m_code->forward(x.flatten(1));
}

torch::Tensor Spf::decoded(const torch::Tensor& codes) {
    const std::int64_t side = m_options.grid / 4;
    auto x = torch::relu(m_grid->forward(codes)).view({-1, kSecond, side, side});
    x = torch::relu(m_decoder[0]->forward(doubled(x)));
    return torch::sigmoid(m_decoder[1]->forward(doubled(x)));
}

NetworkOutput Spf::forward(const torch::Tensor& input, const StopCheck& stop) {
    const auto maps = activationMaps(input, stop);
    throwIfStopped(stop);
    const auto single = maps.reshape({-1, 1, m_options.grid, m_options.grid});
    const auto codes = encoded(single);
    const auto vector = codes.reshape({maps.size(0), m_options.maps * m_options.code});
    throwIfStopped(stop);
    NetworkOutput output{m_classifier->forward(torch::dropout(vector, m_options.dropout, is_training())), maps,
                         torch::Tensor()};
    if (is_training()) {
        output.auxiliaryLoss = torch::mse_loss(decoded(codes).to(torch::kFloat), single.to(torch::kFloat));
    }
    return output;
}

void Spf::foldBatchNorm() {
    m_backbone->foldBatchNorm();
    for (auto& unit : m_smooth) unit.fold();
    for (auto& block : m_blocks) block->foldBatchNorm();
}

}  // namespace cxr::nn
