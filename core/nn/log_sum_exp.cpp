// Global pooling.
#include "core/nn/log_sum_exp.h"

#include <cmath>
#include <limits>

#include "core/nn/layers.h"

namespace cxr::nn {
namespace {

torch::Tensor plainPool(const torch::Tensor& maps, double gamma) {
    const auto type = maps.scalar_type();
    const auto cells = maps.flatten(2).to(type == torch::kDouble ? torch::kDouble : torch::kFloat);
    const auto largest = torch::amax(cells, {2}, /*keepdim=*/true).detach();
    const auto sum = torch::logsumexp((cells - largest) * gamma, 2);
    return (largest.squeeze(2) + (sum - std::log(static_cast<double>(cells.size(2)))) / gamma).to(type);
}

// The same, taken apart into exp, sum and log, so that each can be rescaled. The first half of the batch are films, the
// second their baselines; both need the same m.
torch::Tensor rescaledPool(const torch::Tensor& maps, double gamma) {
    const auto cells = maps.flatten(2).to(torch::kDouble);
    const auto ofEach = torch::amax(cells, {2}, /*keepdim=*/true).detach().chunk(2);
    const auto largest = torch::maximum(ofEach[0], ofEach[1]).repeat({2, 1, 1});
    const auto powers = elementwise(cells, [largest, gamma](const torch::Tensor& x) { return torch::exp((x - largest) * gamma); });
    const auto sum = elementwise(powers.mean(2).clamp_min(std::numeric_limits<double>::min()), [](const torch::Tensor& x) { return torch::log(x); });
    return (largest.squeeze(2) + sum / gamma).to(maps.scalar_type());
}

}  // namespace

torch::Tensor logSumExpPool(const torch::Tensor& maps, double gamma) {
    if (layerMode() && layerMode()->rule == BackwardRule::DeepLift) return rescaledPool(maps, gamma);
    const auto shares = [gamma](const torch::Tensor& x) { return torch::softmax(x.flatten(2) * gamma, 2).view_as(x); };
    return pooledByShares(maps, [gamma](const torch::Tensor& x) { return plainPool(x, gamma); }, shares);
}

torch::Tensor globalPool(const torch::Tensor& maps, Pooling pooling, double gamma) {
    switch (pooling) {
        case Pooling::LogSumExp:
            return logSumExpPool(maps, gamma);
        case Pooling::Max:
            return globalMax(maps);
        case Pooling::Mean:
            break;
    }
    return weightedMeans(maps, [](const torch::Tensor& x) { return torch::mean(x, {2, 3}); });
}

}  // namespace cxr::nn
