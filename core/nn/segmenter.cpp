// From a pack on disk to organ probabilities.
#include "core/nn/segmenter.h"

#include "core/nn/pack_network.h"

namespace cxr::nn {
namespace {

Result<Done> checkTask(const Manifest& manifest) {
    const auto unsupported = [&](const std::string& what) {
        return Error{ErrorCode::Unsupported, "model pack " + manifest.id + ": this version cannot use its " + what};
    };
    if (manifest.task != "segmentation") return unsupported("task");
    if (manifest.input.channels != 1) return unsupported("number of input channels");
    if (manifest.input.framing != "letterbox") return unsupported("framing");
    if (manifest.input.normalisation != "film-z-score") return unsupported("normalisation");
    if (manifest.input.size % 16 != 0) return unsupported("input size");
    return Done{};
}

// heart, left, right -> heart, right, left.
torch::Tensor withSidesChanged(const torch::Tensor& organs) {
    return torch::cat({organs.slice(0, 0, 1), organs.slice(0, 2, 3), organs.slice(0, 1, 2)});
}

}  // namespace

Result<std::unique_ptr<Segmenter>> Segmenter::load(const std::filesystem::path& packFolder, const torch::Device& device) {
    auto loaded = loadPackNetwork(packFolder, device, checkTask);
    if (!loaded.isOk()) return std::move(loaded).error();
    PackNetwork parts = std::move(loaded).value();
    std::unique_ptr<Segmenter> segmenter(new Segmenter(std::move(parts.pack), std::move(parts.network), device));
    segmenter->m_network.warmUp({1, 1, segmenter->size(), segmenter->size()}, device);
    return segmenter;
}

torch::Tensor Segmenter::predict(const torch::Tensor& film, bool mirrored, const StopCheck& stop) {
    const torch::NoGradGuard noGrad;
    const auto square = letterbox(film, size());
    throwIfStopped(stop);
    const auto valid = letterboxValidity(static_cast<int>(film.size(1)), static_cast<int>(film.size(0)), size());
    const std::vector<std::int64_t> shape{1, 1, size(), size()};
    auto input = normaliseFilm(square.view(shape), valid.view(shape));
    if (mirrored) input = input.flip({3});
    input = input.to(m_device).contiguous(at::MemoryFormat::ChannelsLast);
    const auto organs = torch::sigmoid(m_network.forward(input, stop).logits)[0].to(torch::kFloat).cpu();
    if (!mirrored) return organs.contiguous();
    return withSidesChanged(organs.flip({2})).contiguous();
}

}  // namespace cxr::nn
