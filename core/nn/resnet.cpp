// Residual blocks and how they are stacked.
#include "core/nn/resnet.h"

#include "core/nn/layers.h"

namespace cxr::nn {

namespace tnn = torch::nn;

// relu(convolutions(x) + x); where shapes differ, x goes through a 1x1 convolution of the block's stride.
class ResidualBlock : public tnn::Module {
  public:
    ResidualBlock(std::int64_t in, std::int64_t inner, std::int64_t out, std::int64_t stride, bool isBottleneck) {
        if (isBottleneck) {
            add(convolutionOptions(in, inner, 1), Activation::Relu);
            add(convolutionOptions(inner, inner, 3, stride), Activation::Relu);
            add(convolutionOptions(inner, out, 1), Activation::None);
        } else {
            add(convolutionOptions(in, inner, 3, stride), Activation::Relu);
            add(convolutionOptions(inner, out, 3), Activation::None);
        }
        if (stride == 1 && in == out) return;
        const auto group = register_module("downsample", std::make_shared<tnn::Module>());
        m_shortcut.emplace_back(*group, "0", "1", convolutionOptions(in, out, 1, stride), Activation::None);
    }

    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop) {
        auto x = input;
        for (auto& unit : m_main) x = unit.forward(x, stop);
        return rectified(added(x, m_shortcut.empty() ? input : m_shortcut.front().forward(input, stop)));
    }

    void foldBatchNorm() {
        for (auto& unit : m_main) unit.fold();
        for (auto& unit : m_shortcut) unit.fold();
    }

  private:
    void add(const tnn::Conv2dOptions& options, Activation activation) {
        const std::string number = std::to_string(m_main.size() + 1);
        m_main.emplace_back(*this, "conv" + number, "bn" + number, options, activation);
    }

    std::vector<ConvNorm> m_main;
    std::vector<ConvNorm> m_shortcut;  // none or one
};

ResNet::ResNet(const ResNetShape& shape, const ClassifierOptions& options) : Classifier(options) {
    std::int64_t in = scaled(64);
    m_stem.emplace_back(*this, "conv1", "bn1", convolutionOptions(m_options.inChannels, in, 7, 2), Activation::Relu);
    m_levelChannels.push_back(in);
    for (std::size_t stage = 0; stage < shape.blocks.size(); ++stage) {
        const auto group = register_module("layer" + std::to_string(stage + 1), std::make_shared<tnn::Module>());
        const std::int64_t inner = scaled(std::int64_t{64} << stage);
        const std::int64_t out = shape.isBottleneck ? 4 * inner : inner;
        Stage& blocks = m_stages.emplace_back();
        for (int i = 0; i < shape.blocks[stage]; ++i) {
            const std::int64_t stride = stage > 0 && i == 0 ? 2 : 1;
            const auto block = std::make_shared<ResidualBlock>(in, inner, out, stride, shape.isBottleneck);
            blocks.push_back(group->register_module(std::to_string(i), block));
            in = out;
        }
        m_levelChannels.push_back(out);
    }
    addPooledHead(*this, "fc", /*publishedDropout=*/0);
    initialiseConvolutions(*this, Fan::Out);
}

torch::Tensor ResNet::features(const torch::Tensor& input, const StopCheck& stop, std::vector<torch::Tensor>* levels) {
    auto x = m_stem.front().forward(input, stop);
    addLevel(levels, x);
    x = maxPooled(x, 3, 2, 1);
    for (auto& stage : m_stages) {
        for (auto& block : stage) x = block->forward(x, stop);
        addLevel(levels, x);
    }
    return x;
}

void ResNet::foldBatchNorm() {
    m_stem.front().fold();
    for (auto& stage : m_stages) {
        for (auto& block : stage) block->foldBatchNorm();
    }
}

std::shared_ptr<Classifier> makeResNet18(const ClassifierOptions& options) {
    return std::make_shared<ResNet>(ResNetShape{false, {2, 2, 2, 2}}, options);
}

std::shared_ptr<Classifier> makeResNet50(const ClassifierOptions& options) {
    return std::make_shared<ResNet>(ResNetShape{true, {3, 4, 6, 3}}, options);
}

}  // namespace cxr::nn
