#include "core/explain/deep_lift.h"

namespace cxr::explain {
namespace {

using torch::Tensor;

class DeepLift : public SummedMethod {
  protected:
    Result<Tensor> mapsOf(const Batch& batch) override {
        const Tensor baselines = batch.question.baseline.expand_as(batch.films);
        nn::LayerMode mode;
        mode.rule = nn::BackwardRule::DeepLift;
        const auto flow = flowToInput(batch.question, torch::cat({batch.films, baselines}), mode);
        if (!flow.isOk()) return flow;
        return overFilm(batch.question, flow.value().chunk(2)[0] * (batch.films - baselines));
    }
};

}  // namespace

std::unique_ptr<Method> makeDeepLift() { return std::make_unique<DeepLift>(); }

}  // namespace cxr::explain
