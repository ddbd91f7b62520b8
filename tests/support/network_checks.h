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
    for (auto& buffer : network.buffers()) {
        if (buffer.is_floating_point()) buffer.add_(torch::rand_like(buffer));
    }
}

}  // namespace cxr::test
