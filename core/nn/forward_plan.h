// ForwardPlan: a network's forward pass prepared for one input shape, number of threads and precision.
//   The traced graph (traced_network.h) runs as oneDNN primitives on memory that is planned beforehand: weights laid out
//   once as each convolution wants them, ReLU, SiLU and residual sums inside the convolutions, nothing allocated per film.
//   What oneDNN does not have stays torch's own operation. Batch norms are folded before (Network::foldBatchNorm).
//   float32    the same numbers as Network::forward but for the order of sums: 1e-5 of the largest; make() checks 1e-4
//   bfloat16   weights and maps between layers in bfloat16, sums in float32; outputs in float32
//   threads    those of torch when it is made; networks of less than 0.5 G multiplications run on one, where they are fastest
//   thread rule  one run at a time        cancel  `stop` is asked before each step: NetworkCancelled
// Where the program was built without oneDNN 2 (core/nn/CMakeLists.txt), make() gives none.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "core/nn/network.h"

namespace cxr::nn {

enum class Precision { Float32, Bfloat16 };

// Whether this processor multiplies matrices of bfloat16 in hardware (AMX), and oneDNN is there to use it.
bool hasFastBfloat16();

class ForwardPlan {
  public:
    virtual ~ForwardPlan() = default;
    // Null where it cannot be made, or answers differently from the network, which is then to be asked itself.
    // sizes [1, C, H, W]. REQUIRES: network on the processor, in eval mode; its weights do not change afterwards.
    static std::unique_ptr<ForwardPlan> make(Network& network, const std::vector<std::int64_t>& sizes, Precision precision,
                                             const StopCheck& stop = {});
    // logits, cams, refined maps and glimpses as the network gives them; features stay undefined.
    virtual NetworkOutput run(const torch::Tensor& input, const StopCheck& stop = {}) = 0;
    [[nodiscard]] virtual int threads() const = 0;
};

}  // namespace cxr::nn
