// Stages of V-Net.
#include "core/nn/vnet.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

tnn::Conv2dOptions fiveByFive(std::int64_t in, std::int64_t out) { return convolutionOptions(in, out, 5); }

std::vector<ConvNorm> addUnits(tnn::Module& stage, std::int64_t channels, int count) {
    auto& group = addGroup(stage, "ops");
    std::vector<ConvNorm> units;
    for (int i = 0; i < count; ++i) {
        auto& unit = addGroup(group, std::to_string(i));
        units.push_back(addConvNorm(unit, "conv_block", fiveByFive(channels, channels), Activation::None));
    }
    return units;
}

// ELU(x + units(start))
torch::Tensor residual(std::vector<ConvNorm>& units, torch::Tensor start, const torch::Tensor& x,
                       const StopCheck& stop) {
    for (auto& unit : units) start = torch::elu(unit.forward(start, stop));
    return torch::elu(start + x);
}

const VNetOptions& checked(const VNetOptions& options) {
    TORCH_CHECK(options.channels % options.inChannels == 0,
                "a V-Net's channels must be a multiple of the film's channels");
    return options;
}

}  // namespace

VNet::VNet(const VNetOptions& options)
    : m_options(checked(options)),
      m_input(addConvNorm(addGroup(*this, "in_tr"), "conv_block", fiveByFive(options.inChannels, options.channels),
                          Activation::None)),
      m_output(addConvNorm(addGroup(*this, "out_tr"), "conv_block",
                           fiveByFive(2 * options.channels, options.outChannels), Activation::None)) {
    const std::int64_t c = options.channels;
    addDown("down_tr32", c, 1, 0);
    addDown("down_tr64", 2 * c, 2, 0);
    addDown("down_tr128", 4 * c, 3, options.dropout);
    addDown("down_tr256", 8 * c, 2, options.dropout);
    addUp("up_tr256", 16 * c, 16 * c, 2, options.dropout);
    addUp("up_tr128", 16 * c, 8 * c, 2, options.dropout);
    addUp("up_tr64", 8 * c, 4 * c, 1, 0);
    addUp("up_tr32", 4 * c, 2 * c, 1, 0);
    const auto head = tnn::Conv2dOptions(options.outChannels, options.outChannels, 1);
    m_head = named_children()["out_tr"]->register_module("conv2", makeConvolution(head));
}

void VNet::addDown(const std::string& name, std::int64_t in, int units, double dropout) {
    auto& stage = addGroup(*this, name);
    const auto halving = tnn::Conv2dOptions(in, 2 * in, 2).stride(2).bias(false);
    m_down.push_back(
        {ConvNorm(stage, "down_conv", "bn1", halving, Activation::None), addUnits(stage, 2 * in, units), dropout});
}

void VNet::addUp(const std::string& name, std::int64_t in, std::int64_t out, int units, double dropout) {
    auto& stage = addGroup(*this, name);
    const auto doubling = tnn::ConvTranspose2dOptions(in, out / 2, 2).stride(2);
    m_up.push_back({UpConvNorm(stage, "up_conv", "bn1", doubling), addUnits(stage, out, units), dropout});
}

torch::Tensor VNet::afterInput(const torch::Tensor& film, const StopCheck& stop) {
    const auto repeated = film.repeat({1, m_options.channels / m_options.inChannels, 1, 1});
    return torch::elu(m_input.forward(film, stop) + repeated);
}

torch::Tensor VNet::afterDown(Down& stage, const torch::Tensor& input, const StopCheck& stop) const {
    const auto x = torch::elu(stage.step.forward(input, stop));
    return residual(stage.units, torch::feature_dropout(x, stage.dropout, is_training()), x, stop);
}

torch::Tensor VNet::afterUp(Up& stage, const torch::Tensor& deep, const torch::Tensor& skip,
                            const StopCheck& stop) const {
    const auto kept = torch::feature_dropout(skip, m_options.skipDropout, is_training());
    const auto up = torch::elu(stage.step.forward(torch::feature_dropout(deep, stage.dropout, is_training()), stop));
    const auto x = joined(up, kept);
    return residual(stage.units, x, x, stop);
}

NetworkOutput VNet::forward(const torch::Tensor& input, const StopCheck& stop) {
    requireFilm("V-Net", input, m_options.inChannels, kStride);
    std::vector<torch::Tensor> levels{afterInput(input, stop)};
    for (auto& stage : m_down) levels.push_back(afterDown(stage, levels.back(), stop));
    NetworkOutput output;
    output.features = levels.back();
    auto x = levels.back();
    for (auto& stage : m_up) {
        levels.pop_back();
        x = afterUp(stage, x, levels.back(), stop);
    }
    output.logits = m_head->forward(torch::elu(m_output.forward(x, stop)));
    return output;
}

void VNet::foldBatchNorm() {
    const auto fold = [](auto& stages) {
        for (auto& stage : stages) {
            stage.step.fold();
            for (auto& unit : stage.units) unit.fold();
        }
    };
    m_input.fold();
    m_output.fold();
    fold(m_down);
    fold(m_up);
}

}  // namespace cxr::nn
