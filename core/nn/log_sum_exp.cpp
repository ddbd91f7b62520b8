// Global pooling.
#include "core/nn/log_sum_exp.h"

#include <cmath>

namespace cxr::nn {

torch::Tensor logSumExpPool(const torch::Tensor& maps, double gamma) {
    const auto type = maps.scalar_type();
    const auto cells = maps.flatten(2).to(type == torch::kDouble ? torch::kDouble : torch::kFloat);
    const auto largest = torch::amax(cells, {2}, /*keepdim=*/true).detach();
    const auto sum = torch::logsumexp((cells - largest) * gamma, 2);
    return (largest.squeeze(2) + (sum - std::log(static_cast<double>(cells.size(2)))) / gamma).to(type);
}

torch::Tensor globalPool(const torch::Tensor& maps, Pooling pooling, double gamma) {
    switch (pooling) {
        case Pooling::LogSumExp:
            return logSumExpPool(maps, gamma);
        case Pooling::Max:
            return torch::amax(maps, {2, 3});
        case Pooling::Mean:
            break;
    }
    return torch::mean(maps, {2, 3});
}

}  // namespace cxr::nn
