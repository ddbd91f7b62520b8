// The multi-resolution classifier, its Log-Sum-Exp pooling and its pixel correlation module against arithmetic on
// paper.
#include <torch/torch.h>

#include <QTest>
#include <cmath>

#include "core/nn/architectures.h"
#include "core/nn/log_sum_exp.h"
#include "core/nn/multires.h"
#include "core/nn/pixel_correlation.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using namespace cxr::test;
using nlohmann::json;

namespace {

json tiny() {
    return {{"name", "multires"}, {"backbone", "resnet18"}, {"width", 0.125}, {"classes", 3}, {"in_channels", 1}};
}

std::shared_ptr<Network> made(json architecture) {
    auto network = makeNetwork(architecture);
    if (!network.isOk()) qFatal("%s", network.error().message.c_str());
    return network.value();
}

torch::Tensor cells(const std::vector<float>& values, std::int64_t channels, std::int64_t width) {
    return torch::tensor(values).view({1, channels, -1, width});
}

}  // namespace

class TestMultiRes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }
    void init() { torch::manual_seed(7); }

    // 1/2 log((e^0 + e^(2 log 3)) / 2) = 1/2 log((1 + 9) / 2) = 1/2 log 5.
    void logSumExpOnPaper() {
        const auto maps = cells({0, std::log(3.0F)}, 1, 2);
        QVERIFY(std::abs(logSumExpPool(maps, 2).item<double>() - 0.5 * std::log(5.0)) < 1e-6);
    }

    void logSumExpLiesBetweenMeanAndLargest() {
        const auto maps = torch::randn({2, 3, 5, 7});
        const auto mean = globalPool(maps, Pooling::Mean, 10), largest = globalPool(maps, Pooling::Max, 10);
        const auto pooled = globalPool(maps, Pooling::LogSumExp, 10);
        QVERIFY((pooled > mean).all().item<bool>() && (pooled < largest).all().item<bool>());
        QVERIFY(largestDifference(logSumExpPool(maps, 1e-3), mean) < 2e-3);
        QVERIFY(largestDifference(logSumExpPool(maps, 1e3), largest) < 4e-3);  // log(35) / 1000
        QVERIFY(largestDifference(logSumExpPool(maps + 3, 10), pooled + 3) < 1e-5);
    }

    void logSumExpDoesNotOverflow() {
        for (const float height : {1e4F, -1e4F}) {
            const auto maps = torch::full({1, 1, 4, 4}, height).requires_grad_();
            const auto pooled = logSumExpPool(maps, 10);
            QVERIFY(std::abs(pooled.item<float>() - height) < 0.01F);
            pooled.sum().backward();
            QVERIFY(largestDifference(maps.grad(), torch::full_like(maps, 1.0 / 16)) < 1e-6);
        }
        QCOMPARE(logSumExpPool(torch::zeros({1, 1, 2, 2}, torch::kBFloat16), 10).scalar_type(), torch::kBFloat16);
    }

    void onlyTheLargestClassStays() {
        const auto cams = cells({1, -2, 3, 3, /*class 1*/ 2, -1, 3, 0}, 2, 4);
        const auto expected = cells({0, 0, 3, 3, 2, -1, 3, 0}, 2, 4);
        QCOMPARE(largestDifference(suppressedCams(cams), expected), 0.0);
    }

    // Embeddings (1, 0), (1, 1), (-1, 0): cosines 1, 1/sqrt 2, -1 and their ReLU
    //   [1, r, 0; r, 1, 0; 0, 0, 1] with r = 1/sqrt 2, so that for maps (4, 2, 8)
    //   y = ((4 + 2 r) / (1 + r), (4 r + 2) / (1 + r), 8).
    void correlationOnPaper() {
        const auto y = correlatedCams(cells({1, 1, -1, /*second*/ 0, 1, 0}, 2, 3), cells({4, 2, 8}, 1, 3)).flatten();
        const double r = 1 / std::sqrt(2.0);
        QVERIFY(std::abs(y[0].item<double>() - (4 + 2 * r) / (1 + r)) < 1e-5);
        QVERIFY(std::abs(y[1].item<double>() - (4 * r + 2) / (1 + r)) < 1e-5);
        QVERIFY(std::abs(y[2].item<double>() - 8) < 1e-5);
    }

    void orthogonalCellsKeepTheirMaps() {
        const auto cams = torch::randn({1, 3, 2, 3});
        const auto embedded = 5 * torch::eye(6).view({1, 6, 2, 3});
        QVERIFY(largestDifference(correlatedCams(embedded, cams), cams) < 1e-6);
    }

    void equalCellsShareTheirMean() {
        const auto cams = torch::randn({2, 3, 40, 40});  // two blocks of cells
        const auto mean = cams.mean({2, 3}, true).expand_as(cams);
        QVERIFY(largestDifference(correlatedCams(torch::ones({2, 4, 40, 40}), cams), mean) < 1e-5);
    }

    void cellsWithoutLengthGetNothing() {
        const auto y = correlatedCams(torch::zeros({1, 2, 2, 2}), torch::ones({1, 1, 2, 2}));
        QCOMPARE(y.abs().max().item<float>(), 0.0F);
    }

    // Backbone without head, merge blocks (with norms 2 (c/4 + f/4 + f) more) c/4 (c + 1) + f/4 (f + 1) + f ((c + f)/4
    // + 1), 14 classes. Paper, table 4: 26,273,615 and 18,913,543; the header says what is known of the difference.
    void parameterCounts_data() {
        QTest::addColumn<QString>("backbone");
        QTest::addColumn<bool>("hasNorm");
        QTest::addColumn<qlonglong>("expected");
        QTest::addColumn<qlonglong>("published");
        QTest::addColumn<qlonglong>("missing");
        QTest::newRow("resnet50 merge_norm")
            << "resnet50" << true << 23508032LL + 2098944 + 525184 + 131520 + 2 * 3136 + 3598 << 26273615LL << 65LL;
        QTest::newRow("resnet50") << "resnet50" << false << 23508032LL + 2098944 + 525184 + 131520 + 3598 << 26273615LL
                                  << 6337LL;
        QTest::newRow("efficientnet_b4") << "efficientnet_b4" << false << 17548616LL + 887944 + 10318 + 1798 + 462
                                         << 18913543LL << 464405LL;
    }
    void parameterCounts() {
        QFETCH(QString, backbone);
        QFETCH(bool, hasNorm);
        QFETCH(qlonglong, expected);
        QFETCH(qlonglong, published);
        QFETCH(qlonglong, missing);
        const auto network =
            made({{"name", "multires"}, {"backbone", backbone.toStdString()}, {"merge_norm", hasNorm}});
        qlonglong count = 0;
        for (const auto& parameter : network->parameters()) count += parameter.numel();
        QCOMPARE(count, expected);
        QCOMPARE(published - count, missing);
    }

    void mapsAreAsFineAsTheFinestLevel() {
        for (const int levels : {2, 3, 4, 5}) {
            auto architecture = tiny();
            architecture["levels"] = levels;
            const auto network = made(architecture);
            network->eval();
            const torch::NoGradGuard noGrad;
            const auto output = network->forward(torch::randn({2, 1, 64, 96}));
            const std::int64_t stride = std::int64_t{64} >> levels;
            QCOMPARE(output.cams.sizes().vec(), (std::vector<std::int64_t>{2, 3, 64 / stride, 96 / stride}));
            QCOMPARE(output.logits.sizes().vec(), (std::vector<std::int64_t>{2, 3}));
            QVERIFY(!output.refinedCams.defined());
        }
    }

    // Mean pooling: the cams add up to the logits. Class maps: LSE of the cams is the logit.
    void mapsAddUpToTheLogits_data() {
        QTest::addColumn<QString>("pooling");
        QTest::addColumn<bool>("poolsMaps");
        QTest::newRow("mean of features") << "mean" << false;
        QTest::newRow("mean of class maps") << "mean" << true;
        QTest::newRow("lse of class maps") << "lse" << true;
        QTest::newRow("largest of class maps") << "max" << true;
    }
    void mapsAddUpToTheLogits() {
        QFETCH(QString, pooling);
        QFETCH(bool, poolsMaps);
        auto architecture = tiny();
        architecture["pooling"] = pooling.toStdString();
        architecture["pool_class_maps"] = poolsMaps;
        const auto network = made(architecture);
        network->eval();
        const torch::NoGradGuard noGrad;
        network->named_parameters()["classifier.bias"].copy_(torch::tensor({1.0F, -2.0F, 3.0F}));
        const auto output = network->forward(torch::randn({2, 1, 64, 64}));
        const auto kind = pooling == "lse" ? Pooling::LogSumExp : pooling == "max" ? Pooling::Max : Pooling::Mean;
        const auto fromMaps = globalPool(output.cams, kind, 10) + network->named_parameters()["classifier.bias"];
        QVERIFY(largestDifference(fromMaps, output.logits) < 1e-5);
    }

    void logitsComeFromPooledFeatures() {
        const auto network = made(tiny());
        network->eval();
        const torch::NoGradGuard noGrad;
        const auto output = network->forward(torch::randn({2, 1, 64, 64}));
        const auto weights = network->named_parameters();
        const auto expected =
            torch::linear(logSumExpPool(output.features, 10), weights["classifier.weight"], weights["classifier.bias"]);
        QVERIFY(largestDifference(expected, output.logits) < 1e-5);
    }

    void correlationLeavesTheLogits() {
        auto architecture = tiny();
        const auto plain = made(architecture);
        architecture["pcm"] = true;
        const auto refining = made(architecture);
        const torch::NoGradGuard noGrad;
        for (auto& item : plain->named_parameters()) refining->named_parameters()[item.key()].copy_(item.value());
        plain->eval();
        refining->eval();
        const auto film = torch::randn({1, 1, 64, 64});
        const auto before = plain->forward(film), after = refining->forward(film);
        QCOMPARE(largestDifference(before.logits, after.logits), 0.0);
        QCOMPARE(after.refinedCams.sizes().vec(), after.cams.sizes().vec());
        const auto theta = refining->named_parameters()["pcm.theta.weight"];
        const auto expected = correlatedCams(torch::conv2d(after.features, theta), suppressedCams(after.cams));
        QVERIFY(largestDifference(expected, after.refinedCams) < 1e-6);
    }

    void correlationLearns() {
        auto architecture = tiny();
        architecture["pcm"] = true;
        const auto network = made(architecture);
        network->forward(torch::randn({2, 1, 64, 64})).refinedCams.square().mean().backward();
        QVERIFY(network->named_parameters()["pcm.theta.weight"].grad().abs().sum().item<double>() > 0);
    }

    // Class 0: a bright spot somewhere in a noisy film; from scratch, with LSE and gamma 10, in at most 60 steps.
    void learnsASpotFromScratch() {
        auto architecture = tiny();
        architecture["classes"] = 1;
        const auto network = made(architecture);
        auto films = 0.3 * torch::randn({16, 1, 32, 32});
        const auto truth = (torch::arange(16) % 2).to(torch::kFloat).unsqueeze(1);
        for (int i = 1; i < 16; i += 2) films[i][0].slice(0, i, i + 6).slice(1, 20 - i, 26 - i).add_(2);
        torch::optim::Adam optimizer(network->parameters(), torch::optim::AdamOptions(3e-3));
        double loss = 1;
        for (int step = 0; step < 60 && loss > 0.1; ++step) {
            const auto cost = torch::binary_cross_entropy_with_logits(network->forward(films).logits, truth);
            optimizer.zero_grad();
            cost.backward();
            optimizer.step();
            loss = cost.item<double>();
            if (step == 0) QVERIFY2(loss < 1, qPrintable(QString::number(loss)));  // near log 2: small first logits
        }
        QVERIFY2(loss <= 0.1, qPrintable(QString::number(loss)));
    }
};

QTEST_GUILESS_MAIN(TestMultiRes)
#include "tst_multires.moc"
