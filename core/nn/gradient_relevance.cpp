// Gradients of one logit along a straight path.
#include "core/nn/gradient_relevance.h"

#include <cmath>
#include <numbers>

namespace cxr::nn {
namespace {

using torch::Tensor;

// Legendre's P_n(x) and its derivative, |x| < 1.
std::pair<double, double> legendre(int n, double x) {
    double before = 1, value = x;
    for (int k = 2; k <= n; ++k) {
        const double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
        before = value;
        value = next;
    }
    return {value, n * (x * value - before) / (x * x - 1)};
}

struct Slope {
    Tensor gradient;  // like the input; undefined if the network gives none
    double logit = 0;
};

Slope slopeAt(Network& network, const Tensor& input, std::int64_t index, const StopCheck& stop) {
    const torch::AutoGradMode withGradients(true);
    const Tensor leaf = input.detach().contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
    const Tensor logit = network.forward(leaf, stop).logits.select(1, index).sum();
    throwIfStopped(stop);
    if (!logit.requires_grad()) return {{}, logit.item<double>()};
    const auto gradients = torch::autograd::grad({logit}, {leaf}, {}, {}, false, /*allow_unused=*/true);
    return {gradients.at(0), logit.item<double>()};
}

double logitAt(Network& network, const Tensor& input, std::int64_t index, const StopCheck& stop) {
    const torch::NoGradGuard noGrad;
    return network.forward(input.contiguous(at::MemoryFormat::ChannelsLast), stop).logits.select(1, index).sum().item<double>();
}

Error noGradients() {
    return {ErrorCode::Unsupported, "this network gives no gradients, so its relevance cannot be computed; choose another explanation"};
}

}  // namespace

std::pair<std::vector<double>, std::vector<double>> gaussLegendre(int n) {
    std::vector<double> nodes, weights;
    for (int i = n; i >= 1; --i) {
        double x = std::cos(std::numbers::pi * (i - 0.25) / (n + 0.5)), step = 1;
        for (int round = 0; round < 20 && std::abs(step) > 1e-15; ++round) {
            const auto [value, slope] = legendre(n, x);
            step = value / slope;
            x -= step;
        }
        const double slope = legendre(n, x).second;
        nodes.push_back((1 + x) / 2);
        weights.push_back(1 / ((1 - x * x) * slope * slope));
    }
    return {nodes, weights};
}

Tensor blackFilm(const Tensor& film, const Tensor& gray) {
    return torch::where((gray == 0).expand_as(film), film, film.amin({2, 3}, true).expand_as(film));
}

Result<CellRelevance> gradientRelevance(Network& network, const Tensor& input, const Tensor& baseline, std::int64_t index,
                                        const RelevanceRule& rule, const StopCheck& stop) {
    const Tensor change = input - baseline;
    const auto path = rule.isIntegrated ? gaussLegendre(rule.steps) : std::pair(std::vector{1.0}, std::vector{1.0});
    Tensor slope = torch::zeros_like(change);
    CellRelevance result;
    for (std::size_t k = 0; k < path.first.size(); ++k) {
        throwIfStopped(stop);
        const Slope here = slopeAt(network, baseline + path.first[k] * change, index, stop);
        if (!here.gradient.defined()) return noGradients();
        slope += path.second[k] * here.gradient;
        result.logit = here.logit;
    }
    if (rule.isIntegrated) result.logit = logitAt(network, input, index, stop);
    result.baselineLogit = logitAt(network, baseline, index, stop);
    result.cells = (change * slope).sum(1).squeeze(0).to(torch::kFloat).cpu().contiguous();
    return result;
}

}  // namespace cxr::nn
