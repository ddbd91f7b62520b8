// The rules of single layers: cases solved on paper, DeepLift's sum and relevance's conservation through every kind of
// layer and network, and that scopes leave forward values and training alone.
#include <QTest>
#include <cmath>

#include "core/explain/explain_output.h"
#include "core/explain/network_traits.h"
#include "core/nn/backward_rules.h"
#include "core/nn/batch_norm_folding.h"
#include "core/nn/layers.h"
#include "core/nn/log_sum_exp.h"
#include "tests/support/network_checks.h"
#include "tests/support/settled_network.h"

using namespace cxr;
using namespace cxr::explain;
using nlohmann::json;
using nn::BackwardRule;
using nn::LayerMode;
using nn::LayerScope;
using nn::Network;
using test::largestDifference;
using torch::Tensor;

namespace {

namespace tnn = torch::nn;
using Layer = std::function<Tensor(const Tensor&)>;

// What flows to x [n, ...] when `start` flows to layer(x).
Tensor flowThrough(const Layer& layer, const Tensor& x, const Tensor& start, LayerMode mode) {
    const Tensor leaf = x.detach().clone().set_requires_grad(true);
    mode.input = leaf;
    const LayerScope scope(mode);
    return torch::autograd::grad({layer(leaf)}, {leaf}, {start}).at(0);
}

// sum m (x - x') against sum (y - y'), for one film and one baseline.
double missingInDeepLift(const Layer& layer, const Tensor& film, const Tensor& baseline) {
    LayerMode mode;
    mode.rule = BackwardRule::DeepLift;
    const Tensor both = torch::cat({film, baseline});
    Tensor y;
    {
        const LayerScope scope(mode);
        y = layer(both);
    }
    Tensor start = torch::zeros_like(y);
    start.chunk(2)[0].fill_(1);
    const Tensor m = flowThrough(layer, both, start, mode).chunk(2)[0];
    const double change = (y.chunk(2)[0] - y.chunk(2)[1]).sum().item<double>();
    return std::abs((m * (film - baseline)).sum().item<double>() - change) / std::abs(change);
}

// Relevance that comes to x, as a share of what left y.
double keptByRelevance(const Layer& layer, const Tensor& x, BackwardRule rule, bool isBox = false) {
    LayerMode mode;
    mode.rule = rule;
    mode.isBoxFirst = isBox;
    Tensor start;
    {
        const LayerScope scope(mode);
        start = layer(x).detach().abs();
    }
    return flowThrough(layer, x, start, mode).sum().item<double>() / start.sum().item<double>();
}

const std::vector<BackwardRule> kRelevance{BackwardRule::LrpEpsilon, BackwardRule::LrpAlpha1Beta0, BackwardRule::LrpGamma};

std::shared_ptr<Network> networkOf(const json& architecture, std::int64_t channels = 1) { return test::settledNetwork(architecture, channels); }

// Everything that is added in a network taken away: biases, and what batch norms add.
void withoutBiases(Network& network) {
    const torch::NoGradGuard noGrad;
    for (const auto& item : network.named_parameters()) {
        if (item.key().ends_with("bias")) item.value().zero_();
    }
    for (const auto& item : network.named_buffers()) {
        if (item.key().ends_with("running_mean")) item.value().zero_();
    }
}

std::vector<std::pair<const char*, json>> networks() {
    const json small{{"name", "resnet18"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.125}};
    const json lse{{"name", "multires"}, {"backbone", "resnet18"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.125}};
    json ofMaps = lse, highest = lse;
    ofMaps["pool_class_maps"] = ofMaps["merge_norm"] = true;
    highest["pooling"] = "max";
    return {{"resnet18", small},
            {"resnet50", {{"name", "resnet50"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.0625}}},
            {"densenet", {{"name", "densenet121"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.125}}},
            {"vgg16_bn", {{"name", "vgg16_bn"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.125}, {"hidden", 16}}},
            {"efficientnet", {{"name", "efficientnet_b4"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.25}}},
            {"mlp", {{"name", "mlp"}, {"in_features", 64 * 64}, {"classes", 2}, {"hidden", {20, 10}}}},
            {"multires", lse},
            {"multires of class maps", ofMaps},
            {"multires, largest", highest},
            {"ensemble", {{"name", "ensemble"}, {"members", {small, small}}}}};
}

Question questionOf(Network& network, const Tensor& film, const ExplainOptions& options) {
    Question question{network, film, torch::full_like(film, film.min().item<float>())};
    question.options = options;
    return question;
}

Answer answerTo(const Question& question) {
    auto found = explained(question);
    if (!found.isOk()) qFatal("%s", found.error().message.c_str());
    return std::move(found).value();
}

}  // namespace

class TestBackwardRules : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void scopesKeepForwardValues();
    void relevanceOnPaper();
    void deepLiftOnPaper();
    void guidedOnPaper();
    void layersAddUpUnderDeepLift();
    void layersConserveRelevance();
    void boxIsTheFirstLayersAlone();
    void networksAddUpUnderDeepLift_data();
    void networksAddUpUnderDeepLift();
    void networksConserveRelevance_data();
    void networksConserveRelevance();
    void maskedFilmsAreExplainedWhereTheyAre();
};

void TestBackwardRules::scopesKeepForwardValues() {
    torch::manual_seed(1);
    const auto film = torch::randn({2, 1, 64, 64}, torch::kDouble);
    for (const auto& [name, architecture] : networks()) {
        const auto network = networkOf(architecture);
        network->to(torch::kDouble);  // settled on four films, deep networks make 1e-3 of single precision's last bit
        const torch::NoGradGuard noGrad;
        const auto plain = network->forward(film).logits;
        for (const auto rule : {BackwardRule::Plain, BackwardRule::DeepLift, BackwardRule::LrpGamma, BackwardRule::Guided}) {
            LayerMode mode;
            mode.rule = rule;
            const LayerScope scope(mode);
            const double difference = largestDifference(network->forward(film).logits, plain) / plain.abs().max().item<double>();
            QVERIFY2(difference < 1e-9, qPrintable(QString("%1: %2").arg(name).arg(difference)));
        }
    }
    QVERIFY(nn::layerMode() == nullptr);
    LayerMode outer, inner;
    const LayerScope first(outer);
    {
        const LayerScope second(inner);
        QVERIFY(nn::layerMode() == &inner);
    }
    QVERIFY(nn::layerMode() == &outer);
}

// x = (1, 2), w = (3, -1), b = 1: z = 2. Relevance 4 comes in.
void TestBackwardRules::relevanceOnPaper() {
    tnn::Linear layer(2, 1);
    {
        const torch::NoGradGuard noGrad;
        layer->weight.copy_(torch::tensor({{3.0F, -1.0F}}));
        layer->bias.fill_(1);
    }
    const Layer f = [&](const Tensor& x) { return nn::linear(layer, x); };
    const auto x = torch::tensor({{1.0F, 2.0F}}), r = torch::tensor({{4.0F}});
    LayerMode mode;
    mode.rule = BackwardRule::LrpEpsilon;
    mode.epsilon = 2;  // 4 / (2 + 2)
    QVERIFY(largestDifference(flowThrough(f, x, r, mode), torch::tensor({{3.0F, -2.0F}})) < 1e-6);
    mode.rule = BackwardRule::LrpAlpha1Beta0;  // z+ = 3, with the bias 4
    QVERIFY(largestDifference(flowThrough(f, x, r, mode), torch::tensor({{3.0F, 0.0F}})) < 1e-6);
    QVERIFY(largestDifference(flowThrough(f, -x, r, mode), torch::tensor({{0.0F, 4.0F * 2 / 3}})) < 1e-6);  // (-2) (-1), with the bias 3
    mode.rule = BackwardRule::LrpGamma;
    mode.gamma = 1;  // weights 6, -1: z = 6 - 2 + 1
    QVERIFY(largestDifference(flowThrough(f, x, r, mode), torch::tensor({{24.0F / 5, -8.0F / 5}})) < 1e-6);
    mode.isBoxFirst = true;  // l = 1, h = 2: parts 3 - 1 * 3 = 0 and -2 + 2 * 1 = 0 of w x - l w+ - h w-: (0, 0)
    const auto wide = torch::tensor({{2.0F, 1.0F}});  // l = 1, h = 2: (6 - 3, -1 + 2) = (3, 1)
    QVERIFY(largestDifference(flowThrough(f, wide, r, mode), torch::tensor({{3.0F, 1.0F}})) < 1e-5);
}

void TestBackwardRules::deepLiftOnPaper() {
    LayerMode mode;
    mode.rule = BackwardRule::DeepLift;
    // ReLU from -1 to 3: multiplier 3 / 4; from 2 to 2: the derivative; from -3 to -1: nothing.
    const auto both = torch::tensor({{3.0F, 2.0F, -1.0F}, {-1.0F, 2.0F, -3.0F}}), start = torch::tensor({{1.0F, 1.0F, 1.0F}, {0.0F, 0.0F, 0.0F}});
    const auto m = flowThrough([](const Tensor& x) { return nn::rectified(x); }, both, start, mode);
    QVERIFY(largestDifference(m[0], torch::tensor({0.75F, 1.0F, 0.0F})) < 1e-6);
    // Max of (5, 1) against (2, 4): from 4 to 5 by the first cell, whose change is 3. Of (1, 2) against (4, 3): from 4 to 2, by the first cell.
    const auto pairs = torch::tensor({5.0F, 1.0F, 1.0F, 2.0F, 2.0F, 4.0F, 4.0F, 3.0F}).view({2, 1, 2, 2});
    const Layer rows = [](const Tensor& x) { return nn::globalMax(x.view({2, 2, 1, 2})); };
    const auto shares = flowThrough(rows, pairs, torch::tensor({{1.0F, 1.0F}, {0.0F, 0.0F}}), mode)[0].flatten();
    QVERIFY(largestDifference(shares, torch::tensor({1.0F / 3, 0.0F, 2.0F / 3, 0.0F})) < 1e-6);
}

void TestBackwardRules::guidedOnPaper() {
    LayerMode mode;
    mode.rule = BackwardRule::Guided;
    const auto x = torch::tensor({1.0F, -1.0F, 2.0F, 3.0F}), start = torch::tensor({1.0F, 1.0F, -1.0F, 2.0F});
    QVERIFY(largestDifference(flowThrough([](const Tensor& a) { return nn::rectified(a); }, x, start, mode), torch::tensor({1.0F, 0.0F, 0.0F, 2.0F})) == 0);
}

void TestBackwardRules::layersAddUpUnderDeepLift() {
    torch::manual_seed(1);
    const auto film = torch::randn({1, 4, 9, 9}), baseline = torch::randn({1, 4, 9, 9});
    const std::vector<std::pair<const char*, Layer>> layers{
        {"ReLU", [](const Tensor& x) { return nn::rectified(x); }},
        {"SELU", [](const Tensor& x) { return nn::elementwise(x, [](const Tensor& a) { return torch::selu(a); }); }},
        {"SiLU", [](const Tensor& x) { return nn::activated(x.clone(), nn::Activation::Silu); }},
        {"max pooling", [](const Tensor& x) { return nn::maxPooled(x, 2, 2); }},
        {"overlapping max pooling", [](const Tensor& x) { return nn::maxPooled(x, 3, 2, 1); }},
        {"largest", [](const Tensor& x) { return nn::globalMax(x); }},
        {"Log-Sum-Exp", [](const Tensor& x) { return nn::logSumExpPool(x, 10); }},
        {"product", [](const Tensor& x) { return nn::gated(x, nn::elementwise(x.mean(std::vector<std::int64_t>{2, 3}, true), [](const Tensor& a) { return torch::sigmoid(a); })); }},
        {"sum", [](const Tensor& x) { return nn::added(x.clone(), nn::rectified(2 * x)); }},
        {"concatenation", [](const Tensor& x) { return nn::rectified(torch::cat({x, 3 * x}, 1)); }}};
    for (const auto& [name, layer] : layers) {
        const double missing = missingInDeepLift(layer, film, baseline);
        QVERIFY2(missing < 1e-3, qPrintable(QString("%1: %2").arg(name).arg(missing)));
    }
}

void TestBackwardRules::layersConserveRelevance() {
    torch::manual_seed(2);
    const auto x = torch::rand({2, 4, 8, 8}) + 0.1;
    tnn::Conv2d convolution(tnn::Conv2dOptions(4, 6, 3).stride(2).padding(1).bias(false)), grouped(tnn::Conv2dOptions(4, 4, 3).groups(4).dilation(2).bias(false));
    {
        const torch::NoGradGuard noGrad;  // sums that are far from 0
        convolution->weight.add_(0.1);
        grouped->weight.add_(0.2);
    }
    tnn::BatchNorm2d none{nullptr}, norm(4);
    norm->eval();
    const std::vector<std::pair<const char*, Layer>> layers{
        {"convolution", [&](const Tensor& a) { return nn::convolved(convolution, none, a); }},
        {"grouped convolution", [&](const Tensor& a) { return nn::convolved(grouped, none, a); }},
        {"1x1", [](const Tensor& a) { return nn::convolved1x1(a, torch::full({3, 4, 1, 1}, 0.5F)); }},
        {"norm", [&](const Tensor& a) { return nn::normed(norm, a); }},
        {"activation", [](const Tensor& a) { return nn::rectified(a); }},
        {"max pooling", [](const Tensor& a) { return nn::maxPooled(a, 3, 2, 1); }},
        {"largest", [](const Tensor& a) { return nn::globalMax(a); }},
        {"mean", [](const Tensor& a) { return nn::weightedMeans(a, [](const Tensor& b) { return torch::mean(b, {2, 3}); }); }},
        {"Log-Sum-Exp", [](const Tensor& a) { return nn::logSumExpPool(a, 10); }},
        {"sum", [](const Tensor& a) { return nn::added(a.clone(), nn::rectified(a)); }},
        {"ensemble", [](const Tensor& a) { return nn::averaged({a, nn::rectified(a), a}); }},
        {"gate", [](const Tensor& a) { return nn::gated(a, torch::full({2, 4, 1, 1}, 0.3F).set_requires_grad(true)); }},
        {"concatenation", [](const Tensor& a) { return torch::cat({a, nn::rectified(a)}, 1); }}};
    for (const auto& [name, layer] : layers) {
        for (const auto rule : kRelevance) {
            const double kept = keptByRelevance(layer, x, rule);
            QVERIFY2(std::abs(kept - 1) < 1e-3, qPrintable(QString("%1, rule %2: %3").arg(name).arg(static_cast<int>(rule)).arg(kept)));
        }
    }
    const auto signedFilm = torch::randn({2, 4, 8, 8});
    QVERIFY(std::abs(keptByRelevance(layers[0].second, signedFilm, BackwardRule::LrpGamma, /*isBox=*/true) - 1) < 1e-3);
    // The winner takes all that the largest cell got, and only it.
    LayerMode mode;
    mode.rule = BackwardRule::LrpEpsilon;
    const auto row = torch::tensor({1.0F, 5.0F, 2.0F, 3.0F}).view({1, 1, 2, 2});
    const auto taken = flowThrough([](const Tensor& a) { return nn::maxPooled(a, 2, 2); }, row, torch::ones({1, 1, 1, 1}), mode);
    QVERIFY(largestDifference(taken.flatten(), torch::tensor({0.0F, 1.0F, 0.0F, 0.0F})) == 0);
}

void TestBackwardRules::boxIsTheFirstLayersAlone() {
    const auto network = networkOf({{"name", "vgg16"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.125}, {"hidden", 16}});
    const auto film = torch::randn({1, 1, 64, 64});
    const auto plain = answerTo(questionOf(*network, film, {.method = ExplainMethod::LrpAlpha1Beta0}));
    const auto box = answerTo(questionOf(*network, film, {.method = ExplainMethod::LrpAlpha1Beta0, .isBoxFirst = true}));
    QVERIFY(largestDifference(plain.cells, box.cells) > 0.01 * plain.cells.abs().max().item<double>());
    QVERIFY((box.cells >= -1e-4 * box.cells.max().item<double>()).all().item<bool>());  // z-box parts are never negative
}

void TestBackwardRules::networksAddUpUnderDeepLift_data() {
    QTest::addColumn<QString>("architecture");
    for (const auto& [name, architecture] : networks()) QTest::newRow(name) << QString::fromStdString(architecture.dump());
}

void TestBackwardRules::networksAddUpUnderDeepLift() {
    QFETCH(QString, architecture);
    const auto network = networkOf(json::parse(architecture.toStdString()));
    const auto found = answerTo(questionOf(*network, torch::randn({1, 1, 64, 64}), {.method = ExplainMethod::DeepLift}));
    const double change = found.logit - found.baselineLogit;
    QVERIFY2(std::abs(change) > 1e-6 && std::abs(found.convergenceDelta) < 5e-3 * std::abs(change),
             qPrintable(QString("%1 is missing of %2").arg(found.convergenceDelta).arg(change)));
}

void TestBackwardRules::networksConserveRelevance_data() { networksAddUpUnderDeepLift_data(); }

// Without biases all of the logit comes to the film. Epsilon divides by sums that may be near 0: only where none is negative
// (z+ and gamma, of ReLUs) is that exact in single precision.
void TestBackwardRules::networksConserveRelevance() {
    QFETCH(QString, architecture);
    const auto network = networkOf(json::parse(architecture.toStdString()));
    withoutBiases(*network);
    const bool isRectified = traitsOf(*network).isRectified;
    const auto film = torch::rand({1, 1, 64, 64}) + 0.1;
    for (const auto method : {ExplainMethod::LrpEpsilon, ExplainMethod::LrpGamma, ExplainMethod::LrpAlpha1Beta0}) {
        if (!allows(traitsOf(*network), method)) continue;
        const bool isExact = isRectified && method != ExplainMethod::LrpEpsilon;
        const auto found = answerTo(questionOf(*network, film, {.method = method}));
        const double sum = found.cells.to(torch::kDouble).sum().item<double>();
        const double wanted = method == ExplainMethod::LrpAlpha1Beta0 ? std::abs(found.logit) : found.logit;
        QVERIFY2(std::abs(sum - wanted) < (isExact ? 0.01 : 0.05) * std::abs(found.logit) + 1e-6,
                 qPrintable(QString("method %1: %2 of %3").arg(static_cast<int>(method)).arg(sum).arg(wanted)));
    }
}

// S2's film, dark outside of the mask: what the network cannot see gets no more than the dark share.
void TestBackwardRules::maskedFilmsAreExplainedWhereTheyAre() {
    const auto network = networkOf({{"name", "mask_attended"}, {"backbone", "resnet18"}, {"classes", 1}, {"width", 0.125}, {"outside", 0.0}}, 2);
    const auto film = torch::rand({1, 1, 64, 64}), mask = torch::zeros({1, 1, 64, 64});
    mask.slice(2, 16, 48).slice(3, 16, 48).fill_(1);
    const auto planes = torch::cat({film, mask}, 1);
    for (const auto method : {ExplainMethod::DeepLift, ExplainMethod::LrpAlpha1Beta0, ExplainMethod::InputXGradient}) {
        Question question = questionOf(*network, planes, {.method = method});
        question.baseline = torch::cat({torch::zeros_like(film), mask}, 1);
        const auto found = answerTo(question);
        QVERIFY(found.cells.abs().sum().item<double>() > 0);
        QVERIFY((found.cells * (1 - mask[0][0])).abs().max().item<double>() < 1e-6 * found.cells.abs().max().item<double>());
        if (method == ExplainMethod::DeepLift) QVERIFY(std::abs(found.convergenceDelta) < 5e-3 * std::abs(found.logit - found.baselineLogit));
    }
    Question box = questionOf(*network, planes, {.method = ExplainMethod::LrpGamma, .isBoxFirst = true});
    QVERIFY(explained(box).isOk());
}

QTEST_GUILESS_MAIN(TestBackwardRules)
#include "tst_backward_rules.moc"
