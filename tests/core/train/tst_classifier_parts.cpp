// The parts of classifier training on paper: losses, equivariance, sampling, augmentation, normalisation, AUC, gradients
// of parts that add up to the whole.
#include <torch/torch.h>

#include <ATen/CPUGeneratorImpl.h>
#include <QTest>
#include <cmath>
#include <set>

#include "core/nn/architectures.h"
#include "core/nn/planes_input.h"
#include "core/nn/weights.h"
#include "core/train/classifier_losses.h"
#include "core/train/classifier_task.h"
#include "core/train/equivariance.h"
#include "core/train/planes_augment.h"
#include "core/train/rank_auc.h"
#include "core/train/schedule.h"

using namespace cxr;
using namespace cxr::train;

namespace {

const float kNan = std::nanf("");

at::Generator seeded(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

double lossOf(LossOptions options, const torch::Tensor& logits, const torch::Tensor& labels) {
    return classifierLoss(logits, labels, countLabels(labels), options).item<double>();
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

bool isNear(double a, double b, double reach = 1e-5) { return std::abs(a - b) < reach; }

ModelInput thorax(const std::vector<std::string>& planes = {"film"}) {
    ModelInput input;
    input.size = 32;
    input.channels = static_cast<int>(planes.size());
    input.framing = "thorax";
    input.normalisation = "unit";
    input.planes = planes;
    return input;
}

double largest(const torch::Tensor& difference) { return difference.abs().max().item<double>(); }

}  // namespace

class TestClassifierParts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void bceOnPaper() {
        const auto logits = torch::tensor({{2.0F, -1.0F}, {0.5F, 3.0F}});
        const auto labels = torch::tensor({{1.0F, kNan}, {0.25F, 0.0F}});
        const double soft = -0.25 * std::log(sigmoid(0.5)) - 0.75 * std::log(sigmoid(-0.5));
        const double expected = (-std::log(sigmoid(2)) + soft - std::log(sigmoid(-3))) / 3;
        QVERIFY(isNear(lossOf({}, logits, labels), expected));
        LossOptions doubled;
        doubled.weight = 2;
        QVERIFY(isNear(lossOf(doubled, logits, labels), 2 * expected));
        LossOptions smooth;
        smooth.labelSmoothing = 0.2;
        const double p = sigmoid(2);
        QVERIFY(isNear(lossOf(smooth, torch::tensor({{2.0F}}), torch::tensor({{1.0F}})), -0.9 * std::log(p) - 0.1 * std::log(1 - p)));
    }

    void softMarginIsAMeanOverFilms() {
        LossOptions options;
        options.kind = LossKind::SoftMargin;
        options.positiveWeight = 1.5;
        const auto logits = torch::tensor({{2.0F, -1.0F}, {0.5F, 3.0F}});
        const auto labels = torch::tensor({{1.0F, kNan}, {1.0F, 0.0F}});
        const double first = -1.5 * std::log(sigmoid(2)), second = (-1.5 * std::log(sigmoid(0.5)) - std::log(sigmoid(-3))) / 2;
        QVERIFY(isNear(lossOf(options, logits, labels), (first + second) / 2));
    }

    void classWeightsMultiply() {
        LossOptions options;
        options.classWeights = {0, 3};
        const auto logits = torch::tensor({{5.0F, 0.0F}}), labels = torch::tensor({{0.0F, 1.0F}});
        QVERIFY(isNear(lossOf(options, logits, labels), 3 * std::log(2.0) / 2));
    }

    // The first class answers right, the auxiliary one wrong: only the first counts.
    void auxiliaryClassesDoNotScore() {
        auto recipe = parseClassifierRecipe(R"({"task": "classification", "id": "a", "bfloat16": false,
            "architecture": {"name": "mlp", "in_features": 2, "classes": 2, "hidden": [2]},
            "input": {"size": 32, "framing": "heartspot-vector", "normalisation": "unit"},
            "classes": [{"name": "A", "weight": 2}, {"name": "B", "auxiliary": true}], "stages": [{"size": 32}]})").value();
        QCOMPARE(recipe.loss.classWeights, (std::vector<double>{2, 1}));
        ClassifierTrainRequest request;
        request.channels = request.height = 1;
        request.width = 2;
        for (int i = 0; i < 2; ++i) {
            LabelledInput film;
            film.planes = {static_cast<std::uint8_t>(255 * i), static_cast<std::uint8_t>(255 * i)};
            film.labels = {static_cast<float>(i), static_cast<float>(i)};
            request.films.push_back(film);
        }
        const auto data = ClassifierDataset::fromRequest(request, 2);
        Split split;
        split.training = split.monitor = {0, 1};
        const auto network = nn::makeNetwork(recipe.architecture).value();
        {
            const torch::NoGradGuard noGrad;
            for (auto& item : network->named_parameters()) {
                if (item.value().dim() != 2) continue;
                const bool isLast = item.key().starts_with("output");
                item.value().copy_(isLast ? torch::tensor({{1.0F, 1.0F}, {-1.0F, -1.0F}}) : torch::eye(2));
            }
        }
        ClassifierTask task(recipe, data.value(), split, torch::kCPU);
        task.enter(recipe.stages[0]);
        QCOMPARE(task.watch(*network, {}).score, 1.0);
        recipe.pack.outputs[1].isAuxiliary = false;
        QCOMPARE(task.watch(*network, {}).score, 0.5);
    }

    // Three films, class 0 with one positive of three, class 1 with one of two known: weights 3, 3/2 and 2, 2.
    void weightedBceOnPaper() {
        LossOptions options;
        options.kind = LossKind::WeightedBce;
        const auto labels = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}, {0.0F, kNan}});
        const auto counts = countLabels(labels);
        QVERIFY(torch::equal(counts.positives, torch::tensor({1.0F, 1.0F})));
        QVERIFY(torch::equal(counts.negatives, torch::tensor({2.0F, 1.0F})));
        const double half = std::log(2.0);  // all logits 0
        QVERIFY(isNear(lossOf(options, torch::zeros({3, 2}), labels), (3 + 2 * 1.5 + 2 + 2) * half / 3));
    }

    void focalOnPaper() {
        LossOptions options;
        options.kind = LossKind::Focal;
        const double p = sigmoid(2);
        const auto logits = torch::tensor({{2.0F, 2.0F}}), labels = torch::tensor({{1.0F, 0.0F}});
        const double expected = (-(1 - p) * (1 - p) * std::log(p) - p * p * std::log(1 - p)) / 2;
        QVERIFY(isNear(lossOf(options, logits, labels), expected));
    }

    void unknownLabelsTeachNothing_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("bce") << int(LossKind::Bce);
        QTest::newRow("weighted-bce") << int(LossKind::WeightedBce);
        QTest::newRow("soft-margin") << int(LossKind::SoftMargin);
        QTest::newRow("focal") << int(LossKind::Focal);
    }
    void unknownLabelsTeachNothing() {
        QFETCH(int, kind);
        LossOptions options;
        options.kind = static_cast<LossKind>(kind);
        options.labelSmoothing = 0.1;
        const auto logits = torch::tensor({{50.0F, -1.0F}, {0.5F, -90.0F}}).requires_grad_(true);
        const auto labels = torch::tensor({{1.0F, kNan}, {kNan, kNan}});
        const auto loss = classifierLoss(logits, labels, countLabels(labels), options);
        loss.backward();
        QVERIFY(std::isfinite(loss.item<double>()));
        QVERIFY(torch::isfinite(logits.grad()).all().item<bool>());
        QCOMPARE(largest(logits.grad()[1]), 0.0);
        QCOMPARE(logits.grad()[0][1].item<float>(), 0.0F);
        QCOMPARE(lossOf(options, logits.detach(), torch::full({2, 2}, kNan)), 0.0);
    }

    void partsOfAStepAddUp_data() { unknownLabelsTeachNothing_data(); }
    void partsOfAStepAddUp() {
        QFETCH(int, kind);
        LossOptions options;
        options.kind = static_cast<LossKind>(kind);
        torch::manual_seed(1);
        const auto logits = torch::randn({6, 3});
        auto labels = (torch::rand({6, 3}) > 0.5).to(torch::kFloat);
        labels[1][2] = kNan;
        const auto counts = countLabels(labels);
        double sum = 0;
        for (int i = 0; i < 6; i += 2) {
            sum += classifierLoss(logits.slice(0, i, i + 2), labels.slice(0, i, i + 2), counts, options).item<double>();
        }
        QVERIFY(isNear(sum, lossOf(options, logits, labels)));
    }

    // A map that is the film itself turns with it: only resampling twice differs, so smooth films give nearly 0.
    void equivariantMapsCostNothing() {
        const auto row = torch::linspace(-1, 1, 64);
        const auto film = torch::exp(-2 * (row.view({1, 1, -1, 1}).square() + (row.view({1, 1, 1, -1}) - 0.5).square()));
        const auto degrees = torch::tensor({25.0F});
        const Maps straight{film, {}}, turned{rotated(film, degrees), {}};
        QVERIFY(isNear(equivarianceLoss(straight, turned, degrees).item<double>(), 0, 1e-6));
        const Maps blind{film, {}};  // does not turn
        QVERIFY(equivarianceLoss(straight, blind, degrees).item<double>() > 0.1);
        const Maps refined{film, film}, refinedTurned{turned.cams, turned.cams};
        QVERIFY(isNear(equivarianceLoss(refined, refinedTurned, degrees).item<double>(), 0, 1e-6));
    }

    void ninetyDegreesTurnThePicture() {
        const auto film = torch::rand({1, 1, 5, 5});
        const auto turned = rotated(film, torch::tensor({90.0F}));
        const double way = std::min(largest(turned - film.rot90(1, {2, 3})), largest(turned - film.rot90(-1, {2, 3})));
        QVERIFY(way < 1e-5);
    }

    void onlyTheHardestFifthCounts() {
        const auto a = torch::arange(10, torch::kFloat).view({1, 1, 2, 5});  // distances 0..9
        const auto zero = torch::zeros_like(a), all = torch::ones_like(a);
        QVERIFY(isNear(hardestDistance(a, zero, all).item<double>(), 8.5));
        auto some = all.clone();
        some.slice(2, 1).zero_();  // cells 0..4 remain: one of five
        QVERIFY(isNear(hardestDistance(a, zero, some).item<double>(), 4));
    }

    void rankAucOnPaper() {
        const auto logits = torch::tensor({{0.1F, 1.0F}, {0.4F, 1.0F}, {0.35F, 1.0F}, {0.8F, 1.0F}, {9.0F, 1.0F}});
        const auto labels = torch::tensor({{0.0F, 1.0F}, {0.0F, 0.0F}, {1.0F, 1.0F}, {0.9F, 0.0F}, {kNan, 0.0F}});
        const auto auc = rankAuc(logits, labels);
        QVERIFY(isNear(auc[0], 0.75));
        QVERIFY(isNear(auc[1], 0.5));
        QVERIFY(std::isnan(rankAuc(logits, torch::zeros({5, 2}))[0]));
        QVERIFY(isNear(meanOfKnown({0.5, std::nan(""), 1}), 0.75));
    }

    void normalisations() {
        auto input = thorax();
        const auto film = torch::tensor({0.0F, 0.0F, 0.2F, 0.6F}).view({1, 1, 2, 2});
        QVERIFY(torch::equal(nn::normalisedPlanes(film, input), film));
        input.normalisation = "xrv";
        QVERIFY(largest(nn::normalisedPlanes(film, input) - (2 * film - 1) * 1024) < 1e-3);
        input.normalisation = "film-z-score";
        const auto whole = nn::normalisedPlanes(film, input);
        QVERIFY(isNear(whole.mean().item<double>(), 0) && isNear(whole.square().mean().item<double>(), 1));
        input.framing = "letterbox";  // cells of 0 are margin
        const auto inside = nn::normalisedPlanes(film, input).flatten();
        QVERIFY(largest(inside - torch::tensor({0.0F, 0.0F, -1.0F, 1.0F})) < 1e-5);
        input.normalisation = "imagenet";
        input.channels = 3;
        QVERIFY(nn::checkPlanesInput(input).isOk());
        QVERIFY(isNear(nn::normalisedPlanes(film, input)[0][2][1][1].item<double>(), (0.6 - 0.406) / 0.225));
        input.planes = {"film", "heart"};
        QVERIFY(!nn::checkPlanesInput(input).isOk());
    }

    void augmentationKeepsMasksMasks() {
        const auto input = thorax({"film", "heart", "left_lung", "right_lung"});
        auto planes = torch::zeros({4, 4, 32, 32});
        planes.slice(1, 0, 1).uniform_(0.3, 0.7);
        planes.slice(1, 1, 2).slice(2, 8, 24).slice(3, 8, 24).fill_(1);
        at::Generator random = seeded(4);
        const auto views = augmentedPlanes(planes, input, Augmentation{}, random);
        QCOMPARE(views.sizes(), planes.sizes());
        QVERIFY(views.min().item<double>() >= 0 && views.max().item<double>() <= 1);
        QVERIFY(views.slice(1, 1, 2).max().item<double>() > 0.9);
        QCOMPARE(largest(views.slice(1, 2)), 0.0);
        at::Generator first = seeded(5), second = seeded(5);
        QVERIFY(torch::equal(augmentedPlanes(planes, input, Augmentation{}, first), augmentedPlanes(planes, input, Augmentation{}, second)));
    }

    void mirroringChangesTheSidesOver() {
        const auto input = thorax({"film", "left_lung", "right_lung"});
        const auto planes = torch::rand({2, 3, 32, 32});
        Augmentation mirror = weakened(Augmentation{}, 0);
        mirror.mirrorProbability = 1;
        at::Generator random = seeded(1);
        const auto views = augmentedPlanes(planes, input, mirror, random);
        QVERIFY(largest(views - nn::mirroredPlanes(planes, input.planes)) < 1e-3);
        QVERIFY(largest(views.slice(1, 1, 2) - planes.slice(1, 2, 3).flip({3})) < 1e-3);
    }

    void erasingCoversARectangle() {
        Augmentation erase = weakened(Augmentation{}, 0);
        erase.eraseProbability = 1;
        const auto planes = torch::full({8, 2, 64, 64}, 0.5F);
        at::Generator random = seeded(2);
        const auto views = augmentedPlanes(planes, thorax({"film", "heart"}), erase, random);
        for (int i = 0; i < 8; ++i) {
            const double share = (views[i][1] == 0).to(torch::kFloat).mean().item<double>();
            QVERIFY(share > 0.01 && share < 0.2);
        }
    }

    void vectorsAreOnlyJittered() {
        auto input = thorax();
        input.framing = "heartspot-vector";
        Augmentation none = weakened(Augmentation{}, 0), all;
        all.eraseProbability = 1;
        const auto vectors = torch::linspace(0.3, 0.6, 400).view({1, 1, 1, 400});
        at::Generator random = seeded(3);
        QVERIFY(largest(augmentedPlanes(vectors, input, none, random) - vectors) < 1e-6);
        all.noise = 0;
        const auto views = augmentedPlanes(vectors, input, all, random);
        const auto steps = views.diff(1, 3);
        QVERIFY(largest(views - vectors) > 1e-4);
        QVERIFY(largest(steps - steps.mean()) < 1e-5);  // still a straight ramp: order and neighbours are kept
    }

    void balancedSamplingDrawsRareClasses() {
        ClassifierTrainRequest request;
        request.channels = request.height = request.width = 1;
        for (int i = 0; i < 100; ++i) {
            LabelledInput film;
            film.planes = {0};
            film.labels = {i < 2 ? 1.0F : 0.0F, i >= 2 && i < 22 ? 1.0F : kNan};
            request.films.push_back(film);
        }
        const auto data = ClassifierDataset::fromRequest(request, 2);
        std::vector<std::int64_t> films;
        for (int i = 0; i < 100; ++i) films.push_back(i);
        const auto weights = rareClassWeights(data.value(), films);
        QVERIFY(isNear(weights[0], 0.5) && isNear(weights[5], 0.05) && isNear(weights[50], 1.0 / 78));
        int rare = 0;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto order = balancedOrder(films, weights, 1, seed);
            QCOMPARE(order.size(), films.size());
            rare += static_cast<int>(std::count_if(order.begin(), order.end(), [](auto film) { return film < 2; }));
        }
        QVERIFY2(rare > 560 && rare < 780, qPrintable(QString::number(rare)));  // a third of 2000
        const auto plain = balancedOrder(films, {}, 0, 7);
        QCOMPARE(std::set<std::int64_t>(plain.begin(), plain.end()).size(), films.size());
    }

    void loneFilmsJoinTheBatchBefore() {
        QCOMPARE(batches({1, 2, 3, 4, 5}, 2), (std::vector<std::vector<std::int64_t>>{{1, 2}, {3, 4, 5}}));
        QCOMPARE(batches({1}, 2).size(), std::size_t(1));
        QCOMPARE(batches({1, 2, 3}, 1).size(), std::size_t(3));
    }

    // VGG without batch norm or dropout: four films in two passes give the gradient of one pass.
    void accumulationEqualsOneBigBatch() {
        auto recipe = parseClassifierRecipe(R"({"task": "classification", "id": "a", "bfloat16": false,
            "architecture": {"name": "vgg16", "in_channels": 1, "classes": 2, "width": 0.0625, "hidden": 16, "dropout": 0},
            "input": {"size": 32, "channels": 1, "framing": "thorax", "normalisation": "film-z-score"},
            "classes": [{"name": "A"}, {"name": "B"}], "loss": "weighted-bce",
            "stages": [{"size": 32, "batch": 4, "augmentation_strength": 0}]})").value();
        ClassifierTrainRequest request;
        request.channels = 1;
        request.height = request.width = 32;
        torch::manual_seed(2);
        for (int i = 0; i < 4; ++i) {
            LabelledInput film;
            for (int k = 0; k < 32 * 32; ++k) film.planes.push_back(static_cast<std::uint8_t>(std::rand() % 256));
            film.labels = {i == 0 ? 1.0F : 0.0F, i == 1 ? kNan : 1.0F};
            request.films.push_back(film);
        }
        const auto data = ClassifierDataset::fromRequest(request, 2);
        Split split;
        split.training = {0, 1, 2, 3};
        const auto network = nn::makeNetwork(recipe.architecture).value();
        const auto gradient = [&](int batch) {
            ClassifierTask task(recipe, data.value(), split, torch::kCPU);
            Stage stage = recipe.stages[0];
            stage.batch = batch;
            task.enter(stage);
            network->train();
            network->zero_grad();
            at::Generator random = seeded(1);
            const double loss = task.addGradients(*network, {0, 1, 2, 3}, random);
            std::vector<torch::Tensor> all{torch::tensor({static_cast<float>(loss)})};
            for (const auto& parameter : network->parameters()) all.push_back(parameter.grad().clone().flatten());
            return torch::cat(all);
        };
        const auto whole = gradient(4), parts = gradient(2);
        QVERIFY(whole.abs().max().item<double>() > 1e-3);
        QVERIFY(largest(whole - parts) < 1e-4 * largest(whole));
    }
};

QTEST_GUILESS_MAIN(TestClassifierParts)
#include "tst_classifier_parts.moc"
