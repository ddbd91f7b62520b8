// The rules' arithmetic, and the autograd node that carries it.
#include "core/nn/backward_rules.h"

namespace cxr::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;

constexpr double kNoChange = 1e-7;   // |x - x'| below it: the derivative
constexpr double kStability = 1e-9;  // as Captum's, of rules without an epsilon of their own

struct Way : torch::CustomClassHolder {
    std::function<Tensor(const Tensors&)> forward;
    Backward backward;
};

// The second input may be empty and unused.
class Ruled : public torch::autograd::Function<Ruled> {
  public:
    static Tensor forward(AutogradContext* context, const Tensor& a, const Tensor& b, const c10::intrusive_ptr<Way>& way, bool isPair) {
        const Tensor output = way->forward(isPair ? Tensors{a, b} : Tensors{a});
        context->save_for_backward({a, b, output});
        context->saved_data["way"] = c10::IValue::make_capsule(way);
        context->saved_data["pair"] = isPair;
        return output;
    }
    static Tensors backward(AutogradContext* context, Tensors flows) {
        const Tensors saved = context->get_saved_variables();
        const auto way = c10::static_intrusive_pointer_cast<Way>(context->saved_data["way"].toCapsule());
        const bool isPair = context->saved_data["pair"].toBool();
        const Tensors inputs = isPair ? Tensors{saved[0].detach(), saved[1].detach()} : Tensors{saved[0].detach()};
        Tensors given = way->backward(inputs, saved[2].detach(), flows.at(0));
        given.resize(4);  // nothing flows to what is not a tensor
        return given;
    }
};

// f^T flow at x, by torch.
Tensor transposedFlow(const Elementwise& f, const Tensor& x, const Tensor& flow) {
    const torch::AutoGradMode withGradients(true);
    const Tensor leaf = x.detach().set_requires_grad(true);
    return torch::autograd::grad({f(leaf)}, {leaf}, {flow}).at(0);
}

struct Halves {
    Tensor film, baseline;
    explicit Halves(const Tensor& batch) : film(batch.chunk(2)[0]), baseline(batch.chunk(2)[1]) {}
};

// What flows to the films' half; nothing flows to the baselines'.
Tensor toFilms(const Tensor& multiplier) { return torch::cat({multiplier, torch::zeros_like(multiplier)}); }

Tensor onlyPositive(const Tensor& x) { return x.clamp_min(0); }
Tensor onlyNegative(const Tensor& x) { return x.clamp_max(0); }

struct Term {
    Tensor x, w;
};

std::vector<Term> termsOf(const LayerMode& mode, bool isBox, const Tensor& x, const Tensor& w) {
    const Tensor up = onlyPositive(w), down = onlyNegative(w);
    if (isBox) {
        const Tensor cells = x.dim() == 4 ? x.flatten(2) : x;
        const std::vector<std::int64_t> axis{cells.dim() - 1};
        const auto spread = [&](const Tensor& limit) { return (x.dim() == 4 ? limit.unsqueeze(3) : limit).expand_as(x); };
        return {{x, w}, {-spread(cells.amin(axis, true)), up}, {-spread(cells.amax(axis, true)), down}};
    }
    if (mode.rule == BackwardRule::LrpEpsilon) return {{x, w}};
    const bool isGamma = mode.rule == BackwardRule::LrpGamma;
    std::vector<Term> terms{{onlyPositive(x), isGamma ? w + mode.gamma * up : up}};
    if ((x < 0).any().item<bool>()) terms.push_back({onlyNegative(x), isGamma ? w + mode.gamma * down : down});
    return terms;
}

}  // namespace

Tensor ruled(const Tensors& inputs, const std::function<Tensor(const Tensors&)>& forward, Backward backward) {
    auto way = c10::make_intrusive<Way>();
    way->forward = forward;
    way->backward = std::move(backward);
    const bool isPair = inputs.size() == 2;
    return Ruled::apply(inputs[0], isPair ? inputs[1] : torch::empty({0}, inputs[0].options()), way, isPair);
}

Tensor keptFromZero(const Tensor& z, double epsilon) { return torch::where(z < 0, z - epsilon, z + epsilon); }

Backward relevanceRule(const LayerMode& mode, bool isFirst, const LinearMap& map, const Tensor& weight, const Tensor& bias) {
    LayerMode kept;
    kept.rule = mode.rule;
    kept.epsilon = mode.epsilon;
    kept.gamma = mode.gamma;
    const bool isBox = isFirst && mode.isBoxFirst;
    return [kept, isBox, map, w = weight.detach(), b = bias.defined() ? bias.detach() : bias](const Tensors& inputs, const Tensor&,
                                                                                             const Tensor& flow) -> Tensors {
        const auto terms = termsOf(kept, isBox, inputs[0], w);
        Tensor z;
        for (const Term& term : terms) {
            const Tensor part = map.apply(term.x, term.w);
            z = z.defined() ? z + part : part;
        }
        if (b.defined() && !isBox) z = z + b;
        const double epsilon = kept.rule == BackwardRule::LrpEpsilon ? kept.epsilon : kStability;
        const Tensor s = flow / keptFromZero(z, epsilon);
        Tensor relevance;
        for (const Term& term : terms) {
            const Tensor part = term.x * map.transposed(s, term.x, term.w);
            relevance = relevance.defined() ? relevance + part : part;
        }
        return {relevance};
    };
}

Backward rescaleRule(const Elementwise& f) {
    return [f](const Tensors& inputs, const Tensor& output, const Tensor& flow) -> Tensors {
        const Halves x(inputs[0]), y(output);
        const Tensor change = x.film - x.baseline;
        const Tensor slope = Halves(transposedFlow(f, inputs[0], flow)).film;
        return {toFilms(torch::where(change.abs() < kNoChange, slope, Halves(flow).film * (y.film - y.baseline) / change))};
    };
}

Backward guidedRule() {
    return [](const Tensors& inputs, const Tensor&, const Tensor& flow) -> Tensors {
        return {torch::where(inputs[0] > 0, onlyPositive(flow), torch::zeros_like(flow))};
    };
}

// The pooled film reaches max(y, y') from y' where the film is largest; from there y where the baseline is.
Backward rescaledMaxRule(const MaxPooling& pooling) {
    return [pooling](const Tensors& inputs, const Tensor& output, const Tensor& flow) -> Tensors {
        const Halves x(inputs[0]), y(output);
        const Tensor given = Halves(flow).film, top = torch::maximum(y.film, y.baseline), change = x.film - x.baseline;
        const Tensor ofFilm = pooling.forward(x.film).second, ofBaseline = pooling.forward(x.baseline).second;
        const Tensor contribution = pooling.scattered(given * (top - y.baseline), x.film, ofFilm) +
                                    pooling.scattered(given * (y.film - top), x.baseline, ofBaseline);
        const Tensor slope = pooling.scattered(given, x.film, ofFilm);
        return {toFilms(torch::where(change.abs() < kNoChange, slope, contribution / change))};
    };
}

Backward passRule() {
    return [](const Tensors&, const Tensor&, const Tensor& flow) -> Tensors { return {flow}; };
}

Backward shareRule(const Elementwise& f) {
    return [f](const Tensors& inputs, const Tensor& output, const Tensor& flow) -> Tensors {
        return {inputs[0] * transposedFlow(f, inputs[0], flow / keptFromZero(output, kStability))};
    };
}

Backward sumShareRule(BackwardRule rule) {
    return [rule](const Tensors& inputs, const Tensor& output, const Tensor& flow) -> Tensors {
        Tensor a = inputs[0], b = inputs[1], sum = output;
        if (rule != BackwardRule::LrpEpsilon) {
            const Tensor up = onlyPositive(a) + onlyPositive(b), hasAny = up > 0;
            a = torch::where(hasAny, onlyPositive(a), a);
            b = torch::where(hasAny, onlyPositive(b), b);
            sum = torch::where(hasAny, up, output);
        }
        const Tensor s = flow / keptFromZero(sum, kStability);
        return {(a * s).sum_to_size(inputs[0].sizes()), (b * s).sum_to_size(inputs[1].sizes())};
    };
}

Backward gateRule(BackwardRule rule) {
    if (rule != BackwardRule::DeepLift) {
        return [](const Tensors& inputs, const Tensor&, const Tensor& flow) -> Tensors { return {flow, torch::zeros_like(inputs[1])}; };
    }
    return [](const Tensors& inputs, const Tensor&, const Tensor& flow) -> Tensors {
        const Halves x(inputs[0]), factor(inputs[1]);
        const Tensor given = Halves(flow).film;
        const Tensor toSignal = given * (factor.film + factor.baseline) / 2;
        const Tensor toFactor = (given * (x.film + x.baseline) / 2).sum_to_size(factor.film.sizes());
        return {toFilms(toSignal), toFilms(toFactor)};
    };
}

}  // namespace cxr::nn
