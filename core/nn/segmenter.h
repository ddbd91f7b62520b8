// A segmentation pack ready to predict: batch norm folded, its forward plan made, warmed up once.
//   thread rule  one call at a time per segmenter; at::set_num_threads is the caller's business
//   cancel   `stop` is asked between layers: predict() then throws NetworkCancelled
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/model/pack.h"
#include "core/nn/prepared_network.h"
#include "core/nn/preprocess.h"

namespace cxr::nn {

class Segmenter {
  public:
    // Checks SHA-256, architecture and weights. fails as verifyPack, makeNetwork and loadStateDict do; Unsupported for a
    // task, framing or normalisation that is not this program's.
    static Result<std::unique_ptr<Segmenter>> load(const std::filesystem::path& packFolder, const torch::Device& device);

    // film float [H, W] in [0, 1] -> organ probabilities float [organs, S, S] on the processor. `mirrored`: the film is
    // flipped left to right before the network and the result flipped back, left and right lung changed over.
    torch::Tensor predict(const torch::Tensor& film, bool mirrored, const StopCheck& stop = {});

    int size() const { return m_pack.manifest.input.size; }
    const Manifest& manifest() const { return m_pack.manifest; }
    Precision precision() const { return m_network.precision(); }  // of the last answer

  private:
    Segmenter(Pack pack, std::shared_ptr<Network> network, const torch::Device& device)
        : m_pack(std::move(pack)),
          m_network(std::move(network), precisionFor(m_pack.manifest), !m_pack.isProgram()),
          m_device(device) {}

    Pack m_pack;
    PreparedNetwork m_network;
    torch::Device m_device;
};

}  // namespace cxr::nn
