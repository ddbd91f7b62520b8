#include "core/explain/class_maps.h"

#include <optional>

namespace cxr::explain {
namespace {

class ClassMaps : public SummedMethod {
  public:
    explicit ClassMaps(bool isRefined) : m_isRefined(isRefined) {}
    [[nodiscard]] bool tellsLogit() const override { return true; }
    [[nodiscard]] double logit() const override { return m_logit.value_or(0); }

  protected:
    Result<torch::Tensor> mapsOf(const Batch& batch) override {
        const torch::NoGradGuard noGrad;
        nn::LayerMode mode;
        mode.needsRefinedCams = m_isRefined;
        const nn::LayerScope scope(mode);
        const Question& question = batch.question;
        const auto output = question.network.forward(batch.films.contiguous(at::MemoryFormat::ChannelsLast), question.stop);
        if (!m_logit) m_logit = output.logits[0][question.index].item<double>();
        const torch::Tensor& maps = m_isRefined ? output.refinedCams : output.cams;
        if (maps.defined()) return maps.select(1, question.index).to(torch::kFloat);
        return Error{ErrorCode::Unsupported, "this network makes no class activation maps of this kind; choose another explanation"};
    }

  private:
    bool m_isRefined;
    std::optional<double> m_logit;
};

}  // namespace

std::unique_ptr<Method> makeCam() { return std::make_unique<ClassMaps>(false); }
std::unique_ptr<Method> makeRefinedCam() { return std::make_unique<ClassMaps>(true); }

}  // namespace cxr::explain
