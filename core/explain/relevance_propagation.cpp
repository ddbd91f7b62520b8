#include "core/explain/relevance_propagation.h"

namespace cxr::explain {
namespace {

using torch::Tensor;

class RelevancePropagation : public SummedMethod {
  public:
    explicit RelevancePropagation(nn::BackwardRule rule) : m_rule(rule) {}

  protected:
    Result<Tensor> mapsOf(const Batch& batch) override {
        const ExplainOptions& options = batch.question.options;
        nn::LayerMode mode;
        mode.rule = m_rule;
        mode.epsilon = options.epsilon;
        mode.gamma = options.gamma;
        mode.isBoxFirst = options.isBoxFirst;
        const auto flow = flowToInput(batch.question, batch.films, mode);
        if (!flow.isOk()) return flow;
        const Tensor maps = overFilm(batch.question, flow.value());
        if (m_rule != nn::BackwardRule::LrpAlpha1Beta0) return maps;
        const std::vector<std::int64_t> grid{1, 2};
        return torch::where(maps.sum(grid, true) < 0, -maps, maps);
    }

  private:
    nn::BackwardRule m_rule;
};

}  // namespace

std::unique_ptr<Method> makeRelevancePropagation(nn::BackwardRule rule) { return std::make_unique<RelevancePropagation>(rule); }

}  // namespace cxr::explain
