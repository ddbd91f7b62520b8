#include "core/explain/integrated_gradients.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace cxr::explain {
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

// 0..n-1 so that every first part of the list is spread over the whole: by the fractions of multiples of the golden ratio.
std::vector<std::size_t> spreadOrder(std::size_t n) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> place(n);
    for (std::size_t i = 0; i < n; ++i) place[i] = std::fmod((static_cast<double>(i) + 0.5) * std::numbers::phi, 1.0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place[a] < place[b]; });
    std::vector<std::size_t> ranks(n);  // the i-th multiple of the ratio takes the node of its rank
    for (std::size_t i = 0; i < n; ++i) ranks[order[i]] = i;
    return ranks;
}

class IntegratedGradients : public SummedMethod {
  public:
    explicit IntegratedGradients(const ExplainOptions& options) {
        const auto [nodes, weights] = options.rule == IntegralRule::Trapezoid ? trapezoid(options.steps) : gaussLegendre(options.steps);
        for (const std::size_t k : spreadOrder(nodes.size())) {
            m_nodes.push_back(nodes[k]);
            m_weights.push_back(weights[k]);
        }
    }
    [[nodiscard]] int parts() const override { return static_cast<int>(m_nodes.size()); }

  protected:
    [[nodiscard]] double weight(int part) const override { return m_weights[static_cast<std::size_t>(part)]; }

    Result<Tensor> mapsOf(const Batch& batch) override {
        std::vector<float> places;
        for (const Point& point : batch.points) places.push_back(static_cast<float>(m_nodes[static_cast<std::size_t>(point.part)]));
        const Tensor& baseline = batch.question.baseline;
        const Tensor change = batch.films - baseline, place = torch::tensor(places).to(change.device()).view({-1, 1, 1, 1});
        const auto slope = flowToInput(batch.question, baseline + place * change, {});
        if (!slope.isOk()) return slope;
        return overFilm(batch.question, slope.value() * change);
    }

  private:
    std::vector<double> m_nodes, m_weights;  // in the order of the parts
};

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

std::pair<std::vector<double>, std::vector<double>> trapezoid(int n) {
    std::vector<double> nodes, weights(static_cast<std::size_t>(n), 1.0 / n);
    for (int k = 0; k < n; ++k) nodes.push_back(static_cast<double>(k) / (n - 1));
    weights.front() /= 2;
    weights.back() /= 2;
    return {nodes, weights};
}

std::unique_ptr<Method> makeIntegratedGradients(const ExplainOptions& options) { return std::make_unique<IntegratedGradients>(options); }

}  // namespace cxr::explain
