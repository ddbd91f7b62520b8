// Random networks whose signals neither vanish nor explode: batch norms take the statistics of noise.
#pragma once

#include <torch/torch.h>

#include "core/nn/architectures.h"

namespace cxr::test {

// Eval mode. REQUIRES: the architecture can be made and reads [N, channels, side, side].
inline std::shared_ptr<nn::Network> settledNetwork(const nlohmann::json& architecture, std::int64_t channels, std::int64_t side = 64) {
    torch::manual_seed(5);
    auto made = nn::makeNetwork(architecture);
    if (!made.isOk()) throw std::invalid_argument(made.error().message);
    nn::Network& network = *made.value();
    network.apply([](torch::nn::Module& module) {
        if (auto* norm = module.as<torch::nn::BatchNorm2d>()) norm->options.momentum(1.0);
        if (auto* norm = module.as<torch::nn::BatchNorm1d>()) norm->options.momentum(1.0);
    });
    const torch::NoGradGuard noGrad;
    network.train();
    network.forward(torch::randn({4, channels, side, side}));
    network.eval();
    return made.value();
}

}  // namespace cxr::test
