// Units and levels of MONAI's UNet.
#include "core/nn/monai_unet.h"

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {

namespace tnn = torch::nn;

// One layer, or a residual unit of several.
class MonaiUnit : public tnn::Module {
  public:
    virtual torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop) = 0;
};

namespace {

struct UnitShape {
    std::int64_t in, out, stride;
    bool isBare = false;  // convolution only
    double dropout = 0;
};

// "conv", and "adn.A" unless bare.
class Layer : public MonaiUnit {
  public:
    Layer(const UnitShape& shape, bool isTransposed) : m_dropout(shape.dropout) {
        if (isTransposed) {
            const auto options = tnn::ConvTranspose2dOptions(shape.in, shape.out, 3).stride(shape.stride).padding(1);
            m_up = register_module(
                "conv", tnn::ConvTranspose2d(tnn::ConvTranspose2dOptions(options).output_padding(shape.stride - 1)));
        } else {
            m_conv = register_module("conv",
                                     makeConvolution(convolutionOptions(shape.in, shape.out, 3, shape.stride).bias(true)));
        }
        if (!shape.isBare) m_activation = addGroup(*this, "adn").register_module("A", tnn::PReLU());
    }

    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop) override {
        throwIfStopped(stop);
        auto x = m_conv ? m_conv->forward(input) : m_up->forward(input);
        if (!m_activation) return x;
        x = torch::instance_norm(x, {}, {}, {}, {}, /*use_input_stats=*/true, 0.1, 1e-5, false);
        x = torch::dropout(x, m_dropout, is_training());
        return m_activation->forward(x.to(m_activation->weight.scalar_type()));
    }

  private:
    double m_dropout;
    tnn::Conv2d m_conv{nullptr};
    tnn::ConvTranspose2d m_up{nullptr};
    tnn::PReLU m_activation{nullptr};
};

class ResidualUnit : public MonaiUnit {
  public:
    ResidualUnit(const UnitShape& shape, std::int64_t count) {
        auto& group = addGroup(*this, "conv");
        for (std::int64_t i = 0; i < count; ++i) {
            const UnitShape one{i == 0 ? shape.in : shape.out, shape.out, i == 0 ? shape.stride : 1,
                                shape.isBare && i + 1 == count, shape.dropout};
            m_layers.push_back(group.register_module("unit" + std::to_string(i), std::make_shared<Layer>(one, false)));
        }
        if (shape.stride == 1 && shape.in == shape.out) return;
        const auto projection = convolutionOptions(shape.in, shape.out, shape.stride > 1 ? 3 : 1, shape.stride);
        m_residual = register_module("residual", makeConvolution(tnn::Conv2dOptions(projection).bias(true)));
    }

    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop) override {
        auto x = input;
        for (auto& layer : m_layers) x = layer->forward(x, stop);
        return x + (m_residual ? m_residual->forward(input) : input);
    }

  private:
    std::vector<std::shared_ptr<Layer>> m_layers;
    tnn::Conv2d m_residual{nullptr};
};

torch::Tensor through(const std::vector<std::shared_ptr<MonaiUnit>>& chain, torch::Tensor x, const StopCheck& stop) {
    for (const auto& unit : chain) x = unit->forward(x, stop);
    return x;
}

}  // namespace

MonaiUNet::MonaiUNet(const MonaiUNetOptions& options) : m_options(options) {
    TORCH_CHECK(options.channels.size() >= 2, "a UNet needs at least two levels");
    addLevel(addGroup(*this, "model"), 0, options.inChannels, options.outChannels);
}

void MonaiUNet::addLevel(tnn::Module& parent, std::size_t level, std::int64_t in, std::int64_t out) {
    const auto& widths = m_options.channels;
    m_down.push_back(addDown(parent, "0", in, widths[level], 2));
    auto& below = addGroup(parent, "1");
    const bool isLast = level + 2 == widths.size();
    const std::int64_t back = isLast ? widths[level + 1] : widths[level];
    m_up.push_back(addUp(parent, widths[level] + back, out, level == 0));
    if (isLast) {
        m_down.push_back(addDown(below, "submodule", widths[level], widths[level + 1], 1));
    } else {
        addLevel(addGroup(below, "submodule"), level + 1, widths[level], widths[level]);
    }
}

MonaiUNet::Chain MonaiUNet::addDown(tnn::Module& parent, const std::string& name, std::int64_t in, std::int64_t out,
                                    std::int64_t stride) const {
    const UnitShape shape{in, out, stride, false, m_options.dropout};
    std::shared_ptr<MonaiUnit> unit;
    if (m_options.residualUnits > 0)
        unit = std::make_shared<ResidualUnit>(shape, m_options.residualUnits);
    else
        unit = std::make_shared<Layer>(shape, false);
    return {parent.register_module(name, unit)};
}

MonaiUNet::Chain MonaiUNet::addUp(tnn::Module& parent, std::int64_t in, std::int64_t out, bool isTop) const {
    const bool isResidual = m_options.residualUnits > 0;
    const UnitShape shape{in, out, 2, isTop && !isResidual, m_options.dropout};
    std::shared_ptr<MonaiUnit> up = std::make_shared<Layer>(shape, true);
    if (!isResidual) return {parent.register_module("2", up)};
    auto& group = addGroup(parent, "2");
    std::shared_ptr<MonaiUnit> unit =
        std::make_shared<ResidualUnit>(UnitShape{out, out, 1, isTop, m_options.dropout}, 1);
    return {group.register_module("0", up), group.register_module("1", unit)};
}

NetworkOutput MonaiUNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    requireFilm("UNet", input, m_options.inChannels, stride());
    std::vector<torch::Tensor> skips;
    auto x = input;
    for (const Chain& down : m_down) {
        x = through(down, x, stop);
        skips.push_back(x);
    }
    NetworkOutput output;
    output.features = x;
    for (std::size_t level = m_up.size(); level-- > 0;) {
        throwIfStopped(stop);
        x = through(m_up[level], joined(skips[level], x), stop);
    }
    output.logits = x;
    return output;
}

}  // namespace cxr::nn
