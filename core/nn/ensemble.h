// Ensemble: several trained networks of one task that answer together.
//   logits  mean of the members' logits       cams  mean of the members' maps (undefined if one member has none)
//   Lakshminarayanan et al., NIPS 2017. Differs from the paper: logits are averaged, not probabilities, so that one
//   calibration fits the whole.
//   architecture  {"name": "ensemble", "members": [{"name": ...}, ...]}, 2..32 members that read the same input and give
//                 the same outputs; a member is no ensemble itself
//   names         members.<i>.<the member's own names>
//   features      of all members, one after the other along the channels; the maps' size must agree
//   thread rule and cancel  as Network
#pragma once

#include <memory>
#include <vector>

#include "core/nn/network.h"

namespace cxr::nn {

class Ensemble : public Network {
  public:
    // REQUIRES: at least one member.
    explicit Ensemble(std::vector<std::shared_ptr<Network>> members);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;

  private:
    std::vector<std::shared_ptr<Network>> m_members;
};

}  // namespace cxr::nn
