// Explanations as a whole: cases solved on paper, completeness, SmoothGrad, partial answers, cancelling, options, traits.
#include <QTest>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/explain/baseline.h"
#include "core/explain/explain_output.h"
#include "core/explain/integrated_gradients.h"
#include "core/explain/network_traits.h"
#include "core/explain/smooth_grad.h"
#include "core/nn/architectures.h"
#include "core/nn/weights.h"
#include "tests/support/network_checks.h"
#include "tests/support/settled_network.h"

using namespace cxr;
using namespace cxr::explain;
using nn::Network;
using nn::NetworkOutput;
using nn::StopCheck;
using test::largestDifference;
using torch::Tensor;

namespace {

// f_0 = sum of w x^2 over all cells, f_1 = sum of w x.
struct SumOfSquares : Network {
    Tensor weights;
    std::int64_t largestBatch = 0;
    NetworkOutput forward(const Tensor& input, const StopCheck& stop) override {
        nn::throwIfStopped(stop);
        largestBatch = std::max(largestBatch, input.size(0));
        const auto squares = (weights * input * input).sum({1, 2, 3}), plain = (weights * input).sum({1, 2, 3});
        NetworkOutput output;
        output.logits = torch::stack({squares, plain}, 1);
        return output;
    }
    void foldBatchNorm() override {}
};

// Answers the same whatever it reads.
struct Constant : Network {
    NetworkOutput forward(const Tensor& input, const StopCheck&) override {
        NetworkOutput output;
        output.logits = torch::ones({input.size(0), 1});
        return output;
    }
    void foldBatchNorm() override {}
};

std::shared_ptr<Network> networkOf(const nlohmann::json& architecture) { return test::settledNetwork(architecture, 1); }

std::shared_ptr<Network> smallResNet() { return networkOf({{"name", "resnet18"}, {"in_channels", 1}, {"classes", 3}, {"width", 0.125}}); }

Tensor film() {
    torch::manual_seed(11);
    return torch::randn({1, 1, 64, 64});
}

Question questionOf(Network& network, const Tensor& input, const ExplainOptions& options, std::int64_t index = 0) {
    Question question{network, input, torch::zeros_like(input)};
    question.filmChannels = input.size(1);
    question.index = index;
    question.options = options;
    return question;
}

Answer answerTo(const Question& question) {
    auto found = explained(question);
    if (!found.isOk()) qFatal("%s", found.error().message.c_str());
    return std::move(found).value();
}

double sumOf(const Answer& answer) { return answer.cells.to(torch::kDouble).sum().item<double>(); }

}  // namespace

class TestExplanations : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void nodesAreExactForPolynomials();
    void solvedOnPaper();
    void integratedGradientsAreComplete();
    void foldingAndChannelsChangeNothing();
    void masksGetNoShare();
    void occlusionSolvedOnPaper();
    void classMapsAreTheNetworks();
    void gradCamOfPooledMapsIsTheRectifiedCam();
    void ensemblesAreOneNetwork();
    void smoothGradIsTheMeanOverNoisyFilms();
    void partialAnswersComeNearer();
    void firstPartialAnswerWaitsForNoSecondChunk();
    void baselinesKeepMargins();
    void weightsGetNoGradients();
    void stopsBetweenLayersForwardAndBackward();
    void saysWhenThereAreNoGradients();
    void optionsHaveRanges();
    void drawnWeightsAreOthersAndRepeatable();
    void traitsFollowTheArchitecture();
};

// n nodes integrate x^(2n-1) on [0, 1] exactly: 1 / 2n.
void TestExplanations::nodesAreExactForPolynomials() {
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
    const auto four = trapezoid(4);
    QCOMPARE(four.first, (std::vector<double>{0, 1.0 / 3, 2.0 / 3, 1}));
    QCOMPARE(four.second, (std::vector<double>{0.125, 0.25, 0.25, 0.125}));
}

// f_0: sensitivity |2 w x|, input times gradient 2 w x (x - x'), integrated w (x^2 - x'^2); f_1: w, both w (x - x').
void TestExplanations::solvedOnPaper() {
    SumOfSquares network;
    network.weights = torch::tensor({1.0F, -2.0F, 0.5F, 3.0F}).view({1, 1, 2, 2});
    const auto x = torch::tensor({1.0F, 2.0F, -4.0F, 0.0F}).view({1, 1, 2, 2}), base = torch::full_like(x, -1.0F);
    const auto w = network.weights, change = x - base;
    const auto ask = [&](const ExplainOptions& options, std::int64_t index) {
        Question question = questionOf(network, x, options, index);
        question.baseline = base;
        return answerTo(question);
    };
    const auto first = ask({.method = ExplainMethod::InputXGradient}, 0);
    QVERIFY(largestDifference(first.cells, (2 * w * x * change)[0][0]) < 1e-6);
    QCOMPARE(first.logit, 1.0 - 8.0 + 8.0);
    QCOMPARE(first.baselineLogit, 1.0 - 2.0 + 0.5 + 3.0);
    QVERIFY(largestDifference(ask({.method = ExplainMethod::Sensitivity}, 0).cells, (2 * w * x)[0][0].abs()) < 1e-6);
    const auto integrated = ask({.method = ExplainMethod::IntegratedGradients, .steps = 1}, 0);
    QVERIFY(largestDifference(integrated.cells, (w * (x * x - base * base))[0][0]) < 1e-5);
    QVERIFY(std::abs(integrated.convergenceDelta) < 1e-5);
    for (const auto method : {ExplainMethod::InputXGradient, ExplainMethod::IntegratedGradients}) {
        QVERIFY(largestDifference(ask({.method = method, .steps = 3}, 1).cells, (w * change)[0][0]) < 1e-5);
    }
    // Of a straight line the trapezoid rule misses 1/n, as its weights say.
    const auto trapezoidal = ask({.method = ExplainMethod::IntegratedGradients, .steps = 4, .rule = IntegralRule::Trapezoid}, 1);
    QVERIFY(largestDifference(trapezoidal.cells, (0.75 * w * change)[0][0]) < 1e-5);
    QVERIFY(std::abs(trapezoidal.convergenceDelta + 0.25 * (trapezoidal.logit - trapezoidal.baselineLogit)) < 1e-5);
}

// Sundararajan et al., proposition 1: the cells sum to f(x) - f(x'). A network of ReLUs has kinks: more steps come nearer.
void TestExplanations::integratedGradientsAreComplete() {
    const auto network = smallResNet();
    const auto x = film();
    const auto ask = [&](const ExplainOptions& options) {
        Question question = questionOf(*network, x, options, 1);
        question.baseline = torch::full_like(x, x.min().item<float>());
        return answerTo(question);
    };
    const auto found = ask({.method = ExplainMethod::IntegratedGradients, .steps = 200});
    const double change = found.logit - found.baselineLogit;
    QVERIFY2(std::abs(found.convergenceDelta) < 0.02 * std::abs(change), qPrintable(QString("%1 of %2").arg(found.convergenceDelta).arg(change)));
    QVERIFY(std::abs(found.convergenceDelta - (sumOf(found) - change)) < 1e-6);
    const auto plain = ask({.method = ExplainMethod::InputXGradient});
    QVERIFY2(std::abs(sumOf(plain) - change) > 0.02 * std::abs(change), "the path decides nothing here: choose another film");
}

void TestExplanations::foldingAndChannelsChangeNothing() {
    const auto network = smallResNet();
    std::vector<Answer> before;
    const std::vector<ExplainOptions> all{{.method = ExplainMethod::IntegratedGradients, .steps = 8}, {.method = ExplainMethod::DeepLift},
                                          {.method = ExplainMethod::LrpEpsilon, .epsilon = 1e-3},   {.method = ExplainMethod::LrpAlpha1Beta0},
                                          {.method = ExplainMethod::LrpGamma, .isBoxFirst = true},  {.method = ExplainMethod::GuidedBackpropagation},
                                          {.method = ExplainMethod::GradCam},                       {.method = ExplainMethod::Cam}};
    for (const auto& options : all) before.push_back(answerTo(questionOf(*network, film(), options, 2)));
    network->foldBatchNorm();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto after = answerTo(questionOf(*network, film(), all[i], 2)).cells;
        const double difference = largestDifference(before[i].cells, after) / before[i].cells.abs().max().item<double>();
        QVERIFY2(difference < 2e-3, qPrintable(QString("method %1: %2").arg(i).arg(difference)));
    }
    SumOfSquares two;  // two channels of one film count together
    two.weights = torch::ones({1, 2, 2, 2});
    const auto wide = torch::arange(8, torch::kFloat).view({1, 2, 2, 2});
    const auto cells = answerTo(questionOf(two, wide, {.method = ExplainMethod::InputXGradient}, 1)).cells;
    QVERIFY(largestDifference(cells, wide[0].sum(0)) < 1e-5);
}

void TestExplanations::masksGetNoShare() {
    SumOfSquares network;
    network.weights = torch::ones({1, 2, 4, 4});
    const auto planes = torch::rand({1, 2, 4, 4});
    for (const auto method : {ExplainMethod::InputXGradient, ExplainMethod::Sensitivity, ExplainMethod::Occlusion}) {
        Question question = questionOf(network, planes, {.method = method, .patch = 1, .stride = 1}, 1);
        question.filmChannels = 1;
        question.baseline = torch::cat({torch::zeros({1, 1, 4, 4}), planes.slice(1, 1)}, 1);
        const auto wanted = method == ExplainMethod::Sensitivity ? torch::ones({4, 4}) : planes[0][0];
        QVERIFY(largestDifference(answerTo(question).cells, wanted) < 1e-5);
    }
}

// f_1 with w = 1: a patch takes the sum of its cells; 3 x 3 cells, patches of 2 every cell.
void TestExplanations::occlusionSolvedOnPaper() {
    SumOfSquares network;
    network.weights = torch::ones({1, 1, 3, 3});
    const auto x = torch::arange(9, torch::kFloat).view({1, 1, 3, 3});
    const auto cells = answerTo(questionOf(network, x, {.method = ExplainMethod::Occlusion, .patch = 2, .stride = 1}, 1)).cells;
    // patches: 0+1+3+4 = 8, 1+2+4+5 = 12, 3+4+6+7 = 20, 4+5+7+8 = 24; the middle is in all
    const auto wanted = torch::tensor({8.0F, 10.0F, 12.0F, 14.0F, 16.0F, 18.0F, 20.0F, 22.0F, 24.0F}).view({3, 3});
    QVERIFY(largestDifference(cells, wanted) < 1e-5);
    network.weights = torch::ones({1, 1, 1, 5});  // a HeartSpot vector: patches 0..1, 2..3, 4
    const auto row = torch::tensor({1.0F, 2.0F, 3.0F, 4.0F, 5.0F}).view({1, 1, 1, 5});
    const auto shares = answerTo(questionOf(network, row, {.method = ExplainMethod::Occlusion, .patch = 2, .stride = 2}, 1)).cells;
    QVERIFY(largestDifference(shares, torch::tensor({3.0F, 3.0F, 7.0F, 7.0F, 5.0F}).view({1, 5})) < 1e-5);
}

void TestExplanations::classMapsAreTheNetworks() {
    const auto network = networkOf({{"name", "multires"}, {"backbone", "resnet18"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.125}, {"pcm", true}});
    const torch::NoGradGuard noGrad;
    const auto output = network->forward(film());
    QVERIFY(largestDifference(answerTo(questionOf(*network, film(), {.method = ExplainMethod::Cam}, 1)).cells, output.cams[0][1]) < 1e-5);
    const auto refined = answerTo(questionOf(*network, film(), {.method = ExplainMethod::RefinedCam}, 1));
    QVERIFY(largestDifference(refined.cells, output.refinedCams[0][1]) < 1e-5);
    QVERIFY(std::abs(refined.logit - output.logits[0][1].item<double>()) < 1e-5);
}

// With a global mean and one linear layer, alpha_k = w_k / cells (Selvaraju et al., section 3.1).
void TestExplanations::gradCamOfPooledMapsIsTheRectifiedCam() {
    const auto network = smallResNet();
    const auto x = torch::randn({1, 1, 96, 96});
    double largest = 0;
    for (const std::int64_t output : {0, 1, 2}) {
        const auto cam = answerTo(questionOf(*network, x, {.method = ExplainMethod::Cam}, output));
        const auto grad = answerTo(questionOf(*network, x, {.method = ExplainMethod::GradCam}, output));
        QCOMPARE(cam.cells.numel(), 9);
        QVERIFY(largestDifference(grad.cells * 9, torch::relu(cam.cells)) < 1e-4 * cam.cells.abs().max().item<double>());
        QVERIFY(std::abs(grad.logit - cam.logit) < 1e-5);
        largest = std::max(largest, grad.cells.max().item<double>());
    }
    QVERIFY2(largest > 0, "no map supports its output: choose another film");
}

void TestExplanations::ensemblesAreOneNetwork() {
    const nlohmann::json member{{"name", "resnet18"}, {"in_channels", 1}, {"classes", 2}, {"width", 0.0625}};
    const auto network = networkOf({{"name", "ensemble"}, {"members", {member, member}}});
    const auto x = torch::randn({1, 1, 64, 64});
    std::vector<Tensor> sums(3);
    const std::vector<ExplainMethod> linear{ExplainMethod::InputXGradient, ExplainMethod::DeepLift, ExplainMethod::LrpEpsilon};
    for (const auto& item : network->named_children()["members"]->children()) {
        for (std::size_t i = 0; i < linear.size(); ++i) {
            const auto cells = answerTo(questionOf(dynamic_cast<Network&>(*item), x, {.method = linear[i]})).cells / 2;
            sums[i] = sums[i].defined() ? sums[i] + cells : cells;
        }
    }
    for (std::size_t i = 0; i < linear.size(); ++i) {
        const auto whole = answerTo(questionOf(*network, x, {.method = linear[i]})).cells;
        const double difference = largestDifference(whole, sums[i]) / whole.abs().max().item<double>();
        QVERIFY2(difference < 1e-3, qPrintable(QString("%1: %2").arg(i).arg(difference)));
    }
    const auto cam = answerTo(questionOf(*network, x, {.method = ExplainMethod::Cam})).cells;
    const auto grad = answerTo(questionOf(*network, x, {.method = ExplainMethod::GradCam})).cells;
    QVERIFY(largestDifference(grad * 4, torch::relu(cam)) < 1e-4 * cam.abs().max().item<double>());
}

void TestExplanations::smoothGradIsTheMeanOverNoisyFilms() {
    const auto network = smallResNet();
    for (const auto method : {ExplainMethod::IntegratedGradients, ExplainMethod::Sensitivity, ExplainMethod::Cam, ExplainMethod::DeepLift}) {
        Question smooth = questionOf(*network, film(), {.method = method, .steps = 4, .smoothSamples = 3, .seed = 7});
        Tensor mean;
        for (int s = 0; s < 3; ++s) {
            const auto one = answerTo(questionOf(*network, noisyFilm(smooth, s), {.method = method, .steps = 4})).cells;
            mean = mean.defined() ? mean + one / 3 : one / 3;
        }
        const auto found = answerTo(smooth).cells;
        QVERIFY(largestDifference(found, mean) < 1e-4 * mean.abs().max().item<double>());
        QVERIFY(largestDifference(found, answerTo(smooth).cells) < 1e-5 * mean.abs().max().item<double>());  // the same seed
        smooth.options.seed = 8;
        QVERIFY(largestDifference(found, answerTo(smooth).cells) > 1e-3 * mean.abs().max().item<double>());
    }
    const Question wide = questionOf(*network, torch::rand({1, 1, 100, 100}), {.smoothSamples = 1, .smoothNoise = 0.2});
    const auto noise = noisyFilm(wide, 0) - wide.film;
    const double range = (wide.film.max() - wide.film.min()).item<double>();
    QVERIFY(std::abs(noise.std().item<double>() / (0.2 * range) - 1) < 0.05 && std::abs(noise.mean().item<double>()) < 0.01);
}

// The first part of an integral is a picture of the whole scale already; points go through the network together.
void TestExplanations::partialAnswersComeNearer() {
    SumOfSquares network;
    network.weights = torch::ones({1, 1, 400, 400});
    const auto x = torch::ones({1, 1, 400, 400});
    std::vector<Answer> parts;
    Question question = questionOf(network, x, {.method = ExplainMethod::IntegratedGradients, .steps = 200, .smoothSamples = 4, .smoothNoise = 0}, 0);
    question.partial = [&](const Answer& part) { parts.push_back(part); };
    double told = 0;
    question.progress = [&](double share) {
        QVERIFY(share > told && share <= 1);
        told = share;
    };
    const auto whole = answerTo(question);
    QCOMPARE(told, 1.0);
    QCOMPARE(whole.doneShare, 1.0);
    QVERIFY(largestDifference(whole.cells, x[0][0]) < 1e-4);
    QVERIFY2(!parts.empty(), "800 points of 160,000 cells take longer than a partial answer waits");
    for (const Answer& part : parts) {
        QVERIFY(part.doneShare > 0 && part.doneShare < 1);
        const double farthest = part.doneShare > 0.02 ? 0.5 : 1.01;  // one point alone gives 0 to 2
        QVERIFY2(largestDifference(part.cells, x[0][0]) < farthest, qPrintable(QString("%1 of %2").arg(part.cells.max().item<double>()).arg(part.doneShare)));
        QVERIFY(std::abs(part.logit - whole.logit) < 1e-3 * whole.logit);
    }
    QVERIFY(network.largestBatch > 1);
}

// A busy machine takes long for one point: what it gave is told before the next chunk.
void TestExplanations::firstPartialAnswerWaitsForNoSecondChunk() {
    struct Slow : SumOfSquares {
        NetworkOutput forward(const Tensor& input, const StopCheck& stop) override {
            const auto start = std::chrono::steady_clock::now();
            while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(25)) std::this_thread::yield();
            return SumOfSquares::forward(input, stop);
        }
    } network;
    network.weights = torch::ones({1, 1, 8, 8});
    std::vector<double> shares;
    Question question = questionOf(network, torch::ones({1, 1, 8, 8}), {.method = ExplainMethod::IntegratedGradients, .steps = 5}, 0);
    question.partial = [&](const Answer& part) { shares.push_back(part.doneShare); };
    answerTo(question);
    QVERIFY(!shares.empty());
    QCOMPARE(shares.front(), 0.2);
}

void TestExplanations::baselinesKeepMargins() {
    const auto gray = torch::tensor({0.0F, 0.2F, 0.9F, 0.4F}).view({1, 1, 2, 2});
    const auto shown = torch::tensor({0.0F, -1.5F, 2.0F, -0.5F}).view({1, 1, 2, 2});  // the first cell is margin
    const auto black = torch::tensor({0.0F, -1.5F, -1.5F, -1.5F}).view({1, 1, 2, 2});
    QVERIFY(largestDifference(blackFilm(shown, gray), black) == 0);
    QVERIFY(largestDifference(blackFilm(shown.expand({-1, 3, -1, -1}), gray), black.expand({-1, 3, -1, -1})) == 0);
    ModelInput input;
    input.framing = "letterbox";
    input.normalisation = "film-z-score";
    ExplainOptions options;
    QVERIFY(largestDifference(baselineOf(gray, shown, input, options), black) == 0);
    options.baseline = ExplainBaseline::Zero;
    QVERIFY(baselineOf(gray, shown, input, options).abs().max().item<double>() == 0);
    // 5 x - 2.5 took the film to what is read; the same line takes other planes, and the margin stays.
    options.baselinePlanes = {0.5F, 0.5F, 0.5F, 0.1F};
    QVERIFY(largestDifference(baselineOf(gray, shown, input, options), torch::tensor({0.0F, 0.0F, 0.0F, -2.0F}).view({1, 1, 2, 2})) < 1e-5);
    input.normalisation = "unit";
    input.channels = 3;
    QVERIFY(largestDifference(baselineOf(gray, gray.expand({-1, 3, -1, -1}), input, options)[0][2], torch::tensor(options.baselinePlanes).view({2, 2})) == 0);
}

void TestExplanations::weightsGetNoGradients() {
    const auto network = smallResNet();
    const torch::NoGradGuard noGrad;  // as a caller that predicts may have it
    for (const auto method : {ExplainMethod::IntegratedGradients, ExplainMethod::DeepLift, ExplainMethod::LrpGamma, ExplainMethod::GradCam}) {
        const auto found = answerTo(questionOf(*network, torch::randn({1, 1, 64, 64}), {.method = method, .steps = 2}));
        QVERIFY(found.cells.abs().sum().item<double>() > 0);
        QVERIFY(!found.cells.requires_grad());
    }
    for (const auto& parameter : network->parameters()) QVERIFY(!parameter.grad().defined());
}

// `stop` turns true at a question somewhere in the work: it is the last question.
void TestExplanations::stopsBetweenLayersForwardAndBackward() {
    const auto network = smallResNet();
    for (const auto method : {ExplainMethod::IntegratedGradients, ExplainMethod::DeepLift, ExplainMethod::LrpAlpha1Beta0, ExplainMethod::Occlusion, ExplainMethod::GradCam}) {
        int asked = 0, limit = 1 << 30;
        Question question = questionOf(*network, torch::randn({1, 1, 64, 64}), {.method = method, .steps = 3, .patch = 32, .stride = 32});
        question.stop = [&] { return ++asked > limit; };
        (void)answerTo(question);
        const int all = asked;
        QVERIFY2(all > 20, qPrintable(QString::number(all)));  // layers of one pass, and more
        for (const int n : {0, 5, all / 2}) {  // how many points go together depends on the time, so that `all` varies
            asked = 0;
            limit = n;
            bool wasStopped = false;
            try {
                (void)explained(question);
            } catch (const nn::NetworkCancelled&) {
                wasStopped = true;
            }
            QVERIFY2(wasStopped && asked == n + 1, qPrintable(QString("asked %1 of %2").arg(asked).arg(n)));
        }
    }
    QVERIFY(nn::layerMode() == nullptr);
}

void TestExplanations::saysWhenThereAreNoGradients() {
    Constant network;
    const auto x = torch::ones({1, 1, 2, 2});
    for (const auto method : {ExplainMethod::IntegratedGradients, ExplainMethod::Sensitivity, ExplainMethod::Cam, ExplainMethod::RefinedCam, ExplainMethod::GradCam}) {
        const auto found = explained(questionOf(network, x, {.method = method}));
        QVERIFY(!found.isOk());
        QCOMPARE(found.error().code, ErrorCode::Unsupported);
    }
    QVERIFY(sumOf(answerTo(questionOf(network, x, {.method = ExplainMethod::Occlusion}))) == 0);
}

void TestExplanations::optionsHaveRanges() {
    QVERIFY(checkOptions({}).isOk());
    QVERIFY(checkOptions({.steps = 512, .smoothSamples = 512, .smoothNoise = 0, .gamma = 0, .patch = 1, .stride = 1}).isOk());
    const float nan = std::nanf("");
    const std::vector<ExplainOptions> wrong{
        {.steps = 0}, {.steps = 513}, {.steps = 1, .rule = IntegralRule::Trapezoid}, {.smoothSamples = -1}, {.smoothSamples = 513}, {.smoothNoise = -0.1},
        {.smoothNoise = static_cast<double>(nan)}, {.epsilon = 0}, {.gamma = -1}, {.patch = 0}, {.stride = 0}, {.patch = 4, .stride = 5}, {.baselinePlanes = {nan}}};
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        const auto checked = checkOptions(wrong[i]);
        QVERIFY2(!checked.isOk() && checked.error().code == ErrorCode::InvalidArgument, qPrintable(QString::number(i)));
    }
}

void TestExplanations::drawnWeightsAreOthersAndRepeatable() {
    const auto original = smallResNet(), a = smallResNet(), b = smallResNet();
    nn::drawWeights(*a, 3);
    nn::drawWeights(*b, 3);
    const ExplainOptions options{.method = ExplainMethod::InputXGradient};
    const auto before = answerTo(questionOf(*original, film(), options)).cells, drawn = answerTo(questionOf(*a, film(), options)).cells;
    QVERIFY(largestDifference(drawn, answerTo(questionOf(*b, film(), options)).cells) < 1e-6);
    const auto like = [](const Tensor& x, const Tensor& y) { return std::abs((x * y).sum().item<double>()) / std::sqrt(x.square().sum().item<double>() * y.square().sum().item<double>()); };
    QVERIFY(like(before, drawn) < 0.5 && like(before, before) > 0.99);
    const auto weight = [](Network& network) { return network.named_parameters()["conv1.weight"]; };
    QVERIFY(std::abs(weight(*a).std().item<double>() / weight(*original).std().item<double>() - 1) < 0.2);
}

void TestExplanations::traitsFollowTheArchitecture() {
    const auto allowed = [](const nlohmann::json& architecture, ExplainMethod method) {
        const auto network = nn::makeNetwork(architecture);
        return network.isOk() && allows(traitsOf(*network.value()), method);
    };
    const nlohmann::json resnet{{"name", "resnet18"}, {"width", 0.0625}}, vgg{{"name", "vgg16"}, {"width", 0.0625}, {"hidden", 8}};
    using M = ExplainMethod;
    QVERIFY(allowed(resnet, M::Cam) && allowed(resnet, M::LrpGamma) && allowed(resnet, M::GuidedBackpropagation) && !allowed(resnet, M::RefinedCam));
    QVERIFY(!allowed(vgg, M::Cam) && allowed(vgg, M::GradCam) && allowed(vgg, M::DeepLift));
    const nlohmann::json efficient{{"name", "efficientnet_b4"}, {"width", 0.125}}, mlp{{"name", "mlp"}, {"in_features", 8}, {"hidden", {4}}};
    QVERIFY(allowed(efficient, M::DeepLift) && !allowed(efficient, M::GuidedBackpropagation));
    QVERIFY(allowed(mlp, M::LrpEpsilon) && !allowed(mlp, M::LrpGamma) && !allowed(efficient, M::LrpAlpha1Beta0) && !allowed(mlp, M::GradCam) && !allowed(mlp, M::GuidedBackpropagation));
    const nlohmann::json glimpse{{"name", "glimpse"}, {"context", resnet}, {"reader", resnet}};
    QVERIFY(!allowed(glimpse, M::DeepLift) && !allowed(glimpse, M::GradCam) && allowed(glimpse, M::IntegratedGradients) && allowed(glimpse, M::Occlusion));
    QVERIFY(!allowed({{"name", "ensemble"}, {"members", {resnet, vgg}}}, M::Cam));
    const nlohmann::json multires{{"name", "multires"}, {"backbone", "resnet18"}, {"width", 0.0625}, {"pcm", true}};
    QVERIFY(allowed(multires, M::RefinedCam) && allowed({{"name", "ensemble"}, {"members", {multires, multires}}}, M::RefinedCam));
    QVERIFY(allowed({{"name", "mask_attended"}, {"backbone", "resnet18"}, {"width", 0.0625}}, M::Cam));
}

QTEST_GUILESS_MAIN(TestExplanations)
#include "tst_explanations.moc"
