// MBConv blocks, compound scaling and how the stages are stacked.
#include "core/nn/efficientnet.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/nn/layers.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

// One stage of B0 before scaling; Tan and Le, table 1.
struct StageShape {
    std::int64_t expansion, kernel, stride, in, out;
    int layers;
};
constexpr std::array<StageShape, 7> kB0Stages{{{1, 3, 1, 32, 16, 1},
                                               {6, 3, 2, 16, 24, 2},
                                               {6, 5, 2, 24, 40, 2},
                                               {6, 3, 2, 40, 80, 3},
                                               {6, 5, 1, 80, 112, 3},
                                               {6, 5, 2, 112, 192, 4},
                                               {6, 3, 1, 192, 320, 1}}};
constexpr double kLastDropProbability = 0.2;

std::shared_ptr<tnn::Module> addGroup(tnn::Module& parent, std::size_t index) {
    return parent.register_module(std::to_string(index), std::make_shared<tnn::Module>());
}

struct BlockShape {
    std::int64_t in, out, expansion, kernel, stride;
};

}  // namespace

std::int64_t multipleOf8(double channels) {
    const auto nearest = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
    return static_cast<double>(nearest) < 0.9 * channels ? nearest + 8 : nearest;
}

torch::Tensor stochasticDepth(const torch::Tensor& x, double probability) {
    const auto kept = torch::empty({x.size(0), 1, 1, 1}, x.options()).bernoulli_(1 - probability);
    return x * kept.div_(1 - probability);
}

class MbConvBlock : public tnn::Module {
  public:
    MbConvBlock(const BlockShape& shape, double dropProbability)
        : m_isResidual(shape.stride == 1 && shape.in == shape.out), m_dropProbability(dropProbability) {
        m_group = register_module("block", std::make_shared<tnn::Module>());
        const std::int64_t inner = multipleOf8(static_cast<double>(shape.in * shape.expansion));
        if (inner != shape.in) add(convolutionOptions(shape.in, inner, 1), Activation::Silu);
        add(convolutionOptions(inner, inner, shape.kernel, shape.stride).groups(inner), Activation::Silu);
        addExcitation(inner, std::max<std::int64_t>(1, shape.in / 4));
        add(convolutionOptions(inner, shape.out, 1), Activation::None);
    }

    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop) {
        auto x = input;
        for (std::size_t i = 0; i + 1 < m_units.size(); ++i) x = m_units[i].forward(x, stop);
        x = m_units.back().forward(excited(x, stop), stop);
        if (!m_isResidual) return x;
        if (is_training() && m_dropProbability > 0) x = stochasticDepth(x, m_dropProbability);
        return added(x, input);
    }

    void foldBatchNorm() {
        for (auto& unit : m_units) unit.fold();
    }

  private:
    void add(const tnn::Conv2dOptions& options, Activation activation) {
        m_units.emplace_back(*addGroup(*m_group, m_group->children().size()), "0", "1", options, activation);
    }

    void addExcitation(std::int64_t channels, std::int64_t squeezed) {
        const auto group = addGroup(*m_group, m_group->children().size());
        m_excitation.emplace_back(*group, "fc1", "", convolutionOptions(channels, squeezed, 1).bias(true),
                                  Activation::Silu);
        m_excitation.emplace_back(*group, "fc2", "", convolutionOptions(squeezed, channels, 1).bias(true),
                                  Activation::None);
    }

    // Every map times a factor in (0, 1) that depends on the means of all maps.
    torch::Tensor excited(const torch::Tensor& x, const StopCheck& stop) {
        auto factor = weightedMeans(x, [](const torch::Tensor& maps) { return torch::mean(maps, {2, 3}, /*keepdim=*/true); });
        for (auto& unit : m_excitation) factor = unit.forward(factor, stop);
        return gated(x, elementwise(factor, [](const torch::Tensor& a) { return torch::sigmoid(a); }));
    }

    bool m_isResidual;
    double m_dropProbability;
    std::shared_ptr<tnn::Module> m_group;
    std::vector<ConvNorm> m_units;       // [expansion,] depthwise, projection
    std::vector<ConvNorm> m_excitation;  // squeeze, excite
};

EfficientNet::EfficientNet(double widthFactor, double depthFactor, double dropout, const ClassifierOptions& options)
    : Classifier(options) {
    const double width = widthFactor * m_options.width;
    const auto group = register_module("features", std::make_shared<tnn::Module>());
    const std::int64_t first = multipleOf8(static_cast<double>(kB0Stages.front().in) * width);
    m_ends.emplace_back(*addGroup(*group, 0), "0", "1", convolutionOptions(m_options.inChannels, first, 3, 2),
                        Activation::Silu);
    addStages(*group, width, depthFactor);
    const std::int64_t out = multipleOf8(static_cast<double>(kB0Stages.back().out) * width);
    m_ends.emplace_back(*addGroup(*group, kB0Stages.size() + 1), "0", "1", convolutionOptions(out, 4 * out, 1),
                        Activation::Silu);
    m_levelChannels.push_back(4 * out);
    initialiseConvolutions(*this, Fan::Out);
    const auto head = std::make_shared<tnn::Module>();
    addPooledHead(*head, "1", dropout);
    if (!m_linear) return;
    register_module("classifier", head);
    const double range = 1 / std::sqrt(static_cast<double>(m_options.classes));
    tnn::init::uniform_(m_linear->weight, -range, range);
    tnn::init::zeros_(m_linear->bias);
}

void EfficientNet::addStages(tnn::Module& group, double widthFactor, double depthFactor) {
    const auto depth = [&](const StageShape& shape) { return static_cast<int>(std::ceil(shape.layers * depthFactor)); };
    int total = 0, built = 0;
    for (const StageShape& shape : kB0Stages) total += depth(shape);
    for (std::size_t s = 0; s < kB0Stages.size(); ++s) {
        const StageShape& shape = kB0Stages[s];
        const auto stageGroup = addGroup(group, s + 1);
        std::int64_t in = multipleOf8(static_cast<double>(shape.in) * widthFactor);
        const std::int64_t out = multipleOf8(static_cast<double>(shape.out) * widthFactor);
        Stage& stage = m_stages.emplace_back();
        for (int i = 0; i < depth(shape); ++i, in = out) {
            const BlockShape block{in, out, shape.expansion, shape.kernel, i == 0 ? shape.stride : 1};
            const double dropProbability = kLastDropProbability * built++ / total;
            stage.blocks.push_back(
                stageGroup->register_module(std::to_string(i), std::make_shared<MbConvBlock>(block, dropProbability)));
        }
        stage.endsLevel = s + 1 < kB0Stages.size() && kB0Stages[s + 1].stride == 2;
        if (stage.endsLevel) m_levelChannels.push_back(out);
    }
}

torch::Tensor EfficientNet::features(const torch::Tensor& input, const StopCheck& stop,
                                     std::vector<torch::Tensor>* levels) {
    auto x = m_ends.front().forward(input, stop);
    for (auto& stage : m_stages) {
        for (auto& block : stage.blocks) x = block->forward(x, stop);
        if (stage.endsLevel) addLevel(levels, x);
    }
    x = m_ends.back().forward(x, stop);
    addLevel(levels, x);
    return x;
}

void EfficientNet::foldBatchNorm() {
    for (auto& unit : m_ends) unit.fold();
    for (auto& stage : m_stages) {
        for (auto& block : stage.blocks) block->foldBatchNorm();
    }
}

std::shared_ptr<Classifier> makeEfficientNetB4(const ClassifierOptions& options) {
    return std::make_shared<EfficientNet>(/*widthFactor=*/1.4, /*depthFactor=*/1.8, /*dropout=*/0.4, options);
}

}  // namespace cxr::nn
