// U-Net: shapes, names, a case solved on paper, folding, cancel; weights to safetensors and back; letterbox.
#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/nn/architectures.h"
#include "core/nn/preprocess.h"
#include "core/nn/state_dict.h"
#include "core/nn/unet.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using namespace cxr::test;

namespace {

UNetOptions tiny() {
    UNetOptions options;
    options.channels = {4, 8, 16};
    return options;
}

}  // namespace

class TestUNet : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { torch::manual_seed(3); }

    void shapes_data() {
        QTest::addColumn<int>("units");
        QTest::addColumn<bool>("isTransposed");
        QTest::newRow("plain") << 0 << false;
        QTest::newRow("residual") << 2 << false;
        QTest::newRow("transposed") << 0 << true;
    }
    void shapes() {
        QFETCH(int, units);
        QFETCH(bool, isTransposed);
        UNetOptions options = tiny();
        options.residualUnits = units;
        options.upsampling = isTransposed ? Upsampling::Transposed : Upsampling::Bilinear;
        UNet network(options);
        const auto output = network.forward(torch::randn({2, 1, 32, 48}));
        QCOMPARE(output.logits.sizes().vec(), (std::vector<std::int64_t>{2, 3, 32, 48}));
        QCOMPARE(output.features.sizes().vec(), (std::vector<std::int64_t>{2, 16, 8, 12}));
    }

    void parameterNamesAndCount() {
        UNet network(tiny());
        QStringList names;
        std::int64_t count = 0;
        for (const auto& item : network.named_parameters()) {
            names << QString::fromStdString(item.key());
            count += item.value().numel();
        }
        for (const char* expected : {"encoder.0.0.conv1.weight", "encoder.2.0.bn2.bias", "decoder.0.reduce.weight",
                                     "decoder.1.block.0.conv2.weight", "head.bias"}) {
            QVERIFY2(names.contains(QString(expected)), expected);
        }
        // unit(i, o) = 9io + 9oo + 4o; encoder 1-4-8-16, reduce 16->8 and 8->4, decoder 16->8 and 8->4, head 4->3
        const auto unit = [](int i, int o) { return 9 * i * o + 9 * o * o + 4 * o; };
        const int onPaper = unit(1, 4) + unit(4, 8) + unit(8, 16) + (16 * 8 + 8) + (8 * 4 + 4) + unit(16, 8) + unit(8, 4) + (4 * 3 + 3);
        QCOMPARE(count, std::int64_t(onPaper));
    }

    // All convolutions zero but the head's bias: the logits are that bias everywhere.
    void paperCase() {
        UNet network(tiny());
        network.eval();
        const torch::NoGradGuard noGrad;
        for (auto& item : network.named_parameters()) item.value().zero_();
        network.named_parameters()["head.bias"].copy_(torch::tensor({1.0F, -2.0F, 0.5F}));
        const auto logits = network.forward(torch::randn({1, 1, 16, 16})).logits;
        QCOMPARE(logits[0][0].min().item<float>(), 1.0F);
        QCOMPARE(logits[0][1].max().item<float>(), -2.0F);
        QCOMPARE(logits[0][2].mean().item<float>(), 0.5F);
    }

    void foldingKeepsTheLogits() {
        UNetOptions options = tiny();
        options.residualUnits = 1;
        UNet network(options);
        shakeStatistics(network);
        network.eval();
        const auto input = torch::randn({1, 1, 32, 32});
        const torch::NoGradGuard noGrad;
        const auto before = network.forward(input).logits;
        network.foldBatchNorm();
        network.foldBatchNorm();
        QVERIFY(largestDifference(before, network.forward(input).logits) < 1e-4);
    }

    void stopsBetweenLayers() {
        UNet network(tiny());
        int asked = 0;
        QVERIFY_EXCEPTION_THROWN(network.forward(torch::zeros({1, 1, 16, 16}), [&] { return ++asked == 4; }), NetworkCancelled);
        QCOMPARE(asked, 4);
    }

    void threadCountsAgree() {
        UNet network(tiny());
        network.eval();
        const torch::NoGradGuard noGrad;
        const auto input = torch::randn({1, 1, 64, 64});
        at::set_num_threads(1);
        const auto one = network.forward(input).logits;
        at::set_num_threads(2);
        QVERIFY(largestDifference(one, network.forward(input).logits) < 1e-5);
    }

    void stateDictRoundTrip() {
        UNet network(tiny()), other(tiny());
        shakeStatistics(network);
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "w.safetensors";
        QVERIFY(writeSafetensors(file, stateDictOf(network, /*asHalf=*/false)).isOk());
        const auto opened = SafetensorsFile::open(file);
        QVERIFY(opened.isOk() && loadStateDict(other, opened.value()).isOk());
        network.eval();
        other.eval();
        const auto input = torch::randn({1, 1, 16, 16});
        QCOMPARE(largestDifference(network.forward(input).logits, other.forward(input).logits), 0.0);
    }

    void halfPrecisionIsClose() {
        UNet network(tiny());
        for (const auto& tensor : stateDictOf(network, /*asHalf=*/true)) {
            QCOMPARE(tensor.type == TensorType::Float16, tensor.shape.size() > 1);
        }
    }

    void foreignWeightsAreRefused() {
        UNet network(tiny());
        UNetOptions wider = tiny();
        wider.channels = {4, 8, 32};
        UNet other(wider);
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "w.safetensors";
        QVERIFY(writeSafetensors(file, stateDictOf(other, false)).isOk());
        const auto opened = SafetensorsFile::open(file);
        const auto before = network.named_parameters()["head.weight"].clone();
        const auto loaded = loadStateDict(network, opened.value());
        QVERIFY(!loaded.isOk());
        QCOMPARE(loaded.error().code, ErrorCode::Corrupt);
        QCOMPARE(largestDifference(before, network.named_parameters()["head.weight"]), 0.0);
    }

    // Every misfit is named at once, sorted; counters are neither needed nor in the way.
    void misfitsAreOneList() {
        UNet network(tiny());
        std::map<std::string, TensorView> weights;
        const auto list = stateDictOf(network, false);
        for (const auto& entry : list) weights[entry.name] = {entry.type, entry.shape, entry.bytes};
        weights["a.num_batches_tracked"] = {TensorType::Int64, {}, {}};
        QVERIFY(loadStateDict(network, weights).isOk());
        weights.erase("head.bias");
        weights["head.weight"].shape.push_back(1);
        weights["zzz"] = {};
        const auto loaded = loadStateDict(network, weights);
        QVERIFY(!loaded.isOk());
        const auto message = QString::fromStdString(loaded.error().message);
        QVERIFY2(message.contains("head.bias is missing; head.weight has the shape"), qPrintable(message));
        QVERIFY2(message.endsWith("zzz is not part of the network"), qPrintable(message));
    }

    void everyFloatTypeLoads_data() {
        QTest::addColumn<int>("type");
        for (const auto type : {torch::kHalf, torch::kBFloat16, torch::kFloat, torch::kDouble}) {
            QTest::newRow(torch::toString(type)) << static_cast<int>(type);
        }
    }
    void everyFloatTypeLoads() {
        QFETCH(int, type);
        const std::map<torch::ScalarType, TensorType> types{{torch::kHalf, TensorType::Float16},
                                                            {torch::kBFloat16, TensorType::BFloat16},
                                                            {torch::kFloat, TensorType::Float32},
                                                            {torch::kDouble, TensorType::Float64}};
        const auto scalar = static_cast<torch::ScalarType>(type);
        UNet source(tiny()), target(tiny());
        std::map<std::string, torch::Tensor> kept;
        std::map<std::string, TensorView> weights;
        for (const auto& [name, tensor] : stateOf(source)) {
            const auto& copy = kept[name] = tensor.detach().to(scalar).contiguous();
            const std::span bytes(static_cast<const std::byte*>(copy.data_ptr()), copy.nbytes());
            weights[name] = {types.at(scalar), copy.sizes().vec(), bytes};
        }
        QVERIFY(loadStateDict(target, weights).isOk());
        for (const auto& [name, tensor] : stateOf(target)) {
            QVERIFY(torch::equal(tensor, kept.at(name).to(torch::kFloat)));
        }
    }

    void architecturesByName() {
        QVERIFY(makeNetwork({{"name", "unet"}, {"channels", {4, 8}}}).isOk());
        QCOMPARE(makeNetwork({{"name", "no-such"}}).error().code, ErrorCode::Unsupported);
        QCOMPARE(makeNetwork({{"name", "unet"}, {"channels", {4, 100000}}}).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(makeNetwork({{"name", "unet"}, {"channels", "many"}}).error().code, ErrorCode::Corrupt);
    }

    // A 4x2 film in a square of 4: one empty row above and below, a cell is one pixel.
    void letterboxPaperCase() {
        const auto film = torch::arange(8, torch::kFloat).view({2, 4});
        const auto square = letterbox(film, 4);
        QCOMPARE(square[0].abs().sum().item<float>(), 0.0F);
        QCOMPARE(square[1][3].item<float>(), 3.0F);
        QCOMPARE(square[2][0].item<float>(), 4.0F);
        const auto frame = letterboxFrame(4, 2, 4);
        QCOMPARE(frame.originPx, (PointPx{0, -1}));
        QCOMPARE(letterboxFrame(2500, 2048, 256).cellPx, 2500.0 / 256);
    }

    // The mean of a film survives shrinking; margins do not count in the normalisation.
    void resizeAndNormaliseKeepStatistics() {
        const auto film = torch::rand({100, 160});
        const auto square = letterbox(film, 32).view({1, 1, 32, 32});
        const auto valid = letterboxValidity(160, 100, 32).view({1, 1, 32, 32});
        QVERIFY(std::abs(square.sum().item<double>() / valid.sum().item<double>() - film.mean().item<double>()) < 0.01);
        const auto normal = normaliseFilm(square, valid);
        const auto inside = normal.masked_select(valid > 0.5);
        QVERIFY(std::abs(inside.mean().item<double>()) < 1e-5);
        QVERIFY(std::abs(inside.std(false).item<double>() - 1) < 1e-3);
        QCOMPARE(normal.masked_select(valid <= 0.5).abs().max().item<double>(), 0.0);
        QVERIFY(largestDifference(normal, normaliseFilm(square * 0.3 + 0.2, valid)) < 1e-3);  // contrast does not matter
    }
};

QTEST_GUILESS_MAIN(TestUNet)
#include "tst_unet.moc"
