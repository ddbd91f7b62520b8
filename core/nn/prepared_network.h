// A pack's network for prediction: its forward plan where there can be one, else the network itself.
//   The plan is made at the first film, and anew when the film's shape or torch's number of threads changes.
//   thread rule  as Network        cancel  as Network::forward, also while a plan is made
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/model/manifest.h"
#include "core/nn/forward_plan.h"
#include "core/nn/network.h"

namespace cxr::nn {

enum class Purpose { Predict, Explain };  // Explain: nobody will ask for predictions, so no plan is made

// What the manifest asks for, if this processor is fast at it. PRECORDIA_PRECISION=float32 in the environment keeps floats.
Precision precisionFor(const Manifest& manifest);

class PreparedNetwork {
  public:
    PreparedNetwork(std::shared_ptr<Network> network, Precision wanted, bool mayPlan)
        : m_network(std::move(network)), m_wanted(wanted), m_mayPlan(mayPlan) {}

    // As Network::forward without features. REQUIRES: the network is on the input's device.
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {});
    // One answer to an empty film of this shape, unless making a plan has asked for one already.
    void warmUp(const std::vector<std::int64_t>& sizes, const torch::Device& device);
    Network& network() { return *m_network; }
    // Of the last answer.
    [[nodiscard]] Precision precision() const { return m_plan ? m_wanted : Precision::Float32; }

  private:
    struct Setting {
        std::vector<std::int64_t> sizes;
        int threads = 0;
        bool operator==(const Setting&) const = default;
    };
    void prepare(Setting setting, const StopCheck& stop);
    bool isPlanned(const std::vector<std::int64_t>& sizes, const torch::Device& device, const StopCheck& stop);

    std::shared_ptr<Network> m_network;
    Precision m_wanted;
    bool m_mayPlan;
    Setting m_setting;                    // of the plan, or for which there is none
    std::unique_ptr<ForwardPlan> m_plan;  // may be null
};

}  // namespace cxr::nn
