// Every classification network besides the plain backbones, at tiny width: shapes, gradients, folding, stopping,
// autocast, weights to a file and back, hyper-parameters outside their ranges.
#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/nn/architectures.h"
#include "core/nn/autocast.h"
#include "core/nn/glimpse.h"
#include "core/nn/mask_attended.h"
#include "core/nn/resnet.h"
#include "core/nn/state_dict.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using namespace cxr::test;
using nlohmann::json;

namespace {

struct Case {
    const char* label;
    json architecture;               // five classes
    std::vector<std::int64_t> film;  // [C, H, W]
    int layers;                      // stop checks at least
};

json tiny(const char* name, json extra) {
    json architecture{{"name", name}, {"classes", 5}, {"width", 0.125}};
    architecture.update(extra);
    return architecture;
}

const std::vector<Case>& cases() {
    static const std::vector<Case> list{
        {"mlp", {{"name", "mlp"}, {"classes", 5}, {"in_features", 24}, {"hidden", {16, 8}}}, {1, 1, 24}, 3},
        {"multires resnet18", tiny("multires", {{"backbone", "resnet18"}, {"in_channels", 2}}), {2, 32, 64}, 30},
        {"multires resnet50 class maps",
         tiny("multires", {{"backbone", "resnet50"},
                           {"in_channels", 2},
                           {"levels", 3},
                           {"merge_norm", true},
                           {"pool_class_maps", true}}),
         {2, 32, 64},
         60},
        {"multires efficientnet_b4",
         tiny("multires", {{"backbone", "efficientnet_b4"}, {"in_channels", 2}, {"pooling", "mean"}}),
         {2, 32, 64},
         90},
        {"multires densenet121",
         tiny("multires", {{"backbone", "densenet121"}, {"in_channels", 2}, {"pooling", "max"}}),
         {2, 32, 64},
         120},
        {"mask_attended resnet18",
         tiny("mask_attended", {{"in_channels", 3}, {"mask_plane", 2}, {"backbone", "resnet18"}}),
         {3, 32, 64},
         20},
        {"mask_attended multires",
         tiny("mask_attended", {{"pass_all", true},
                                {"black", "film_minimum"},
                                {"backbone", {{"name", "multires"}, {"backbone", "resnet18"}, {"width", 0.125}}}}),
         {2, 32, 64},
         30},
        {"glimpse",
         tiny("glimpse",
              {{"in_channels", 2}, {"glimpses", 3}, {"glimpse_size", 32}, {"coarse_size", 32}, {"state", 8}}),
         {2, 64, 96},
         80},
        {"spf",
         tiny("spf", {{"backbone", "resnet18"}, {"channels", 8}, {"maps", 6}, {"code", 4}, {"grid", 8}}),
         {1, 64, 96},
         34},
    };
    return list;
}

std::shared_ptr<Network> made(const Case& one) {
    auto network = makeNetwork(one.architecture);
    if (!network.isOk()) qFatal("%s", network.error().message.c_str());
    return network.value();
}

torch::Tensor films(const Case& one, std::int64_t count) {
    return torch::rand({count, one.film[0], one.film[1], one.film[2]});
}

const Case& currentCase(int index) { return cases()[static_cast<std::size_t>(index)]; }

void addRows() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i) QTest::newRow(cases()[i].label) << static_cast<int>(i);
}

torch::Tensor lossOf(const NetworkOutput& output) {
    const auto loss = torch::binary_cross_entropy_with_logits(output.logits.to(torch::kFloat),
                                                              (torch::arange(5) % 2).to(torch::kFloat).expand({4, 5}));
    return output.auxiliaryLoss.defined() ? loss + output.auxiliaryLoss : loss;
}

// A bias that the norm behind it takes out again: "hidden.0.linear.bias", "merge.1.fine.bias" with "merge.1.fine_norm".
bool isBeforeNorm(const Network& network, const std::string& bias) {
    const std::string layer = bias.substr(0, bias.size() - 5), group = layer.substr(0, layer.rfind('.') + 1);
    const auto parameters = network.named_parameters();
    return parameters.contains(layer + "_norm.weight") ||
           (layer.ends_with(".linear") && parameters.contains(group + "norm.weight"));
}

}  // namespace

class TestClassificationNetworks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }
    void init() { torch::manual_seed(11); }

    void shapes_data() { addRows(); }
    void shapes() {
        QFETCH(int, index);
        const Case& one = currentCase(index);
        const auto network = made(one);
        network->eval();
        const torch::NoGradGuard noGrad;
        const auto output = network->forward(films(one, 3));
        QCOMPARE(output.logits.sizes().vec(), (std::vector<std::int64_t>{3, 5}));
        QVERIFY(output.logits.isfinite().all().item<bool>());
        QCOMPARE(output.features.dim(), std::int64_t(4));
        QCOMPARE(output.features.size(0), std::int64_t(3));
        if (output.cams.defined()) {
            QCOMPARE(output.cams.sizes().vec(),
                     (std::vector<std::int64_t>{3, 5, output.features.size(2), output.features.size(3)}));
        }
        QVERIFY(!output.auxiliaryLoss.defined());
        const auto again = network->forward(films(one, 1));  // one film alone
        QCOMPARE(again.logits.size(0), std::int64_t(1));
    }

    void gradientReachesEveryParameter_data() { addRows(); }
    void gradientReachesEveryParameter() {
        QFETCH(int, index);
        const Case& one = currentCase(index);
        const auto network = made(one);
        lossOf(network->forward(films(one, 4))).backward();
        for (const auto& item : network->named_parameters()) {
            QVERIFY2(item.value().grad().defined(), item.key().c_str());
            QVERIFY2(item.value().grad().isfinite().all().item<bool>(), item.key().c_str());
            const bool isCancelled = item.key().ends_with(".bias") && isBeforeNorm(*network, item.key());
            QVERIFY2(isCancelled || item.value().grad().abs().sum().item<double>() > 0, item.key().c_str());
        }
    }

    void foldingKeepsTheLogits_data() { addRows(); }
    void foldingKeepsTheLogits() {
        QFETCH(int, index);
        const Case& one = currentCase(index);
        const auto network = made(one);
        shakeStatistics(*network);
        network->eval();
        const auto input = films(one, 2);
        const torch::NoGradGuard noGrad;
        const auto before = network->forward(input);
        const double features = before.features.abs().max().item<double>();
        QVERIFY(features > 0);
        network->foldBatchNorm();
        network->foldBatchNorm();
        const auto after = network->forward(input);
        QVERIFY(largestDifference(before.features, after.features) < 1e-4 * std::max(1.0, features));
        QVERIFY(largestDifference(before.logits, after.logits) < 1e-4 * std::max(1.0, features));
        network->to(torch::kDouble);  // folded numbers move with the network
        const auto wide = network->forward(input.to(torch::kDouble)).logits;
        QVERIFY(largestDifference(before.logits, wide) < 1e-4 * std::max(1.0, features));
    }

    void stopsBetweenLayers_data() { addRows(); }
    void stopsBetweenLayers() {
        QFETCH(int, index);
        const Case& one = currentCase(index);
        const auto network = made(one);
        network->eval();
        const torch::NoGradGuard noGrad;
        const auto input = films(one, 1);
        int asked = 0;
        network->forward(input, [&] { return ++asked < 0; });
        const int all = asked;
        QVERIFY2(all >= one.layers, qPrintable(QString::number(all)));
        for (const int at : {1, all / 2, all}) {
            asked = 0;
            QVERIFY_EXCEPTION_THROWN(network->forward(input, [&] { return ++asked == at; }), NetworkCancelled);
            QCOMPARE(asked, at);
        }
    }

    // As the trainer runs them: forward under autocast, loss in float.
    void trainsUnderAutocast_data() { addRows(); }
    void trainsUnderAutocast() {
        QFETCH(int, index);
        const Case& one = currentCase(index);
        const auto network = made(one);
        NetworkOutput output;
        {
            const AutocastScope autocast(torch::kCPU, /*enabled=*/true);
            output = network->forward(films(one, 4));
        }
        const auto loss = lossOf(output);
        loss.backward();
        QVERIFY(std::isfinite(loss.item<double>()));
        for (const auto& parameter : network->parameters()) QVERIFY(parameter.grad().isfinite().all().item<bool>());
    }

    void weightsRoundTrip_data() { addRows(); }
    void weightsRoundTrip() {
        QFETCH(int, index);
        const Case& one = currentCase(index);
        const auto network = made(one);
        const auto other = makeNetwork(json::parse(one.architecture.dump())).value();
        shakeStatistics(*network);
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "w.safetensors";
        QVERIFY(writeSafetensors(file, stateDictOf(*network, /*asHalf=*/false)).isOk());
        const auto opened = SafetensorsFile::open(file);
        QVERIFY(opened.isOk() && loadStateDict(*other, opened.value()).isOk());
        network->eval();
        other->eval();
        const torch::NoGradGuard noGrad;
        const auto input = films(one, 1);
        QCOMPARE(largestDifference(network->forward(input).logits, other->forward(input).logits), 0.0);
    }

    void badHyperParametersAreRefused_data() {
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("wrong");
        const auto add = [](const char* label, const json& wrong) {
            for (std::size_t i = 0; i < cases().size(); ++i) {
                if (std::string(cases()[i].label) != label) continue;
                const auto text = QString::fromStdString(wrong.dump());
                QTest::addRow("%s %s", label, qPrintable(text)) << static_cast<int>(i) << text;
            }
        };
        for (const json& wrong : {json{{"in_features", 0}}, json{{"classes", 0}}, json{{"hidden", json::array()}},
                                  json{{"hidden", {0}}}, json{{"dropout", 1.0}}})
            add("mlp", wrong);
        for (const json& wrong : {json{{"levels", 1}}, json{{"levels", 6}}, json{{"gamma", 0.0}}, json{{"width", 3}},
                                  json{{"pooling", "sum"}}, json{{"pcm_channels", 0}}, json{{"classes", 0}}})
            add("multires resnet18", wrong);
        for (const json& wrong : {json{{"mask_plane", 0}}, json{{"mask_plane", 3}}, json{{"outside", 1.5}},
                                  json{{"in_channels", 1}}, json{{"black", "white"}}, json{{"width", 3}}})
            add("mask_attended resnet18", wrong);
        for (const json& wrong : {json{{"glimpses", 1}}, json{{"largest", 0.1}}, json{{"smallest", 0.0}},
                                  json{{"glimpse_size", 16}}, json{{"coarse_size", 16}}, json{{"state", 0}}})
            add("glimpse", wrong);
        for (const json& wrong : {json{{"grid", 10}}, json{{"maps", 0}}, json{{"code", 0}}, json{{"channels", 0}},
                                  json{{"spatial_dropout", 1.0}}, json{{"backbone", "multires"}}})
            add("spf", wrong);
    }
    void badHyperParametersAreRefused() {
        QFETCH(int, index);
        QFETCH(QString, wrong);
        json architecture = currentCase(index).architecture;
        const json bad = json::parse(wrong.toStdString());
        architecture.update(bad);
        const auto network = makeNetwork(architecture);
        QVERIFY(!network.isOk());
        QCOMPARE(network.error().code, ErrorCode::InvalidArgument);
        QVERIFY(network.error().message.find(bad.begin().key()) != std::string::npos);
    }

    void unknownBackbonesAndWrongTypesAreRefused() {
        QCOMPARE(makeNetwork({{"name", "multires"}, {"backbone", "alexnet"}}).error().code, ErrorCode::Unsupported);
        QCOMPARE(makeNetwork({{"name", "multires"}, {"gamma", "ten"}}).error().code, ErrorCode::Corrupt);
        QCOMPARE(makeNetwork({{"name", "mlp"}}).error().code, ErrorCode::InvalidArgument);  // no in_features
    }

    // Film 0.5 and mask 1, 0, 0.5: 0.5, 0.1, 0.5 (0.2 + 0.8 / 2) = 0.3. Black at the least value, -1: -1 + 1.5 share.
    void theFilmIsDarkOutsideTheMask() {
        ClassifierOptions inner;
        inner.inChannels = 1;
        inner.width = 0.0625;
        MaskAttendedOptions options;
        const auto planes =
            torch::tensor({0.5F, 0.5F, 0.5F, -1.0F, /*mask*/ 1.0F, 0.0F, 0.5F, 1.0F}).view({1, 2, 1, 4});
        const auto row = [&](const torch::Tensor& x) { return x.flatten(); };
        const MaskAttended plain(makeResNet18(inner), options);
        const auto dark = torch::tensor({0.5F, 0.1F, 0.3F, -1.0F});
        QVERIFY(largestDifference(row(plain.attended(planes)), dark) < 1e-6);
        options.black = BlackLevel::FilmMinimum;
        const MaskAttended floor(makeResNet18(inner), options);
        const auto onFloor = torch::tensor({0.5F, -0.7F, -0.1F, -1.0F});
        QVERIFY(largestDifference(row(floor.attended(planes)), onFloor) < 1e-6);
        options.passesAll = true;
        inner.inChannels = 2;
        const MaskAttended both(makeResNet18(inner), options);
        QVERIFY(largestDifference(row(both.attended(planes)), torch::cat({onFloor, row(planes.slice(1, 1))})) < 1e-6);
    }

    // With the mask everywhere the backbone sees the plain film.
    void aFullMaskChangesNothing() {
        const auto network = made(currentCase(5));
        network->eval();
        const torch::NoGradGuard noGrad;
        auto planes = torch::rand({1, 3, 32, 32});
        planes.slice(1, 2, 3).fill_(1);
        const auto backbone = std::dynamic_pointer_cast<Classifier>(network->children().front());
        QVERIFY(backbone);
        QCOMPARE(largestDifference(network->forward(planes).logits, backbone->forward(planes.slice(1, 0, 2)).logits),
                 0.0);
    }

    void theWholeFilmAsRegionIsTheFilm() {
        const auto film = torch::rand({2, 1, 8, 8});
        const auto none = torch::zeros({2}), all = torch::ones({2});
        QVERIFY(largestDifference(croppedRegion(film, none, none, all, 8, 1), film) < 1e-5);
        const auto coarse = croppedRegion(film, none, none, all, 4, 2);
        QVERIFY(largestDifference(coarse, torch::avg_pool2d(film, 2)) < 1e-5);
    }

    // Columns 4..7 and rows 2..5 of an 8 x 8 film.
    void regionsAreCutWhereTheyLie() {
        const auto film = torch::rand({1, 2, 8, 8});
        const auto cut =
            croppedRegion(film, torch::full({1}, 0.5), torch::full({1}, 0.25), torch::full({1}, 0.5), 4, 1);
        QVERIFY(largestDifference(cut, film.slice(2, 2, 6).slice(3, 4, 8)) < 1e-5);
    }

    void regionsStayOnTheFilmAndAreWeighed() {
        const auto network = made(currentCase(7));
        const torch::NoGradGuard noGrad;
        for (const double reach : {0.0, 50.0, -50.0}) {  // from the start, and driven to both ends
            network->named_parameters()["locate.bias"].fill_(reach);
            network->eval();
            const auto seen = network->forward(torch::rand({2, 2, 64, 96})).glimpses;
            QCOMPARE(seen.sizes().vec(), (std::vector<std::int64_t>{2, 3, 5}));
            const auto at = [&](std::int64_t i) { return seen.select(2, i); };
            QVERIFY((at(0) >= 0).all().item<bool>() && (at(1) >= 0).all().item<bool>());
            QVERIFY((at(0) + at(2) <= 1.0001).all().item<bool>() && (at(1) + at(3) <= 1.0001).all().item<bool>());
            QVERIFY((at(2) >= 0.1499).all().item<bool>() && (at(2) <= 0.5001).all().item<bool>());
            QVERIFY(largestDifference(at(4).sum(1), torch::ones({2})) < 1e-5);
            if (reach == 0) QVERIFY((at(0).select(1, 0) - at(0).select(1, 1)).abs().min().item<double>() > 0.1);
        }
    }

    // The loss pulls a region towards what it should see: a bright square right of the region's middle.
    void theLossMovesRegions() {
        auto film = torch::zeros({1, 1, 32, 32});
        film.slice(2, 12, 20).slice(3, 22, 30).fill_(1);
        auto left = torch::full({1}, 0.3F).requires_grad_();
        const auto top = torch::full({1}, 0.25F), size = torch::full({1}, 0.5F);
        croppedRegion(film, left, top, size, 16, 1).mean().backward();
        QVERIFY(left.grad().item<double>() > 0);
    }

    // The vector is map after map: without the classifier's weights of map 0, map 0 has no say.
    void mapsAreFlattenedInOrder() {
        const auto network = made(currentCase(8));
        network->eval();
        auto parameters = network->named_parameters();
        const auto logits = [&] { return network->forward(torch::ones({1, 1, 64, 64})).logits.clone(); };
        const torch::NoGradGuard noGrad;
        parameters["classifier.weight"].slice(1, 0, 4).fill_(0);
        const auto before = logits();
        parameters["predictor.bias"][0] += 3;
        QCOMPARE(largestDifference(before, logits()), 0.0);
        parameters["predictor.bias"][1] += 3;
        QVERIFY(largestDifference(before, logits()) > 0);
    }

    // Constant maps are learnt by heart: the reconstruction term falls.
    void theAutoEncoderLearns() {
        const auto network = made(currentCase(8));
        const auto film = torch::rand({4, 1, 64, 64});
        torch::optim::Adam optimizer(network->parameters(), torch::optim::AdamOptions(5e-3));
        double first = 0, last = 0;
        for (int step = 0; step < 20; ++step) {
            const auto loss = network->forward(film).auxiliaryLoss;
            if (step == 0) first = loss.item<double>();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            last = loss.item<double>();
        }
        QVERIFY2(last < 0.5 * first, qPrintable(QString("%1 -> %2").arg(first).arg(last)));
    }

    void mlpWantsItsOwnVectors() {
        const auto network = made(currentCase(0));
        network->eval();
        const torch::NoGradGuard noGrad;
        const auto vector = torch::rand({2, 24});
        QCOMPARE(
            largestDifference(network->forward(vector).logits, network->forward(vector.view({2, 1, 1, 24})).logits),
            0.0);
        QVERIFY_EXCEPTION_THROWN(network->forward(torch::rand({2, 25})), c10::Error);
    }

    // S1: 6,400 kept pixels (horizontal lines), 3200-300-1: weights, biases and two numbers a norm.
    void mlpHasThePapersSize() {
        const auto network = makeNetwork({{"name", "mlp"}, {"in_features", 6400}}).value();
        std::int64_t count = 0;
        for (const auto& parameter : network->parameters()) count += parameter.numel();
        QCOMPARE(count, std::int64_t{6400 * 3200 + 3 * 3200 + 3200 * 300 + 3 * 300 + 300 + 1});
    }
};

QTEST_GUILESS_MAIN(TestClassificationNetworks)
#include "tst_classification_networks.moc"
