// From a pack on disk to logits and maps.
#include "core/nn/classifier_runner.h"

#include "core/model/framing.h"
#include "core/nn/pack_network.h"
#include "core/nn/planes_input.h"

namespace cxr::nn {
namespace {

Result<Done> checkTask(const Manifest& manifest) {
    if (manifest.task != "classification") {
        return Error{ErrorCode::Unsupported, "model pack " + manifest.id + " is not made for classification"};
    }
    return checkPlanesInput(manifest.input);
}

torch::Tensor onProcessor(const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.to(torch::kFloat).cpu().contiguous() : tensor;
}

}  // namespace

Result<std::unique_ptr<ClassifierRunner>> ClassifierRunner::load(const std::filesystem::path& packFolder,
                                                                 const torch::Device& device, Purpose purpose) {
    auto loaded = loadPackNetwork(packFolder, device, checkTask);
    if (!loaded.isOk()) return std::move(loaded).error();
    PackNetwork parts = std::move(loaded).value();
    std::unique_ptr<ClassifierRunner> runner(
        new ClassifierRunner(std::move(parts.pack), std::move(parts.network), device, purpose));
    if (auto warm = runner->warmUp(); !warm.isOk()) return std::move(warm).error();
    return runner;
}

// The length of a HeartSpot vector is the network's: it meets its first one in use.
Result<Done> ClassifierRunner::warmUp() {
    const ModelInput& input = manifest().input;
    if (readsVector(input.framing)) return Done{};
    const auto planes = static_cast<std::int64_t>(input.planes.size());
    const auto output = predict(torch::zeros({planes, input.size, input.size}));
    const auto outputs = static_cast<std::int64_t>(manifest().outputs.size());
    if (output.logits.dim() == 2 && output.logits.size(1) == outputs) return Done{};
    return Error{ErrorCode::Corrupt, "model pack " + manifest().id + ": the network does not give one number per output"};
}

Result<Done> ClassifierRunner::checkShape(std::int64_t channels, std::int64_t height, std::int64_t width) const {
    const ModelInput& input = manifest().input;
    const bool isGrid = readsVector(input.framing) ? height == 1 && width > 0 : height == input.size && width == input.size;
    if (isGrid && channels == static_cast<std::int64_t>(input.planes.size())) return Done{};
    return Error{ErrorCode::InvalidArgument, "the picture has another shape than model pack " + manifest().id + " reads"};
}

NetworkOutput ClassifierRunner::predict(const torch::Tensor& planes, const StopCheck& stop) {
    const torch::NoGradGuard noGrad;
    const auto input = normalised(planes);
    throwIfStopped(stop);
    NetworkOutput output = m_network.forward(input.contiguous(at::MemoryFormat::ChannelsLast), stop);
    for (auto* tensor : {&output.logits, &output.cams, &output.refinedCams, &output.glimpses}) *tensor = onProcessor(*tensor);
    return output;
}

torch::Tensor ClassifierRunner::normalised(const torch::Tensor& planes) const {
    return normalisedPlanes(planes.unsqueeze(0), manifest().input).to(m_device);
}

}  // namespace cxr::nn
