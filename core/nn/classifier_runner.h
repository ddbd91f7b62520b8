// A classification pack ready to predict: batch norm folded, its forward plan made, warmed up once. What explains asks its
// network(), which stays as it is.
//   thread rule  one call at a time per runner; at::set_num_threads is the caller's business
//   cancel       `stop` is asked between layers: predict() then throws NetworkCancelled
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/model/pack.h"
#include "core/nn/prepared_network.h"

namespace cxr::nn {

class ClassifierRunner {
  public:
    // fails as loadPackNetwork does; Unsupported for a task, framing or normalisation that is not this program's,
    // Corrupt if the network does not give one logit per output.
    static Result<std::unique_ptr<ClassifierRunner>> load(const std::filesystem::path& packFolder, const torch::Device& device,
                                                          Purpose purpose = Purpose::Predict);

    // What predict() reads: InvalidArgument if planes of this shape are not what the manifest asks for.
    [[nodiscard]] Result<Done> checkShape(std::int64_t channels, std::int64_t height, std::int64_t width) const;

    // planes float [P, H, W] in [0, 1] -> all tensors float, on the processor, with their leading 1; no features.
    NetworkOutput predict(const torch::Tensor& planes, const StopCheck& stop = {});

    // What the network reads of such planes: float [1, channels, H, W] on its device.
    torch::Tensor normalised(const torch::Tensor& planes) const;

    const Manifest& manifest() const { return m_pack.manifest; }
    bool isProgram() const { return m_pack.isProgram(); }
    Network& network() { return m_network.network(); }
    Precision precision() const { return m_network.precision(); }  // of the last answer

  private:
    ClassifierRunner(Pack pack, std::shared_ptr<Network> network, const torch::Device& device, Purpose purpose)
        : m_pack(std::move(pack)),
          m_network(std::move(network), precisionFor(m_pack.manifest), purpose == Purpose::Predict && !m_pack.isProgram()),
          m_device(device) {}
    Result<Done> warmUp();

    Pack m_pack;
    PreparedNetwork m_network;
    torch::Device m_device;
};

}  // namespace cxr::nn
