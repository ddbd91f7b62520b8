// What a kind of network adds to the training loop: its films, its loss and its score.
//   thread rule  as TrainingLoop: one call at a time
#pragma once

#include <torch/torch.h>

#include "core/base/run_context.h"
#include "core/nn/network.h"
#include "core/train/progress.h"

namespace cxr::train {

class TrainingTask {
  public:
    virtual ~TrainingTask() = default;
    // Before the first epoch of a stage and after resuming within it: films on the stage's grid.
    virtual void enter(const Stage& stage) = 0;
    // Films of an epoch in their order, decided by the seed alone.
    [[nodiscard]] virtual std::vector<std::int64_t> order(std::uint64_t epochSeed) const = 0;
    // Adds the gradient of one optimiser step over these films (stage.batch at a time). Gives the loss.
    virtual double addGradients(nn::Network& network, const std::vector<std::int64_t>& films, at::Generator& random) = 0;
    // The averaged weights on the monitor films. The answer of a cancelled call is not used.
    virtual Monitored watch(nn::Network& averaged, const RunContext& context) = 0;
    [[nodiscard]] virtual std::vector<std::string> scoreNames() const = 0;
};

}  // namespace cxr::train
