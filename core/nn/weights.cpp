// Copying and averaging of network weights.
#include "core/nn/weights.h"

#include <ATen/CPUGeneratorImpl.h>

namespace cxr::nn {
namespace {

template <typename Change>
void forEachPair(const Network& from, Network& to, const Change& change) {
    const torch::NoGradGuard noGrad;
    const auto source = from.parameters();
    auto target = to.parameters();
    for (std::size_t i = 0; i < source.size(); ++i) change(source[i], target[i]);
    const auto sourceBuffers = from.buffers();
    auto targetBuffers = to.buffers();
    for (std::size_t i = 0; i < sourceBuffers.size(); ++i) change(sourceBuffers[i], targetBuffers[i]);
}

}  // namespace

void copyWeights(const Network& from, Network& to) {
    forEachPair(from, to, [](const torch::Tensor& a, torch::Tensor& b) { b.copy_(a); });
}

void averageWeights(const Network& from, Network& to, double decay) {
    forEachPair(from, to, [decay](const torch::Tensor& a, torch::Tensor& b) {
        if (b.is_floating_point()) b.lerp_(a, 1 - decay);
        else b.copy_(a);
    });
}

void drawWeights(Network& network, std::uint32_t seed) {
    const torch::NoGradGuard noGrad;
    auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{seed});
    const auto draw = [&](torch::Tensor array) {
        const double mean = array.mean().item<double>(), deviation = array.std(/*unbiased=*/false).item<double>();
        array.copy_(torch::randn(array.sizes(), generator, torch::kFloat) * deviation + mean);
    };
    for (const auto& parameter : network.parameters()) draw(parameter);
    for (const auto& item : network.named_buffers()) {
        if (item.key().ends_with("folded_bias")) draw(item.value());
    }
}

void toChannelsLast(Network& network) {
    const torch::NoGradGuard noGrad;
    for (auto& parameter : network.parameters()) {
        if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
    }
}

}  // namespace cxr::nn
