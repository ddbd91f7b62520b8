#include "core/explain/grad_cam.h"

#include <optional>

namespace cxr::explain {
namespace {

using torch::Tensor;

Error noMaps() {
    return {ErrorCode::Unsupported, "this network does not decide from maps that cover the film; choose another explanation"};
}

class GradCam : public SummedMethod {
  public:
    [[nodiscard]] bool tellsLogit() const override { return true; }
    [[nodiscard]] double logit() const override { return m_logit.value_or(0); }

  protected:
    Result<Tensor> mapsOf(const Batch& batch) override {
        const torch::AutoGradMode withGradients(true);
        const Question& question = batch.question;
        nn::LayerMode mode;
        mode.stop = question.stop;
        const nn::LayerScope scope(mode);
        const Tensor leaf = batch.films.detach().contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
        const auto output = question.network.forward(leaf, question.stop);
        const Tensor logits = output.logits.select(1, question.index);
        if (!m_logit) m_logit = logits[0].item<double>();
        // A forward pass notes the features of each classifier inside; a network without any gives its own.
        const auto parts = mode.features.empty() ? std::vector<Tensor>{output.features} : mode.features;
        if (!parts[0].defined() || parts[0].dim() != 4) return noMaps();
        const auto slopes = torch::autograd::grad({logits.sum()}, parts, {}, {}, false, /*allow_unused=*/true);
        Tensor map;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!slopes[i].defined()) return noMaps();
            const Tensor part = (slopes[i].mean(std::vector<std::int64_t>{2, 3}, /*keepdim=*/true) * parts[i]).sum(1);
            map = map.defined() ? map + part : part;
        }
        return torch::relu(map).detach().to(torch::kFloat);
    }

  private:
    std::optional<double> m_logit;
};

}  // namespace

std::unique_ptr<Method> makeGradCam() { return std::make_unique<GradCam>(); }

}  // namespace cxr::explain
