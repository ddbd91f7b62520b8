// Network: what every architecture of ours gives, so that prediction and explanation need no hooks.
//   input    float [N, C, H, W], preprocessed as the manifest says
//   thread rule  one call at a time per network; parameters are not locked
//   cancel   `stop` is asked between layers; true makes forward() throw NetworkCancelled
#pragma once

#include <torch/torch.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace cxr::nn {

using StopCheck = std::function<bool()>;  // may be empty

struct NetworkOutput {
    torch::Tensor logits;    // segmentation [N, organs, H, W]; classification [N, classes]
    torch::Tensor features;  // last convolution before the decoder or the pooling, [N, K, h, w]
    torch::Tensor cams;      // class activation maps [N, classes, h, w]; undefined if the network makes none
    // A float scalar that training adds to its loss with a weight (a reconstruction, a divergence); undefined in eval
    // mode and where the network has no such term.
    torch::Tensor auxiliaryLoss = {};
    torch::Tensor refinedCams = {};  // cams after the pixel correlation module, their shape; undefined without one
    // Regions that the network looked at, in the order of looking, [N, K, 5]: left, top, width, height as shares of the
    // grid, and the step's weight in the decision (they sum to 1); undefined where the network chooses none.
    torch::Tensor glimpses = {};
};

// Thrown between layers, caught where the engine's calls begin; it never leaves the module.
struct NetworkCancelled : std::exception {
    const char* what() const noexcept override { return "cancelled"; }
};

inline void throwIfStopped(const StopCheck& stop) {
    if (stop && stop()) throw NetworkCancelled();
}

class Network : public torch::nn::Module {
  public:
    virtual NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) = 0;
    // Merges each batch norm into the convolution before it; afterwards the network is for prediction only.
    // REQUIRES: eval mode. Calling it twice changes nothing.
    virtual void foldBatchNorm() = 0;
};

}  // namespace cxr::nn
