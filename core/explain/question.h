// What is asked of one network about one film, and what comes back. Tensors stay inside core/explain and core/train.
//   thread rule  one question at a time per network
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>

#include "core/engine/engine.h"
#include "core/nn/network.h"

namespace cxr::explain {

struct Answer {
    torch::Tensor cells;       // float [h, w] on the processor
    double logit = 0;          // of the film
    double baselineLogit = 0;  // where the method compares
    double convergenceDelta = 0;
    double doneShare = 1;
};

struct Question {
    nn::Network& network;          // eval mode
    torch::Tensor film;            // float [1, C, H, W] on the network's device, normalised
    torch::Tensor baseline;        // as `film`
    std::int64_t filmChannels = 1; // the first ones show film; others (masks) stay as they are and get no share
    std::int64_t index = 0;        // of the output
    bool isProgram = false;        // a foreign program, whose gradients may fail
    ExplainOptions options = {};   // `partial` is not used here
    torch::Tensor noise = {};      // SmoothGrad's, [samples, C, H, W]; undefined: drawn
    nn::StopCheck stop = {};
    std::function<void(double)> progress = {};
    std::function<void(const Answer&)> partial = {};
};

}  // namespace cxr::explain
