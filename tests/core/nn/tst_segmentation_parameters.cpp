// Segmentation networks against arithmetic on paper: parameter counts at full width from the published definitions, the
// variational loss of SegResNetVAE, means of RegUNet, the stem of VGG16-U-Net, hyper-parameters outside their ranges.
#include <torch/torch.h>

#include <QTest>
#include <cmath>

#include "core/nn/architectures.h"

using namespace cxr;
using namespace cxr::nn;
using nlohmann::json;

namespace {

using Int = std::int64_t;

std::shared_ptr<Network> made(const json& architecture) {
    auto network = makeNetwork(architecture);
    if (!network.isOk()) qFatal("%s", network.error().message.c_str());
    return network.value();
}

Int countOf(const json& architecture) {
    Int count = 0;
    for (const auto& parameter : made(architecture)->parameters()) count += parameter.numel();
    return count;
}

void setAll(Network& network, double value) {
    const torch::NoGradGuard noGrad;
    for (auto& parameter : network.parameters()) parameter.fill_(value);
}

void setOne(Network& network, const std::string& name, double value) {
    const torch::NoGradGuard noGrad;
    network.named_parameters()[name].fill_(value);
}

// Our double convolution: 3x3 without bias, batch norm, twice; a 1x1 projection with bias where a residual unit changes
// width.
Int doubleConvolution(Int in, Int out, bool isResidual) {
    return 9 * in * out + 9 * out * out + 4 * out + (isResidual && in != out ? in * out + out : 0);
}

// MONAI's SegResNet: convInit 9 in f; level i: stride-2 convolution 9 (c/2) c, blocks of 18 c^2 + 4 c (two
// convolutions, two norms); up: 1x1 of 2c c, then blocks; conv_final 2 f + f out + out.
Int segResNetCount(Int f, Int in, Int out, const std::vector<Int>& down, const std::vector<Int>& up) {
    const auto blocks = [](Int count, Int c) { return count * (18 * c * c + 4 * c); };
    Int count = 9 * in * f + 2 * f + f * out + out;
    for (std::size_t i = 0; i < down.size(); ++i) {
        const Int c = f << i;
        count += (i > 0 ? 9 * (c / 2) * c : 0) + blocks(down[i], c);
    }
    for (std::size_t i = 0; i < up.size(); ++i) {
        const Int c = f << (up.size() - 1 - i);
        count += 2 * c * c + blocks(up[i], c);
    }
    return count;
}

// The branch for 16 maps of side s at its smallest, with v maps at the encoder's end: vae_down 2 v + 144 v + 16 + 32;
// vae_fc1, vae_fc2: 16 s^2 nz + nz each; vae_fc3 16 s^2 nz + 16 s^2; vae_fc_up_sample 16 v + 2 v; final 2 f + f in +
// in.
Int variationalCount(Int f, Int v, Int side, Int nz, Int in) {
    const Int flat = 16 * side * side;
    return (2 * v + 144 * v + 48) + 2 * (flat * nz + nz) + (flat * nz + flat) + 18 * v + (2 * f + f * in + in);
}

// MONAI's DynUNet: block k^2 (in out + out^2) + two instance norms of 2 out; with res_block also in out + 2 out where
// the width or grid changes; up: transposed s^2 f_i f_(i-1), then a plain block of 2 f_(i-1) to f_(i-1); output f_0 out
// + out.
Int dynUNetCount(const std::vector<Int>& filters, const std::vector<Int>& strides, Int k, bool isResidual, Int in,
                 Int out) {
    const auto block = [k](Int i, Int o) { return k * k * (i * o + o * o) + 4 * o; };
    Int count = filters[0] * out + out;
    for (std::size_t i = 0; i < filters.size(); ++i) {
        count += block(in, filters[i]);
        if (isResidual && (in != filters[i] || strides[i] != 1)) count += in * filters[i] + 2 * filters[i];
        if (i > 0) count += strides[i] * strides[i] * filters[i] * in + block(2 * in, in);
        in = filters[i];
    }
    return count;
}

// MONAI's VNet with its 16 as c: unit 25 n^2 + 2 n; in_tr 25 in c + 2 c; down: 2x2 of 4 i 2i, norm 4 i, units at 2i;
// up: transposed 4 i o/2 + o/2, norm o, units at o; out_tr 50 c out + 2 out + out^2 + out.
Int vNetCount(Int c, Int in, Int out) {
    const auto units = [](Int count, Int n) { return count * (25 * n * n + 2 * n); };
    const auto down = [&](Int i, Int count) { return 8 * i * i + 4 * i + units(count, 2 * i); };
    const auto up = [&](Int i, Int o, Int count) { return 2 * i * o + o / 2 + o + units(count, o); };
    return 25 * in * c + 2 * c + down(c, 1) + down(2 * c, 2) + down(4 * c, 3) + down(8 * c, 2) + up(16 * c, 16 * c, 2) +
           up(16 * c, 8 * c, 2) + up(8 * c, 4 * c, 1) + up(4 * c, 2 * c, 1) + 50 * c * out + 2 * out + out * out + out;
}

// MONAI's RegUNet: unit 9 i o + 2 o + 2 (9 o^2 + 2 o); deconvolution 9 c_(d+1) c_d + 2 c_d, then a unit from c_d maps
// (2 c_d when skips are concatenated); one 3x3 without bias per extracted level.
Int regUNetCount(Int c, Int depth, const std::vector<Int>& extracted, bool isConcat, Int in, Int out) {
    const auto unit = [](Int i, Int o) { return 9 * i * o + 2 * o + 2 * (9 * o * o + 2 * o); };
    Int count = 0;
    for (Int d = 0; d <= depth; ++d) count += unit(d == 0 ? in : c << (d - 1), c << d);
    for (Int d = 0; d < depth; ++d) {
        const Int w = c << d;
        count += 18 * w * w + 2 * w + unit(isConcat ? 2 * w : w, w);
    }
    for (const Int level : extracted) count += 9 * (c << level) * out;
    return count;
}

// torchvision's vgg16().features, stated in its documentation's tables as 138,357,544 less the three linear layers.
constexpr Int kVggFeatures = 138357544 - (25088 * 4096 + 4096) - (4096 * 4096 + 4096) - (4096 * 1000 + 1000);
constexpr Int kVggNorms = 2 * (2 * 64 + 2 * 128 + 3 * 256 + 6 * 512);

Int vggDecoderCount(Int out) {
    Int count = 64 * out + out;
    const std::vector<Int> widths{64, 128, 256, 512, 512};
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
        count += widths[i + 1] * widths[i] + widths[i] + doubleConvolution(2 * widths[i], widths[i], false);
    }
    return count;
}

}  // namespace

class TestSegmentationParameters : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { torch::manual_seed(7); }

    // SimpleASPP of MONAI from i to 4 a maps: branches (1 + 3 x 9) i a + 4 a, merging 16 a^2 + 8 a.
    void asppCount() {
        const Int i = 256, a = 64, low = 48, d = 128;
        const Int encoder = doubleConvolution(1, 32, true) + doubleConvolution(32, 64, true) +
                            doubleConvolution(64, 128, true) + doubleConvolution(128, 256, true);
        const Int pyramid = 28 * i * a + 4 * a + 16 * a * a + 8 * a;
        const Int decoder = 64 * low + 2 * low + doubleConvolution(low + 4 * a, d, false) + d * 3 + 3;
        QCOMPARE(countOf({{"name", "aspp"}}), encoder + pyramid + decoder);
    }

    void segResNetCounts() {
        QCOMPARE(countOf({{"name", "segresnet"}}), segResNetCount(8, 1, 3, {1, 2, 2, 4}, {1, 1, 1}));
        const json wide{{"name", "segresnet"},
                        {"init_filters", 32},
                        {"in_channels", 2},
                        {"blocks_down", {1, 1, 3}},
                        {"blocks_up", {2, 1}}};
        QCOMPARE(countOf(wide), segResNetCount(32, 2, 3, {1, 1, 3}, {2, 1}));
    }

    // 256 px at 8 levels' stride 16 / 2: smallest maps of 16 x 16. MONAI's count has vae_fc2 also when it is not used.
    void segResNetVaeCounts() {
        const Int base = segResNetCount(8, 1, 3, {1, 2, 2, 4}, {1, 1, 1});
        const Int monai = base + variationalCount(8, 64, 16, 256, 1);
        QCOMPARE(countOf({{"name", "segresnet_vae"}, {"vae_estimate_std", true}}), monai);
        QCOMPARE(countOf({{"name", "segresnet_vae"}}), monai - (16 * 16 * 16 * 256 + 256));
    }

    void dynUNetCounts() {
        const std::vector<Int> filters{32, 64, 128, 256, 512, 512}, strides{1, 2, 2, 2, 2, 2};
        QCOMPARE(countOf({{"name", "dynunet"}}), dynUNetCount(filters, strides, 3, false, 1, 3));
        QCOMPARE(countOf({{"name", "dynunet"}, {"res_block", true}}), dynUNetCount(filters, strides, 3, true, 1, 3));
        const json other{{"name", "dynunet"},
                         {"strides", {1, 2, 1}},
                         {"filters", {8, 16, 16}},
                         {"kernel_sizes", {5, 5, 5}},
                         {"res_block", true}};
        QCOMPARE(countOf(other), dynUNetCount({8, 16, 16}, {1, 2, 1}, 5, true, 1, 3));
    }

    void vNetCounts() {
        QCOMPARE(countOf({{"name", "vnet"}}), vNetCount(16, 1, 3));
        QCOMPARE(countOf({{"name", "vnet"}, {"channels", 8}, {"in_channels", 2}, {"out_channels", 5}}),
                 vNetCount(8, 2, 5));
    }

    void regUNetCounts() {
        QCOMPARE(countOf({{"name", "regunet"}}), regUNetCount(16, 4, {0, 1, 2, 3, 4}, false, 1, 3));
        const json other{
            {"name", "regunet"}, {"channels", 8}, {"depth", 3}, {"extract_levels", {0, 3}}, {"concat_skip", true}};
        QCOMPARE(countOf(other), regUNetCount(8, 3, {0, 3}, true, 1, 3));
    }

    void vgg16UNetCounts() {
        QCOMPARE(kVggFeatures, Int(14714688));
        QCOMPARE(countOf({{"name", "vgg16_unet"}}), kVggFeatures + vggDecoderCount(3));
        QCOMPARE(countOf({{"name", "vgg16_unet"}, {"batch_norm", true}}),
                 kVggFeatures + kVggNorms + vggDecoderCount(3));
        const Int grayStem = kVggFeatures - 2 * 9 * 64;
        QCOMPARE(countOf({{"name", "vgg16_unet"}, {"stem_channels", 1}}), grayStem + vggDecoderCount(3));
    }

    void vggNamesAreTorchvisions() {
        const auto plain = made({{"name", "vgg16_unet"}, {"width", 1.0 / 16}})->named_parameters();
        const auto normed =
            made({{"name", "vgg16_unet"}, {"width", 1.0 / 16}, {"batch_norm", true}})->named_parameters();
        for (const int i : {0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28}) {
            QVERIFY(plain.contains("features." + std::to_string(i) + ".weight"));
        }
        for (const int i : {0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40}) {
            QCOMPARE(normed["features." + std::to_string(i) + ".weight"].dim(), Int(4));
            QCOMPARE(normed["features." + std::to_string(i + 1) + ".weight"].dim(), Int(1));
        }
    }

    // Splicing: a three-colour stem on a repeated film equals a gray stem whose weights are the colours' sums.
    void grayStemIsTheSumOfColours() {
        const auto colour = made({{"name", "vgg16_unet"}, {"width", 1.0 / 16}});
        const auto gray = made({{"name", "vgg16_unet"}, {"width", 1.0 / 16}, {"stem_channels", 1}});
        colour->eval();
        gray->eval();
        const torch::NoGradGuard noGrad;
        const auto from = colour->named_parameters();
        for (auto& item : gray->named_parameters()) {
            const auto& value = from[item.key()];
            item.value().copy_(item.key() == "features.0.weight" ? value.sum(1, true) : value);
        }
        const auto film = torch::randn({1, 1, 32, 32});
        const auto difference = (colour->forward(film).logits - gray->forward(film).logits).abs().max().item<double>();
        QVERIFY2(difference < 1e-4, qPrintable(QString::number(difference)));
    }

    // All weights 0: mu = 0, the drawn film = 0. Reconstruction = mean(film^2), KL = 0. With mu = 2: KL = 4 at a fixed
    // sigma; with softplus(ln(e - 1)) = 1 as sigma: KL = 0.5 (4 + 1 - 0 - 1) = 2.
    void variationalLossOnPaper_data() {
        QTest::addColumn<bool>("isEstimated");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("divergence");
        QTest::newRow("fixed, centred") << false << 0.0 << 0.0;
        QTest::newRow("fixed, off centre") << false << 2.0 << 4.0;
        QTest::newRow("estimated, centred") << true << 0.0 << 0.0;
        QTest::newRow("estimated, off centre") << true << 2.0 << 2.0;
    }
    void variationalLossOnPaper() {
        QFETCH(bool, isEstimated);
        QFETCH(double, mean);
        QFETCH(double, divergence);
        const auto network =
            made({{"name", "segresnet_vae"}, {"image_size", 32}, {"vae_nz", 4}, {"vae_estimate_std", isEstimated}});
        setAll(*network, 0);
        setOne(*network, "vae_fc1.bias", mean);
        if (isEstimated) setOne(*network, "vae_fc2.bias", std::log(std::exp(1.0) - 1));
        const auto film = torch::randn({2, 1, 32, 32});
        const double loss = network->forward(film).auxiliaryLoss.item<double>();
        const double expected = film.square().mean().item<double>() + divergence;
        QVERIFY2(std::abs(loss - expected) < 1e-5, qPrintable(QString("%1 %2").arg(loss).arg(expected)));
    }

    // Same weights, same film: the branch changes nothing in the logits, and does not run in prediction.
    void theBranchRunsInTrainingOnly() {
        const auto network = made({{"name", "segresnet_vae"}, {"image_size", 32}, {"vae_nz", 4}});
        const auto film = torch::randn({1, 1, 32, 32});
        const auto training = network->forward(film);
        QVERIFY(training.auxiliaryLoss.defined() && training.auxiliaryLoss.dim() == 0);
        QVERIFY_EXCEPTION_THROWN(network->forward(torch::zeros({1, 1, 64, 64})), c10::Error);
        network->eval();
        const auto prediction = network->forward(film);
        QVERIFY(!prediction.auxiliaryLoss.defined());
        QVERIFY((training.logits - prediction.logits).abs().max().item<double>() < 1e-6);
        QCOMPARE(network->forward(torch::zeros({1, 1, 64, 64})).logits.size(3), Int(64));
    }

    // In eval mode dropout rests: two calls agree; in training they do not.
    void dropoutRestsInPrediction_data() {
        QTest::addColumn<QString>("architecture");
        QTest::newRow("vnet") << R"({"name": "vnet", "channels": 4})";
        QTest::newRow("segresnet") << R"({"name": "segresnet", "dropout": 0.5})";
    }
    void dropoutRestsInPrediction() {
        QFETCH(QString, architecture);
        const auto network = made(json::parse(architecture.toStdString()));
        const auto film = torch::randn({2, 1, 32, 32});
        QVERIFY(!network->forward(film).logits.equal(network->forward(film).logits));
        network->eval();
        QVERIFY(network->forward(film).logits.equal(network->forward(film).logits));
    }

    void wrongHyperParameters_data() {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QString>("named");
        const auto row = [](const char* text, const char* named) {
            QTest::newRow(text) << QString(text) << QString(named);
        };
        row(R"({"name": "aspp", "channels": [8]})", "channels");
        row(R"({"name": "aspp", "out_channels": 0})", "out_channels");
        row(R"({"name": "segresnet", "init_filters": 12})", "init_filters");
        row(R"({"name": "segresnet", "groups": 0})", "groups");
        row(R"({"name": "segresnet", "blocks_up": [1]})", "blocks_up");
        row(R"({"name": "segresnet", "blocks_down": [], "blocks_up": []})", "blocks_down");
        row(R"({"name": "segresnet", "init_filters": 256, "blocks_down": [1,1,1,1,1], "blocks_up": [1,1,1,1]})",
            "init_filters");
        row(R"({"name": "segresnet", "dropout": 1})", "dropout");
        row(R"({"name": "segresnet_vae", "image_size": 250})", "image_size");
        row(R"({"name": "segresnet_vae", "groups": 32, "init_filters": 32})", "groups");
        row(R"({"name": "segresnet_vae", "blocks_down": []})", "blocks_down");
        row(R"({"name": "segresnet_vae", "vae_nz": 0})", "vae_nz");
        row(R"({"name": "dynunet", "strides": [2, 2, 2]})", "strides");
        row(R"({"name": "dynunet", "strides": []})", "strides");
        row(R"({"name": "dynunet", "kernel_sizes": [3, 3]})", "kernel_sizes");
        row(R"({"name": "dynunet", "kernel_sizes": [3, 3, 3, 2, 3, 3]})", "kernel_sizes");
        row(R"({"name": "dynunet", "filters": [8]})", "filters");
        row(R"({"name": "vnet", "channels": 15, "in_channels": 2})", "channels");
        row(R"({"name": "vnet", "in_channels": 0})", "in_channels");
        row(R"({"name": "vnet", "skip_dropout": -0.1})", "skip_dropout");
        row(R"({"name": "regunet", "depth": 9})", "depth");
        row(R"({"name": "regunet", "channels": 256, "depth": 4})", "channels");
        row(R"({"name": "regunet", "extract_levels": [1, 2]})", "extract_levels");
        row(R"({"name": "regunet", "extract_levels": [0, 2, 2]})", "extract_levels");
        row(R"({"name": "vgg16_unet", "stem_channels": 3, "in_channels": 2})", "stem_channels");
        row(R"({"name": "vgg16_unet", "width": 3})", "width");
    }
    void wrongHyperParameters() {
        QFETCH(QString, architecture);
        QFETCH(QString, named);
        const auto network = makeNetwork(json::parse(architecture.toStdString()));
        QVERIFY(!network.isOk());
        QCOMPARE(network.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(QString::fromStdString(network.error().message).contains('"' + named + '"'),
                 network.error().message.c_str());
    }

    void wrongTypes() {
        QCOMPARE(makeNetwork({{"name", "dynunet"}, {"strides", "many"}}).error().code, ErrorCode::Corrupt);
        QCOMPARE(makeNetwork({{"name", "vgg16_unet"}, {"batch_norm", 1}}).error().code, ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestSegmentationParameters)
#include "tst_segmentation_parameters.moc"
