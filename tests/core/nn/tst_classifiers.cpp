// The classification backbones: shapes, published sizes, class activation maps, levels, folding, training, cancel.
#include <torch/torch.h>

#include <QTest>

#include <map>

#include "core/nn/architectures.h"
#include "core/nn/efficientnet.h"
#include "core/nn/resnet.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using namespace cxr::test;

namespace {

const char* const kNames[] = {"densenet121", "efficientnet_b4", "resnet18", "resnet50", "vgg16", "vgg16_bn"};

std::shared_ptr<Classifier> classifier(nlohmann::json architecture) {
    return std::dynamic_pointer_cast<Classifier>(makeNetwork(architecture).value());
}

std::shared_ptr<Classifier> narrow(const QString& name) {
    return classifier(
        {{"name", name.toStdString()}, {"in_channels", 2}, {"classes", 5}, {"width", 0.125}, {"hidden", 16}});
}

void namesAsRows() {
    QTest::addColumn<QString>("name");
    for (const char* name : kNames) QTest::newRow(name) << QString(name);
}

// The maps are the film itself, so that the head can be calculated by hand.
class FilmAsMaps : public Classifier {
  public:
    explicit FilmAsMaps(const ClassifierOptions& options) : Classifier(options) {
        m_levelChannels = {options.inChannels};
        addPooledHead(*this, "fc", 0);
    }
    torch::Tensor features(const torch::Tensor& input, const StopCheck&, std::vector<torch::Tensor>*) override {
        return input;
    }
    void foldBatchNorm() override {}
};

}  // namespace

class TestClassifiers : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { torch::manual_seed(3); }

    void shapesAndMaps_data() { namesAsRows(); }
    void shapesAndMaps() {
        QFETCH(QString, name);
        const auto network = narrow(name);
        network->eval();
        const torch::NoGradGuard noGrad;
        const auto output = network->forward(torch::randn({3, 2, 64, 96}));
        QCOMPARE(output.logits.sizes().vec(), (std::vector<std::int64_t>{3, 5}));
        QCOMPARE(output.features.size(1), network->levelChannels().back());
        if (name.startsWith("vgg")) {
            QVERIFY(!output.cams.defined());
            return;
        }
        QCOMPARE(output.cams.sizes().vec(), (std::vector<std::int64_t>{3, 5, 2, 3}));
        const char* bias = name == "densenet121"       ? "classifier.bias"
                           : name.startsWith("resnet") ? "fc.bias"
                                                       : "classifier.1.bias";
        const auto fromMaps = output.cams.mean({2, 3}) + network->named_parameters()[bias];
        QVERIFY(largestDifference(fromMaps, output.logits) < 1e-5);
    }

    // Two maps [[1, 3]] and [[0, 2]], weights 2 and -1, bias 0.5: CAM [[2, 4]], logit 3.5.
    void classActivationMapOnPaper() {
        ClassifierOptions options;
        options.inChannels = 2;
        options.classes = 1;
        FilmAsMaps network(options);
        const torch::NoGradGuard noGrad;
        network.named_parameters()["fc.weight"].copy_(torch::tensor({{2.0F, -1.0F}}));
        network.named_parameters()["fc.bias"].fill_(0.5);
        const auto output = network.forward(torch::tensor({1.0F, 3.0F, 0.0F, 2.0F}).view({1, 2, 1, 2}));
        QCOMPARE(output.cams[0][0][0][0].item<float>(), 2.0F);
        QCOMPARE(output.cams[0][0][0][1].item<float>(), 4.0F);
        QCOMPARE(output.logits[0][0].item<float>(), 3.5F);
    }

    // The sizes that the authors and torchvision publish for 1000 classes; VGG's inner layers are made small here.
    void parameterCounts_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<qlonglong>("published");
        const qlonglong vggHead = (512 * 49 * 8 + 8) + (8 * 8 + 8) + (8 * 1000 + 1000);
        QTest::newRow("resnet18") << "resnet18" << 11689512LL;
        QTest::newRow("resnet50") << "resnet50" << 25557032LL;
        QTest::newRow("densenet121") << "densenet121" << 7978856LL;
        QTest::newRow("efficientnet_b4") << "efficientnet_b4" << 19341616LL;
        QTest::newRow("vgg16") << "vgg16" << 14714688LL + vggHead;
        QTest::newRow("vgg16_bn") << "vgg16_bn" << 14714688LL + 2 * 4224 + vggHead;
    }
    void parameterCounts() {
        QFETCH(QString, name);
        QFETCH(qlonglong, published);
        const auto network = classifier({{"name", name.toStdString()}, {"classes", 1000}, {"hidden", 8}});
        qlonglong count = 0;
        for (const auto& parameter : network->parameters()) count += parameter.numel();
        QCOMPARE(count, published);
    }

    void levelsHalveTheGrid_data() { namesAsRows(); }
    void levelsHalveTheGrid() {
        QFETCH(QString, name);
        const auto network = narrow(name);
        network->eval();
        const torch::NoGradGuard noGrad;
        std::vector<torch::Tensor> levels;
        const auto maps = network->features(torch::randn({1, 2, 64, 96}), {}, &levels);
        QCOMPARE(levels.size(), std::size_t(5));
        QCOMPARE(network->levelChannels().size(), levels.size());
        for (std::size_t i = 0; i < levels.size(); ++i) {
            const std::int64_t stride = std::int64_t{name.startsWith("vgg") ? 1 : 2} << i;
            QCOMPARE(levels[i].sizes().vec(),
                     (std::vector<std::int64_t>{1, network->levelChannels()[i], 64 / stride, 96 / stride}));
        }
        QVERIFY(levels.back().is_same(maps));
    }

    void encoderHasNoHead() {
        ClassifierOptions options;
        options.classes = 0;
        options.width = 0.125;
        const auto encoder = makeResNet18(options);
        encoder->eval();
        const auto output = encoder->forward(torch::randn({1, 3, 32, 32}));
        QVERIFY(!output.logits.defined() && !output.cams.defined());
        QCOMPARE(output.features.size(1), std::int64_t(64));
        for (const auto& item : encoder->named_parameters()) QVERIFY(!item.key().starts_with("fc"));
    }

    void foldingKeepsTheAnswer_data() { namesAsRows(); }
    void foldingKeepsTheAnswer() {
        QFETCH(QString, name);
        const auto network = narrow(name);
        shakeStatistics(*network);
        network->eval();
        const auto input = torch::randn({1, 2, 64, 64});
        const torch::NoGradGuard noGrad;
        const auto before = network->forward(input).features;
        network->foldBatchNorm();
        network->foldBatchNorm();
        const double tolerance = 1e-4 * std::max(1.0, before.abs().max().item<double>());
        QVERIFY(before.abs().max().item<double>() > 0);
        QVERIFY(largestDifference(before, network->forward(input).features) < tolerance);
        network->to(torch::kDouble);  // what folding made moves with the rest, as to another device
        QVERIFY(largestDifference(before, network->forward(input.to(torch::kDouble)).features) < tolerance);
    }

    void everyParameterLearns_data() { namesAsRows(); }
    void everyParameterLearns() {
        QFETCH(QString, name);
        const auto network = narrow(name);
        network->train();
        const auto logits = network->forward(torch::randn({4, 2, 64, 64})).logits;
        torch::binary_cross_entropy_with_logits(logits, torch::ones_like(logits)).backward();
        for (const auto& item : network->named_parameters()) {
            QVERIFY2(item.value().grad().defined(), item.key().c_str());
            QVERIFY2(torch::isfinite(item.value().grad()).all().item<bool>(), item.key().c_str());
        }
        QVERIFY(network->parameters().front().grad().abs().max().item<double>() > 0);
    }

    void stopsBetweenLayers_data() { namesAsRows(); }
    void stopsBetweenLayers() {
        QFETCH(QString, name);
        const auto network = narrow(name);
        network->eval();
        const torch::NoGradGuard noGrad;
        const auto input = torch::zeros({1, 2, 32, 32});
        int asked = 0, convolutions = 0;
        network->apply([&](torch::nn::Module& module) { convolutions += module.as<torch::nn::Conv2d>() ? 1 : 0; });
        network->forward(input, [&] { return ++asked < 0; });
        QVERIFY(convolutions >= 13 && asked >= convolutions);
        const int last = asked;
        for (const int stopAt : {1, last / 2, last}) {
            asked = 0;
            QVERIFY_EXCEPTION_THROWN(network->forward(input, [&] { return ++asked == stopAt; }), NetworkCancelled);
            QCOMPARE(asked, stopAt);
        }
    }

    void threadCountsAgree_data() { namesAsRows(); }
    void threadCountsAgree() {
        QFETCH(QString, name);
        const auto network = narrow(name);
        network->eval();
        const torch::NoGradGuard noGrad;
        const auto input = torch::randn({1, 2, 64, 64});
        at::set_num_threads(1);
        const auto one = network->forward(input).logits;
        at::set_num_threads(2);
        QVERIFY(largestDifference(one, network->forward(input).logits) < 1e-4);
    }

    // Tan and Le's B0 widths times 1.4; never less than 90 % of the wish.
    void channelsAreMultiplesOf8() {
        const std::map<double, std::int64_t> onPaper{{44.8, 48},   {22.4, 24}, {33.6, 32}, {156.8, 160},
                                                     {268.8, 272}, {9, 16},    {1, 8}};
        for (const auto& [wish, given] : onPaper) QCOMPARE(multipleOf8(wish), given);
    }

    // Each film is either gone or divided by 0.8; about 80 % of 4,000 stay (3 standard deviations: 76).
    void stochasticDepthKeepsTheMean() {
        const auto x = stochasticDepth(torch::ones({4000, 2, 1, 1}), 0.2);
        QVERIFY(((x == 0) | (x == 1.25)).all().item<bool>());
        QVERIFY((x.select(1, 0) == x.select(1, 1)).all().item<bool>());
        QVERIFY(std::abs((x.select(1, 0) > 0).sum().item<int>() - 3200) < 76);
    }

    // Normal with variance 2 / (64 x 7 x 7); 9,408 draws: 3 % is four standard errors.
    void firstWeightsHaveTheirVariance() {
        const auto weights = makeResNet18({})->named_parameters()["conv1.weight"];
        QVERIFY(std::abs(weights.std().item<double>() / std::sqrt(2.0 / (64 * 49)) - 1) < 0.03);
    }

    void dropoutIsForTrainingOnly() {
        auto network = classifier({{"name", "resnet18"}, {"width", 0.125}, {"dropout", 0.5}});
        const auto input = torch::randn({1, 3, 32, 32});
        const torch::NoGradGuard noGrad;
        network->eval();
        QCOMPARE(largestDifference(network->forward(input).logits, network->forward(input).logits), 0.0);
        FilmAsMaps head([] {
            ClassifierOptions options;
            options.dropout = 0.5;
            return options;
        }());
        const auto film = torch::ones({1, 3, 2, 2});
        bool differs = false;
        for (int i = 0; i < 20 && !differs; ++i)
            differs = largestDifference(head.forward(film).logits, head.forward(film).logits) > 0;
        QVERIFY(differs);
    }

    void badOptionsAreRefused() {
        for (const auto& wrong : std::vector<nlohmann::json>{{{"in_channels", 0}},
                                                             {{"in_channels", 17}},
                                                             {{"classes", 0}},
                                                             {{"width", 0.01}},
                                                             {{"width", 3}},
                                                             {{"dropout", 1.0}},
                                                             {{"hidden", -1}}}) {
            nlohmann::json architecture = wrong;
            architecture["name"] = "vgg16";
            QCOMPARE(makeNetwork(architecture).error().code, ErrorCode::InvalidArgument);
        }
        QCOMPARE(makeNetwork({{"name", "resnet18"}, {"width", "wide"}}).error().code, ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestClassifiers)
#include "tst_classifiers.moc"
