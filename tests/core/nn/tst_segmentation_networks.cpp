// Every segmentation network besides U-Net, at small width: shapes, films that do not fit, gradients, a shape learnt by
// heart, folding, stopping, autocast, weights to a file and back.
#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/nn/architectures.h"
#include "core/nn/autocast.h"
#include "core/nn/state_dict.h"

using namespace cxr;
using namespace cxr::nn;
using nlohmann::json;

namespace {

struct Case {
    const char* label;
    json architecture;
    int stride;
    const char* noGradient;  // part of the names of biases that the norm behind them cancels; "" for none
};

const std::vector<Case>& cases() {
    static const std::vector<Case> list{
        {"aspp",
         {{"name", "aspp"},
          {"channels", {4, 8, 16}},
          {"aspp_channels", 4},
          {"low_level_channels", 4},
          {"decoder_channels", 8}},
         4,
         "aspp.convs"},
        {"segresnet",
         {{"name", "segresnet"}, {"init_filters", 4}, {"groups", 2}, {"blocks_down", {1, 1, 2}}, {"blocks_up", {1, 1}}},
         4,
         ""},
        {"segresnet_vae",
         {{"name", "segresnet_vae"},
          {"init_filters", 4},
          {"groups", 2},
          {"blocks_down", {1, 1, 2}},
          {"blocks_up", {1, 1}},
          {"image_size", 32},
          {"vae_nz", 8},
          {"vae_estimate_std", true}},
         4,
         ""},
        {"dynunet", {{"name", "dynunet"}, {"strides", {1, 2, 2, 2}}, {"filters", {4, 8, 8, 16}}}, 8, ""},
        {"dynunet res_block",
         {{"name", "dynunet"},
          {"strides", {1, 2, 1, 2}},
          {"filters", {4, 8, 8, 16}},
          {"kernel_sizes", {3, 5, 3, 1}},
          {"res_block", true}},
         4,
         ""},
        {"vnet", {{"name", "vnet"}, {"channels", 4}, {"dropout", 0}, {"skip_dropout", 0}}, 16, "up_conv.bias"},
        {"regunet", {{"name", "regunet"}, {"channels", 4}, {"depth", 2}}, 4, ""},
        {"regunet concat_skip",
         {{"name", "regunet"}, {"channels", 4}, {"depth", 3}, {"extract_levels", {0, 2}}, {"concat_skip", true}},
         8,
         ""},
        {"monai_unet", {{"name", "monai_unet"}, {"channels", {8, 12, 16}}}, 4, ".conv.bias"},
        {"monai_unet plain",
         {{"name", "monai_unet"}, {"channels", {8, 16, 16, 24}}, {"residual_units", 0}},
         8,
         ".conv.bias"},
        {"vgg16_unet", {{"name", "vgg16_unet"}, {"width", 1.0 / 16}}, 16, ""},
        {"vgg16_unet batch_norm", {{"name", "vgg16_unet"}, {"width", 1.0 / 16}, {"batch_norm", true}}, 16, "features"},
    };
    return list;
}

std::shared_ptr<Network> made(const Case& one) {
    auto network = makeNetwork(one.architecture);
    if (!network.isOk()) qFatal("%s", network.error().message.c_str());
    return network.value();
}

void addRows() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i) QTest::newRow(cases()[i].label) << static_cast<int>(i);
}

double largestDifference(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

// Running statistics that are not 0 and 1, as training leaves them.
void shakeStatistics(Network& network) {
    const torch::NoGradGuard noGrad;
    for (auto& buffer : network.buffers()) {
        if (buffer.is_floating_point()) buffer.add_(torch::rand_like(buffer));
    }
}

std::string messageOf(Network& network, const torch::Tensor& film) {
    try {
        network.forward(film);
    } catch (const c10::Error& wrong) {
        return wrong.what_without_backtrace();
    }
    return {};
}

torch::Tensor withAuxiliary(const NetworkOutput& output, const torch::Tensor& loss) {
    return output.auxiliaryLoss.defined() ? loss + 0.1 * output.auxiliaryLoss : loss;
}

// Two films of 32 px with a bright disc and noise; their organ is the disc.
torch::Tensor discs() {
    const auto y = torch::arange(32).view({32, 1}), x = torch::arange(32).view({1, 32});
    const auto disc = [&](int row, int column, int radius) {
        return ((y - row).square() + (x - column).square() <= radius * radius).to(torch::kFloat);
    };
    return torch::stack({disc(12, 18, 8), disc(20, 10, 6)}).unsqueeze(1);
}

// Of the first organ, in eval mode.
double diceOf(Network& network, const torch::Tensor& films, const torch::Tensor& truth) {
    const torch::NoGradGuard noGrad;
    network.eval();
    const auto found = (network.forward(films).logits.slice(1, 0, 1) > 0).to(torch::kFloat);
    return 2 * (found * truth).sum().item<double>() / (found.sum() + truth.sum()).item<double>();
}

// MONAI's UNet with n residual units of k = 3^d numbers a kernel, one number a PReLU. With d = 3, batch norms and 16 to
// 256 channels, 1 in, 2 out, n = 2 the same sum is 4,808,917, which MONAI's spleen tutorial prints.
std::int64_t monaiUNetCount(const std::vector<std::int64_t>& c, std::int64_t n, std::int64_t in, std::int64_t out) {
    const auto unit = [](std::int64_t i, std::int64_t o) { return 9 * i * o + o + 1; };
    const auto down = [&](std::int64_t i, std::int64_t o, bool isStrided) {
        return unit(i, o) + (n - 1) * unit(o, o) + (isStrided ? 9 : 1) * i * o + o;
    };
    std::int64_t count = -1;  // no PReLU at the end
    for (std::size_t i = 0; i < c.size(); ++i) {
        const bool isDeepest = i + 1 == c.size();
        count += down(i == 0 ? in : c[i - 1], c[i], !isDeepest);
        if (isDeepest) break;
        const std::int64_t below = i + 2 == c.size() ? c[i + 1] : c[i], o = i == 0 ? out : c[i - 1];
        count += unit(c[i] + below, o) + unit(o, o);
    }
    return count;
}

}  // namespace

class TestSegmentationNetworks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }
    void init() { torch::manual_seed(5); }

    void shapes_data() { addRows(); }
    void shapes() {
        QFETCH(int, index);
        const Case& one = cases()[static_cast<std::size_t>(index)];
        const auto network = made(one);
        network->eval();
        const torch::NoGradGuard noGrad;
        for (const auto& [h, w] : {std::pair{2, 2}, {4, 3}}) {
            const auto output = network->forward(torch::randn({2, 1, h * one.stride, w * one.stride}));
            const std::vector<std::int64_t> expected{2, 3, h * one.stride, w * one.stride};
            QCOMPARE(output.logits.sizes().vec(), expected);
            QCOMPARE(output.features.size(2), std::int64_t(h));
            QCOMPARE(output.features.size(3), std::int64_t(w));
            QVERIFY(!output.auxiliaryLoss.defined());
            QVERIFY(output.logits.isfinite().all().item<bool>());
        }
    }

    void monaiUNetHasItsSizeAndNames() {
        const auto network =
            makeNetwork({{"name", "monai_unet"}, {"channels", {16, 32, 64, 128, 256}}, {"out_channels", 2}}).value();
        std::int64_t count = 0;
        for (const auto& parameter : network->parameters()) count += parameter.numel();
        QCOMPARE(count, monaiUNetCount({16, 32, 64, 128, 256}, 2, 1, 2));
        const auto parameters = network->named_parameters();
        for (const char* name : {"model.0.conv.unit0.conv.weight", "model.0.conv.unit1.adn.A.weight",
                                 "model.0.residual.weight", "model.1.submodule.1.submodule.2.0.conv.weight",
                                 "model.1.submodule.1.submodule.1.submodule.1.submodule.residual.weight",
                                 "model.2.0.adn.A.weight", "model.2.1.conv.unit0.conv.bias"}) {
            QVERIFY2(parameters.contains(name), name);
        }
        QVERIFY(!parameters.contains("model.2.1.conv.unit0.adn.A.weight"));
    }

    void filmsThatDoNotFit_data() { addRows(); }
    void filmsThatDoNotFit() {
        QFETCH(int, index);
        const Case& one = cases()[static_cast<std::size_t>(index)];
        const auto network = made(one);
        const std::string side = messageOf(*network, torch::zeros({1, 1, 4 * one.stride, 4 * one.stride + 1}));
        QVERIFY2(side.find("multiples of " + std::to_string(one.stride)) != std::string::npos, side.c_str());
        const std::string planes = messageOf(*network, torch::zeros({1, 2, 4 * one.stride, 4 * one.stride}));
        QVERIFY2(planes.find("1 channels; this film has 2") != std::string::npos, planes.c_str());
        QVERIFY(!messageOf(*network, torch::zeros({4 * one.stride, 4 * one.stride})).empty());
    }

    void gradientReachesEveryParameter_data() { addRows(); }
    void gradientReachesEveryParameter() {
        QFETCH(int, index);
        const Case& one = cases()[static_cast<std::size_t>(index)];
        const auto network = made(one);
        const auto output = network->forward(torch::randn({2, 1, 32, 32}));
        withAuxiliary(output, (output.logits * torch::randn_like(output.logits)).sum()).backward();
        for (const auto& item : network->named_parameters()) {
            const std::string& name = item.key();
            QVERIFY2(item.value().grad().defined(), name.c_str());
            const bool isCancelled =
                *one.noGradient && name.ends_with(".bias") && name.find(one.noGradient) != std::string::npos;
            QVERIFY2(isCancelled || item.value().grad().abs().sum().item<double>() > 1e-9, name.c_str());
        }
    }

    void learnsAShapeByHeart_data() { addRows(); }
    void learnsAShapeByHeart() {
        QFETCH(int, index);
        const auto network = made(cases()[static_cast<std::size_t>(index)]);
        const auto truth = discs();
        const auto films = truth - 0.3 + 0.3 * torch::randn_like(truth);
        torch::optim::Adam optimizer(network->parameters(), torch::optim::AdamOptions(0.01));
        double learnt = 0;
        for (int step = 1; step <= 150 && learnt < 0.95; ++step) {
            network->train();
            const auto output = network->forward(films);
            const auto loss = torch::binary_cross_entropy_with_logits(output.logits.slice(1, 0, 1), truth);
            optimizer.zero_grad();
            withAuxiliary(output, loss).backward();
            optimizer.step();
            if (step % 10 == 0) learnt = diceOf(*network, films, truth);
        }
        QVERIFY2(learnt >= 0.95, qPrintable(QString::number(learnt)));
    }

    void foldingKeepsTheLogits_data() { addRows(); }
    void foldingKeepsTheLogits() {
        QFETCH(int, index);
        const auto network = made(cases()[static_cast<std::size_t>(index)]);
        shakeStatistics(*network);
        network->eval();
        const auto film = torch::randn({1, 1, 32, 64});
        const torch::NoGradGuard noGrad;
        const auto before = network->forward(film).logits;
        network->foldBatchNorm();
        network->foldBatchNorm();
        QVERIFY(largestDifference(before, network->forward(film).logits) < 1e-4);
        network->to(torch::kDouble);  // folded numbers move with the network
        QVERIFY(largestDifference(before, network->forward(film.to(torch::kDouble)).logits) < 1e-4);
    }

    void stopsBetweenLayers_data() { addRows(); }
    void stopsBetweenLayers() {
        QFETCH(int, index);
        const auto network = made(cases()[static_cast<std::size_t>(index)]);
        const auto film = torch::zeros({1, 1, 32, 32});
        int asked = 0;
        network->forward(film, [&] { return ++asked < 0; });
        const int all = asked;
        QVERIFY2(all >= 8, qPrintable(QString::number(all)));
        for (const int at : {1, all / 2, all}) {
            asked = 0;
            QVERIFY_EXCEPTION_THROWN(network->forward(film, [&] { return ++asked == at; }), NetworkCancelled);
            QCOMPARE(asked, at);
        }
    }

    // As the trainer runs them: forward under autocast, loss in float.
    void trainsUnderAutocast_data() { addRows(); }
    void trainsUnderAutocast() {
        QFETCH(int, index);
        const auto network = made(cases()[static_cast<std::size_t>(index)]);
        NetworkOutput output;
        {
            const AutocastScope autocast(torch::kCPU, /*enabled=*/true);
            output = network->forward(torch::randn({2, 1, 32, 32}).contiguous(at::MemoryFormat::ChannelsLast));
        }
        const auto loss = withAuxiliary(output, output.logits.to(torch::kFloat).square().mean());
        loss.backward();
        QVERIFY(std::isfinite(loss.item<double>()));
        for (const auto& parameter : network->parameters()) QVERIFY(parameter.grad().isfinite().all().item<bool>());
    }

    void stateDictRoundTrip_data() { addRows(); }
    void stateDictRoundTrip() {
        QFETCH(int, index);
        const Case& one = cases()[static_cast<std::size_t>(index)];
        const auto network = made(one), other = made(one);
        shakeStatistics(*network);
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "w.safetensors";
        QVERIFY(writeSafetensors(file, stateDictOf(*network, /*asHalf=*/false)).isOk());
        const auto opened = SafetensorsFile::open(file);
        QVERIFY(opened.isOk() && loadStateDict(*other, opened.value()).isOk());
        network->eval();
        other->eval();
        const auto film = torch::randn({1, 1, 32, 32});
        QCOMPARE(largestDifference(network->forward(film).logits, other->forward(film).logits), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestSegmentationNetworks)
#include "tst_segmentation_networks.moc"
