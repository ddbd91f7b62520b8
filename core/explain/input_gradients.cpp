#include "core/explain/input_gradients.h"

namespace cxr::explain {
namespace {

using torch::Tensor;

enum class Kind { Absolute, TimesChange, Guided };

class InputGradient : public SummedMethod {
  public:
    explicit InputGradient(Kind kind) : m_kind(kind) {}

  protected:
    Result<Tensor> mapsOf(const Batch& batch) override {
        nn::LayerMode mode;
        mode.rule = m_kind == Kind::Guided ? nn::BackwardRule::Guided : nn::BackwardRule::Plain;
        const auto found = flowToInput(batch.question, batch.films, mode);
        if (!found.isOk()) return found;
        const Tensor& slope = found.value();
        if (m_kind == Kind::TimesChange) return overFilm(batch.question, slope * (batch.films - batch.question.baseline));
        const Tensor sum = overFilm(batch.question, slope);
        return m_kind == Kind::Absolute ? sum.abs() : sum;
    }

  private:
    Kind m_kind;
};

}  // namespace

std::unique_ptr<Method> makeSensitivity() { return std::make_unique<InputGradient>(Kind::Absolute); }
std::unique_ptr<Method> makeInputXGradient() { return std::make_unique<InputGradient>(Kind::TimesChange); }
std::unique_ptr<Method> makeGuidedBackpropagation() { return std::make_unique<InputGradient>(Kind::Guided); }

}  // namespace cxr::explain
