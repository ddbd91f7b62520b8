// Relevance by gradients: cases solved on paper, completeness, folded networks, black films, cancelling.
#include <QTest>
#include <cmath>

#include "core/nn/architectures.h"
#include "core/nn/gradient_relevance.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using test::largestDifference;

namespace {

// f_0 = sum of w x^2 over all cells, f_1 = sum of w x.
struct SumOfSquares : Network {
    torch::Tensor weights;
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop) override {
        throwIfStopped(stop);
        const auto squares = (weights * input * input).sum({1, 2, 3}), plain = (weights * input).sum({1, 2, 3});
        NetworkOutput output;
        output.logits = torch::stack({squares, plain}, 1);
        return output;
    }
    void foldBatchNorm() override {}
};

// Answers the same whatever it reads.
struct Constant : Network {
    NetworkOutput forward(const torch::Tensor&, const StopCheck&) override {
        NetworkOutput output;
        output.logits = torch::ones({1, 1});
        return output;
    }
    void foldBatchNorm() override {}
};

std::shared_ptr<Network> smallResNet() {
    torch::manual_seed(5);
    auto made = makeNetwork({{"name", "resnet18"}, {"in_channels", 1}, {"classes", 3}, {"width", 0.125}});
    if (!made.isOk()) qFatal("%s", made.error().message.c_str());
    made.value()->eval();
    test::shakeStatistics(*made.value());
    return made.value();
}

torch::Tensor film() { return torch::randn({1, 1, 32, 32}); }

CellRelevance relevanceOf(Network& network, const torch::Tensor& input, const torch::Tensor& baseline, int index, const RelevanceRule& rule) {
    auto found = gradientRelevance(network, input, baseline, index, rule);
    if (!found.isOk()) qFatal("%s", found.error().message.c_str());
    return found.value();
}

}  // namespace

class TestGradientRelevance : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void nodesAreExactForPolynomials();
    void solvedOnPaper();
    void integratedGradientsAreComplete();
    void foldingAndChannelsChangeNothing();
    void blackFilmKeepsMargins();
    void weightsGetNoGradients();
    void stopsBetweenSteps();
    void saysWhenThereAreNoGradients();
};

// n nodes integrate x^(2n-1) on [0, 1] exactly: 1 / 2n.
void TestGradientRelevance::nodesAreExactForPolynomials() {
    for (const int n : {1, 2, 3, 16, 64, 512}) {
        const auto [nodes, weights] = gaussLegendre(n);
        double power = 0, sum = 0;
        for (std::size_t k = 0; k < nodes.size(); ++k) {
            sum += weights[k];
            power += weights[k] * std::pow(nodes[k], 2 * n - 1);
            QVERIFY(nodes[k] > 0 && nodes[k] < 1 && (k == 0 || nodes[k] > nodes[k - 1]));
        }
        QVERIFY2(std::abs(sum - 1) < 1e-12 && std::abs(power - 0.5 / n) < 1e-12, qPrintable(QString::number(n)));
    }
    const auto three = gaussLegendre(3);
    QVERIFY(std::abs(three.first[0] - (1 - std::sqrt(0.6)) / 2) < 1e-15 && std::abs(three.second[1] - 8.0 / 18) < 1e-15);
}

// f_0: input times gradient 2 w x (x - x'), integrated w (x^2 - x'^2); f_1: both w (x - x').
void TestGradientRelevance::solvedOnPaper() {
    SumOfSquares network;
    network.weights = torch::tensor({1.0F, -2.0F, 0.5F, 3.0F}).view({1, 1, 2, 2});
    const auto x = torch::tensor({1.0F, 2.0F, -4.0F, 0.0F}).view({1, 1, 2, 2}), base = torch::full_like(x, -1.0F);
    const auto w = network.weights, change = x - base;
    const auto first = relevanceOf(network, x, base, 0, {.isIntegrated = false});
    QVERIFY(largestDifference(first.cells, (2 * w * x * change)[0][0]) < 1e-6);
    QCOMPARE(first.logit, 1.0 - 8.0 + 8.0);
    QCOMPARE(first.baselineLogit, 1.0 - 2.0 + 0.5 + 3.0);
    const auto integrated = relevanceOf(network, x, base, 0, {.steps = 1});
    QVERIFY(largestDifference(integrated.cells, (w * (x * x - base * base))[0][0]) < 1e-5);
    for (const bool isIntegrated : {false, true}) {
        const auto linear = relevanceOf(network, x, base, 1, {.isIntegrated = isIntegrated, .steps = 3});
        QVERIFY(largestDifference(linear.cells, (w * change)[0][0]) < 1e-5);
    }
}

// Sundararajan et al., proposition 1: the cells sum to f(x) - f(x'). A network of ReLUs has kinks: more steps come nearer.
void TestGradientRelevance::integratedGradientsAreComplete() {
    const auto network = smallResNet();
    const auto x = film(), base = torch::full_like(x, x.min().item<float>());
    const auto gapWith = [&](int steps) {
        const auto found = relevanceOf(*network, x, base, 1, {.steps = steps});
        return std::abs(found.cells.sum().item<double>() - (found.logit - found.baselineLogit)) / std::abs(found.logit - found.baselineLogit);
    };
    const auto plain = relevanceOf(*network, x, base, 1, {.isIntegrated = false});
    const double missing = std::abs(plain.cells.sum().item<double>() - (plain.logit - plain.baselineLogit));
    QVERIFY2(gapWith(200) < 0.02, qPrintable(QString::number(gapWith(200))));
    QVERIFY2(missing > 0.02 * std::abs(plain.logit - plain.baselineLogit), "the path decides nothing here: choose another film");
}

void TestGradientRelevance::foldingAndChannelsChangeNothing() {
    const auto network = smallResNet();
    const auto x = film(), base = torch::zeros_like(x);
    const auto before = relevanceOf(*network, x, base, 2, {.steps = 8});
    network->foldBatchNorm();
    const auto after = relevanceOf(*network, x, base, 2, {.steps = 8});
    QVERIFY(largestDifference(before.cells, after.cells) < 1e-3 * before.cells.abs().max().item<double>());
    SumOfSquares two;  // two channels of one film count together
    two.weights = torch::ones({1, 2, 2, 2});
    const auto wide = torch::arange(8, torch::kFloat).view({1, 2, 2, 2});
    const auto cells = relevanceOf(two, wide, torch::zeros_like(wide), 1, {}).cells;
    QVERIFY(largestDifference(cells, wide[0].sum(0)) < 1e-5);
}

void TestGradientRelevance::blackFilmKeepsMargins() {
    const auto gray = torch::tensor({0.0F, 0.2F, 0.9F, 0.4F}).view({1, 1, 2, 2});
    const auto film = torch::tensor({0.0F, -1.5F, 2.0F, -0.5F}).view({1, 1, 2, 2});  // the first cell is margin
    const auto black = torch::tensor({0.0F, -1.5F, -1.5F, -1.5F}).view({1, 1, 2, 2});
    QVERIFY(largestDifference(blackFilm(film, gray), black) == 0);
    QVERIFY(largestDifference(blackFilm(film.expand({-1, 3, -1, -1}), gray), black.expand({-1, 3, -1, -1})) == 0);
}

void TestGradientRelevance::weightsGetNoGradients() {
    const auto network = smallResNet();
    const torch::NoGradGuard noGrad;  // as a caller that predicts may have it
    const auto found = relevanceOf(*network, film(), torch::zeros({1, 1, 32, 32}), 0, {.steps = 2});
    QVERIFY(found.cells.abs().sum().item<double>() > 0);
    QVERIFY(!found.cells.requires_grad());
    for (const auto& parameter : network->parameters()) QVERIFY(!parameter.grad().defined());
}

void TestGradientRelevance::stopsBetweenSteps() {
    SumOfSquares network;
    network.weights = torch::ones({1, 1, 2, 2});
    int asked = 0;
    const auto x = torch::ones({1, 1, 2, 2});
    const StopCheck stop = [&] { return ++asked > 10; };
    bool wasStopped = false;
    try {
        (void)gradientRelevance(network, x, torch::zeros_like(x), 0, {.steps = 500}, stop);
    } catch (const NetworkCancelled&) {
        wasStopped = true;
    }
    QVERIFY(wasStopped && asked == 11);
}

void TestGradientRelevance::saysWhenThereAreNoGradients() {
    Constant network;
    const auto x = torch::ones({1, 1, 2, 2});
    const auto found = gradientRelevance(network, x, torch::zeros_like(x), 0, {});
    QVERIFY(!found.isOk());
    QCOMPARE(found.error().code, ErrorCode::Unsupported);
}

QTEST_GUILESS_MAIN(TestGradientRelevance)
#include "tst_gradient_relevance.moc"
