// What tests of networks share.
#pragma once

#include <torch/torch.h>

#include "core/nn/network.h"

namespace cxr::test {

inline double largestDifference(const torch::Tensor& a, const torch::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

// Running statistics that are not 0 and 1, as training leaves them.
inline void shakeStatistics(nn::Network& network) {
    const torch::NoGradGuard noGrad;
    for (auto& item : network.named_buffers()) {
        auto& buffer = item.value();
        if (!buffer.is_floating_point()) continue;
        buffer.add_(torch::rand_like(buffer));
        if (item.key().ends_with("running_mean")) buffer.sub_(0.5);  // only positive means would silence deep networks
    }
}

}  // namespace cxr::test
