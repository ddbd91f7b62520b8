// Forward plans answer as their networks do: every architecture, shortcuts in every place, one and two threads, after a stop.
#include <ATen/Parallel.h>
#include <QTest>

#include "build_paths.h"
#include "core/nn/architectures.h"
#include "core/nn/batch_norm_folding.h"
#include "core/nn/forward_plan.h"
#include "core/nn/pack_network.h"
#include "core/nn/prepared_network.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using nlohmann::json;

namespace {

namespace tnn = torch::nn;

const json kThin{{"name", "resnet18"}, {"in_channels", 1}, {"classes", 3}, {"width", 0.0625}};

struct Case {
    const char* name;
    json architecture;
    std::int64_t channels, side;
    bool hasPlan = true;
};

std::vector<Case> cases() {
    const auto with = [](json architecture, std::initializer_list<std::pair<const char*, json>> more) {
        for (const auto& [key, value] : more) architecture[key] = value;
        return architecture;
    };
    const json narrow{{"in_channels", 1}, {"classes", 3}, {"width", 0.125}, {"hidden", 8}};
    std::vector<Case> all;
    for (const char* name : {"resnet18", "resnet50", "densenet121", "vgg16", "vgg16_bn", "efficientnet_b4", "spf"}) {
        all.push_back({name, with(narrow, {{"name", name}}), 1, 64});
    }
    const json multires = with(narrow, {{"name", "multires"}, {"backbone", "resnet18"}, {"pcm", true}});
    all.push_back({"multires with pcm", multires, 1, 64});
    all.push_back({"multires of efficientnet", with(narrow, {{"name", "multires"}, {"backbone", "efficientnet_b4"}}), 1, 64});
    all.push_back({"ensemble", {{"name", "ensemble"}, {"members", {kThin, kThin, kThin}}}, 1, 64});
    const json looks{{"name", "glimpse"}, {"in_channels", 2}, {"glimpses", 3}, {"glimpse_size", 32}, {"coarse_size", 32}, {"state", 8}};
    all.push_back({"glimpse", with(looks, {{"classes", 5}, {"width", 0.125}}), 2, 64, false});  // its state
    const json masked{{"name", "mask_attended"}, {"in_channels", 3}, {"mask_plane", 2}, {"backbone", "resnet18"}};
    all.push_back({"mask_attended", with(masked, {{"classes", 5}, {"width", 0.125}}), 3, 64});
    const json unet{{"name", "unet"}, {"channels", {8, 16, 24}}};
    all.push_back({"unet", unet, 1, 32});
    all.push_back({"unet transposed", with(unet, {{"upsampling", "transposed"}}), 1, 32});
    all.push_back({"unet residual", with(unet, {{"residual_units", 2}}), 1, 32});
    all.push_back({"monai_unet", {{"name", "monai_unet"}, {"channels", {8, 12, 16}}}, 1, 32});
    all.push_back({"segresnet", {{"name", "segresnet"}, {"init_filters", 4}, {"groups", 2}}, 1, 64});
    all.push_back({"dynunet", {{"name", "dynunet"}, {"strides", {1, 2, 2, 2}}, {"filters", {4, 8, 8, 16}}}, 1, 32});
    all.push_back({"vnet", {{"name", "vnet"}, {"channels", 4}}, 1, 64});
    all.push_back({"regunet", {{"name", "regunet"}, {"channels", 4}, {"depth", 2}}, 1, 32});
    all.push_back({"vgg16_unet", {{"name", "vgg16_unet"}, {"width", 1.0 / 16}}, 1, 64});
    all.push_back({"aspp", {{"name", "aspp"}}, 1, 64});
    return all;
}

std::shared_ptr<Network> ready(const json& architecture) {
    torch::manual_seed(7);
    auto made = makeNetwork(architecture);
    if (!made.isOk()) qFatal("%s", made.error().message.c_str());
    test::shakeStatistics(*made.value());
    made.value()->eval();
    made.value()->foldBatchNorm();
    return made.value();
}

// Of all tensors that both give, as a share of the largest number.
double largestShare(const NetworkOutput& found, const NetworkOutput& wanted) {
    double largest = 0;
    for (const auto member : {&NetworkOutput::logits, &NetworkOutput::cams, &NetworkOutput::refinedCams, &NetworkOutput::glimpses}) {
        const torch::Tensor &a = found.*member, &b = wanted.*member;
        if (a.defined() != b.defined()) return 1e9;
        if (b.defined()) largest = std::max(largest, test::largestDifference(a, b) / b.abs().max().item<double>());
    }
    return largest;
}

// relu(a(x) + x), then b(x) + that sum, and that sum once more: what is added is read again afterwards.
class ReadAgain : public Network {
  public:
    ReadAgain() {
        for (const char* name : {"a", "b", "c"}) register_module(name, tnn::Conv2d(convolutionOptions(8, 8, 3)));
        m_first = register_module("first", tnn::Conv2d(convolutionOptions(1, 8, 3)));
    }
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop) override {
        const auto conv = [&](const char* name, const torch::Tensor& x) {
            throwIfStopped(stop);
            return named_children()[name]->as<tnn::Conv2d>()->forward(x);
        };
        const auto start = m_first->forward(input);
        const auto sum = torch::relu(conv("a", start) + start);
        const auto next = conv("b", sum) + sum;     // `sum` lives on
        const auto last = conv("c", next) + next + torch::sigmoid(sum) + start;
        return {last, last, torch::Tensor()};
    }
    void foldBatchNorm() override {}

  private:
    tnn::Conv2d m_first{nullptr};
};

}  // namespace

class TestForwardPlan : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        const auto network = ready(kThin);
        if (!ForwardPlan::make(*network, {1, 1, 64, 64}, Precision::Float32)) QSKIP("the program was built without oneDNN 2");
    }
    void answersAsTheNetwork_data();
    void answersAsTheNetwork();
    void whatIsReadAgainStays();
    void threadsChangeNothing();
    void stopsAndGoesOn();
    void bfloat16IsCloseAndAnother();
    void networksWithoutConvolutionsHaveNone();
    void gradientsStayAsked();
    void otherShapesAndBatchesAreTheNetworks();
    void shippedPacks_data();
    void shippedPacks();
};

void TestForwardPlan::answersAsTheNetwork_data() {
    QTest::addColumn<int>("row");
    int row = 0;
    for (const auto& one : cases()) QTest::newRow(one.name) << row++;
}

void TestForwardPlan::answersAsTheNetwork() {
    QFETCH(int, row);
    const Case one = cases().at(static_cast<std::size_t>(row));
    const auto network = ready(one.architecture);
    const std::vector<std::int64_t> sizes{1, one.channels, one.side, one.side};
    QCOMPARE(ForwardPlan::make(*network, sizes, Precision::Float32) != nullptr, one.hasPlan);
    PreparedNetwork prepared(network, Precision::Float32, true);
    const torch::NoGradGuard noGrad;
    for (int film = 0; film < 3; ++film) {  // others than the one that was traced; the last is smooth, as films are
        torch::manual_seed(100 + film);
        const auto noise = torch::randn(sizes);
        const auto input = film < 2 ? noise * (1 + film) : torch::avg_pool2d(noise, 9, 1, 4) * 6;
        const double share = largestShare(prepared.forward(input), network->forward(input));
        QVERIFY2(share < 1e-4, qPrintable(QString::number(share)));
    }
}

void TestForwardPlan::whatIsReadAgainStays() {
    torch::manual_seed(1);
    ReadAgain network;
    network.eval();
    const auto plan = ForwardPlan::make(network, {1, 1, 24, 16}, Precision::Float32);
    QVERIFY(plan != nullptr);
    const torch::NoGradGuard noGrad;
    const auto input = torch::randn({1, 1, 24, 16});
    const auto wanted = network.forward(input, {});
    for (int again = 0; again < 2; ++again) QVERIFY(test::largestDifference(plan->run(input).logits, wanted.logits) < 1e-5);
}

void TestForwardPlan::threadsChangeNothing() {
    const auto network = ready({{"name", "unet"}, {"channels", {16, 32, 64}}});
    PreparedNetwork prepared(network, Precision::Float32, true);
    const torch::NoGradGuard noGrad;
    const auto input = torch::randn({1, 1, 192, 192});  // enough work for two
    const int before = at::get_num_threads();
    at::set_num_threads(1);
    const auto alone = prepared.forward(input).logits;
    at::set_num_threads(2);
    const auto together = prepared.forward(input).logits;
    QCOMPARE(at::get_num_threads(), 2);
    at::set_num_threads(before);
    QVERIFY(test::largestDifference(alone, together) < 1e-5 * alone.abs().max().item<double>());
}

void TestForwardPlan::stopsAndGoesOn() {
    const auto network = ready(kThin);
    const std::vector<std::int64_t> sizes{1, 1, 64, 64};
    QVERIFY_EXCEPTION_THROWN((void)ForwardPlan::make(*network, sizes, Precision::Float32, [] { return true; }), NetworkCancelled);
    const auto plan = ForwardPlan::make(*network, sizes, Precision::Float32);
    const torch::NoGradGuard noGrad;
    const auto input = torch::randn(sizes);
    const auto wanted = network->forward(input);
    int asked = 0;
    QVERIFY_EXCEPTION_THROWN((void)plan->run(input, [&] { return ++asked == 6; }), NetworkCancelled);
    QCOMPARE(asked, 6);
    QVERIFY(largestShare(plan->run(input, [&] { ++asked; return false; }), wanted) < 1e-4);
    QVERIFY(asked > 25);  // each of its 20 convolutions
}

void TestForwardPlan::bfloat16IsCloseAndAnother() {
    if (!hasFastBfloat16()) QSKIP("this processor has no AMX");
    for (const json& architecture : {json{{"name", "unet"}, {"channels", {16, 32, 64}}}, json{{"name", "ensemble"}, {"members", {kThin, kThin}}}}) {
        const auto network = ready(architecture);
        const auto plan = ForwardPlan::make(*network, {1, 1, 64, 64}, Precision::Bfloat16);
        QVERIFY(plan != nullptr);
        const torch::NoGradGuard noGrad;
        torch::manual_seed(2);
        const auto input = torch::randn({1, 1, 64, 64});
        const double share = largestShare(plan->run(input), network->forward(input));
        QVERIFY2(share > 1e-5 && share < 0.05, qPrintable(QString::number(share)));
        QCOMPARE(plan->run(input).logits.scalar_type(), torch::kFloat);
    }
}

void TestForwardPlan::networksWithoutConvolutionsHaveNone() {
    const auto network = ready({{"name", "mlp"}, {"classes", 5}, {"in_features", 24}, {"hidden", {16, 8}}});
    QVERIFY(ForwardPlan::make(*network, {1, 1, 1, 24}, Precision::Float32) == nullptr);
    PreparedNetwork prepared(network, Precision::Float32, true);
    const torch::NoGradGuard noGrad;
    const auto input = torch::randn({1, 1, 1, 24});
    QVERIFY(torch::equal(prepared.forward(input).logits, network->forward(input).logits));
}

void TestForwardPlan::gradientsStayAsked() {
    const auto network = ready(kThin);
    QVERIFY(ForwardPlan::make(*network, {1, 1, 64, 64}, Precision::Float32) != nullptr);
    for (const auto& parameter : network->parameters()) QVERIFY(parameter.requires_grad());
    const auto leaf = torch::randn({1, 1, 64, 64}).set_requires_grad(true);
    network->forward(leaf).logits.sum().backward();
    QVERIFY(leaf.grad().abs().max().item<double>() > 0);
}

void TestForwardPlan::otherShapesAndBatchesAreTheNetworks() {
    const auto network = ready(kThin);
    PreparedNetwork prepared(network, Precision::Float32, true);
    const torch::NoGradGuard noGrad;
    for (const std::vector<std::int64_t>& sizes : {std::vector<std::int64_t>{1, 1, 64, 64}, {1, 1, 96, 64}, {3, 1, 64, 64}, {1, 1, 64, 64}}) {
        const auto input = torch::randn(sizes);
        QVERIFY(largestShare(prepared.forward(input), network->forward(input)) < 1e-4);
    }
}

void TestForwardPlan::shippedPacks_data() {
    QTest::addColumn<QString>("folder");
    for (const char* id : {"heart-lungs", "chest14", "cardiomegaly", "heartspot-cardiomegaly", "view"}) {
        QTest::newRow(id) << QString(CXR_SOURCE_DIR "/models/") + id;
    }
}

void TestForwardPlan::shippedPacks() {
    QFETCH(QString, folder);
    const auto loaded = loadPackNetwork(folder.toStdString(), torch::kCPU, [](const Manifest&) -> Result<Done> { return Done{}; });
    QVERIFY2(loaded.isOk(), loaded.isOk() ? "" : loaded.error().message.c_str());
    const ModelInput& reads = loaded.value().pack.manifest.input;
    const std::vector<std::int64_t> sizes{1, reads.channels, reads.size, reads.size};
    const auto plan = ForwardPlan::make(*loaded.value().network, sizes, Precision::Float32);
    QVERIFY(plan != nullptr);
    const torch::NoGradGuard noGrad;
    torch::manual_seed(4);
    const auto film = torch::avg_pool2d(torch::randn(sizes), 9, 1, 4) * 6;  // smooth, as films are
    const double share = largestShare(plan->run(film), loaded.value().network->forward(film));
    QVERIFY2(share < 1e-4, qPrintable(QString::number(share)));
}

QTEST_GUILESS_MAIN(TestForwardPlan)
#include "tst_forward_plan.moc"
