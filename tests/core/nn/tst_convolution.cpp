// A network that is made for a state dict holds memory only, and answers as any other once its weights are there.
#include <QtTest>

#include "core/nn/architectures.h"
#include "core/nn/convolution.h"
#include "core/nn/state_dict.h"

using namespace cxr::nn;

class TestConvolution : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void layerKeepsItsOptions();
    void filledNetworkAnswersAsItsSource_data();
    void filledNetworkAnswersAsItsSource();
    void scopeEnds();
};

namespace {

std::shared_ptr<Network> made(const char* architecture) {
    return makeNetwork(nlohmann::json::parse(architecture)).value();
}

std::shared_ptr<Network> unfilled(const char* architecture) {
    const WeightsFollow weightsFollow;
    return made(architecture);
}

void fill(Network& target, const Network& source) {
    const torch::NoGradGuard noGrad;
    const auto from = stateOf(source);
    for (auto& [name, tensor] : stateOf(target)) tensor.copy_(from.at(name));
}

}  // namespace

void TestConvolution::layerKeepsItsOptions() {
    const auto options = torch::nn::Conv2dOptions(8, 12, {3, 5}).groups(4).dilation(2).padding({1, 2}).stride(2).bias(true);
    auto plain = makeConvolution(options);
    torch::nn::Conv2d layer{nullptr};
    {
        const WeightsFollow weightsFollow;
        layer = makeConvolution(options);
    }
    QCOMPARE(layer->weight.sizes(), plain->weight.sizes());
    QVERIFY(layer->weight.is_contiguous(at::MemoryFormat::ChannelsLast));
    const torch::NoGradGuard noGrad;
    layer->weight.copy_(plain->weight);
    layer->bias.copy_(plain->bias);
    const auto x = torch::randn({1, 8, 17, 19});
    QVERIFY(torch::allclose(layer->forward(x), plain->forward(x), 1e-5, 1e-6));
}

void TestConvolution::filledNetworkAnswersAsItsSource_data() {
    QTest::addColumn<QByteArray>("architecture");
    const char* all[] = {
        R"({"name": "resnet18", "width": 0.125, "in_channels": 1, "classes": 3})",
        R"({"name": "densenet121", "width": 0.25, "in_channels": 1, "classes": 3})",
        R"({"name": "efficientnet_b4", "width": 0.25, "in_channels": 1, "classes": 3})",
        R"({"name": "unet", "channels": [4, 8, 16], "in_channels": 1, "out_channels": 3})",
    };
    for (const char* one : all) QTest::newRow(nlohmann::json::parse(one)["name"].get<std::string>().c_str()) << QByteArray(one);
}

void TestConvolution::filledNetworkAnswersAsItsSource() {
    QFETCH(QByteArray, architecture);
    const auto source = made(architecture.constData()), target = unfilled(architecture.constData());
    fill(*target, *source);
    const torch::NoGradGuard noGrad;
    const auto x = torch::rand({1, 1, 64, 64});
    for (const auto& network : {source, target}) network->eval(), network->foldBatchNorm();
    QVERIFY(torch::allclose(source->forward(x).logits, target->forward(x).logits, 1e-4, 1e-5));
}

void TestConvolution::scopeEnds() {
    { const WeightsFollow weightsFollow; }
    torch::manual_seed(1);
    const auto first = makeConvolution(convolutionOptions(2, 2, 3));
    torch::manual_seed(1);
    const torch::nn::Conv2d second(convolutionOptions(2, 2, 3));
    QVERIFY(torch::equal(first->weight, second->weight));
}

QTEST_GUILESS_MAIN(TestConvolution)
#include "tst_convolution.moc"
