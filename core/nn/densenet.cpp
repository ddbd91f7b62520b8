// Dense layers, transitions and how they are stacked.
#include "core/nn/densenet.h"

#include "core/nn/layers.h"

namespace cxr::nn {

namespace tnn = torch::nn;

class DenseLayer : public tnn::Module {
  public:
    DenseLayer(std::int64_t in, std::int64_t inner, std::int64_t growth)
        : m_norm1(register_module("norm1", tnn::BatchNorm2d(in))),
          m_reduce(*this, "conv1", "norm2", convolutionOptions(in, inner, 1), Activation::Relu),
          m_grow(*this, "conv2", "", convolutionOptions(inner, growth, 3), Activation::None) {}

    // All maps so far -> the new ones.
    torch::Tensor forward(const torch::Tensor& maps, const StopCheck& stop) {
        const auto x = activated(normed(m_norm1, maps), Activation::Relu);
        return m_grow.forward(m_reduce.forward(x, stop), stop);
    }
    void foldBatchNorm() { m_reduce.fold(); }

  private:
    tnn::BatchNorm2d m_norm1;
    ConvNorm m_reduce, m_grow;
};

class DenseTransition : public tnn::Module {
  public:
    DenseTransition(std::int64_t in, std::int64_t out)
        : m_norm(register_module("norm", tnn::BatchNorm2d(in))),
          m_reduce(*this, "conv", "", convolutionOptions(in, out, 1), Activation::None) {}

    torch::Tensor forward(const torch::Tensor& maps, const StopCheck& stop) {
        const auto x = activated(normed(m_norm, maps), Activation::Relu);
        const auto halved = weightedMeans(x, [](const torch::Tensor& a) { return torch::avg_pool2d(a, 2); });
        return m_reduce.forward(halved, stop);
    }

  private:
    tnn::BatchNorm2d m_norm;
    ConvNorm m_reduce;
};

DenseNet::DenseNet(const std::vector<int>& layers, const ClassifierOptions& options) : Classifier(options) {
    const auto group = register_module("features", std::make_shared<tnn::Module>());
    const std::int64_t growth = scaled(32);
    std::int64_t count = scaled(64);
    m_stem.emplace_back(*group, "conv0", "norm0", convolutionOptions(m_options.inChannels, count, 7, 2),
                        Activation::Relu);
    m_levelChannels.push_back(count);
    for (std::size_t b = 0; b < layers.size(); ++b) {
        const std::string number = std::to_string(b + 1);
        const auto blockGroup = group->register_module("denseblock" + number, std::make_shared<tnn::Module>());
        Block& block = m_blocks.emplace_back();
        for (int i = 0; i < layers[b]; ++i, count += growth) {
            const auto layer = std::make_shared<DenseLayer>(count, 4 * growth, growth);
            block.push_back(blockGroup->register_module("denselayer" + std::to_string(i + 1), layer));
        }
        m_levelChannels.push_back(count);
        if (b + 1 == layers.size()) break;
        const auto transition = std::make_shared<DenseTransition>(count, count / 2);
        m_transitions.push_back(group->register_module("transition" + number, transition));
        count /= 2;
    }
    m_lastNorm = group->register_module("norm5", tnn::BatchNorm2d(count));
    addPooledHead(*this, "classifier", /*publishedDropout=*/0);
    if (m_linear) tnn::init::zeros_(m_linear->bias);
    initialiseConvolutions(*this, Fan::In);
}

torch::Tensor DenseNet::features(const torch::Tensor& input, const StopCheck& stop,
                                 std::vector<torch::Tensor>* levels) {
    auto x = m_stem.front().forward(input, stop);
    addLevel(levels, x);
    x = maxPooled(x, 3, 2, 1);
    for (std::size_t b = 0; b < m_blocks.size(); ++b) {
        std::vector<torch::Tensor> maps{x};
        for (auto& layer : m_blocks[b]) maps.push_back(layer->forward(torch::cat(maps, 1), stop));
        x = torch::cat(maps, 1);
        if (b == m_transitions.size()) break;
        addLevel(levels, x);
        x = m_transitions[b]->forward(x, stop);
    }
    x = activated(normed(m_lastNorm, x), Activation::Relu);
    addLevel(levels, x);
    return x;
}

void DenseNet::foldBatchNorm() {
    m_stem.front().fold();
    for (auto& block : m_blocks) {
        for (auto& layer : block) layer->foldBatchNorm();
    }
}

std::shared_ptr<Classifier> makeDenseNet121(const ClassifierOptions& options) {
    return std::make_shared<DenseNet>(std::vector<int>{6, 12, 24, 16}, options);
}

}  // namespace cxr::nn
