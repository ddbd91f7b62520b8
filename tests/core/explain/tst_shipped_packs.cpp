// The packs in models/: what each allows, and whether integrated gradients and DeepLift add up, and relevance is conserved,
// on the networks that users get. Needs no data: the film is a phantom of soft discs.
#include <QTest>
#include <cmath>
#include <filesystem>

#include "build_paths.h"
#include "core/engine/explain_methods.h"
#include "core/explain/baseline.h"
#include "core/explain/explain_output.h"
#include "core/explain/network_traits.h"
#include "core/nn/architectures.h"
#include "core/nn/classifier_runner.h"
#include "core/pipeline/model_facts.h"

using namespace cxr;
using namespace cxr::explain;
using torch::Tensor;
namespace fs = std::filesystem;

namespace {

// Planes of a chest from afar: two dark lungs and a bright heart on gray.
Tensor phantom(std::int64_t planes, std::int64_t side) {
    const auto at = torch::linspace(-1, 1, side);
    const Tensor y = at.view({-1, 1}), x = at.view({1, -1});
    const auto disc = [&](double cy, double cx, double ry, double rx) { return torch::sigmoid(8 * (1 - ((y - cy) / ry).square() - ((x - cx) / rx).square())); };
    const Tensor film = (0.6 - 0.4 * disc(0, -0.45, 0.7, 0.3) - 0.4 * disc(0, 0.45, 0.7, 0.3) + 0.3 * disc(0.25, 0.1, 0.35, 0.35)).clamp(0.01, 1);
    Tensor all = torch::zeros({planes, side, side});
    all[0].copy_(film);
    for (std::int64_t i = 1; i < planes; ++i) all[i].copy_(disc(0.25, 0.1, 0.35, 0.35));
    return all.to(torch::kFloat);
}

}  // namespace

class TestShippedPacks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void addUp_data();
    void addUp();
    void conserveRelevance_data() { addUp_data(); }
    void conserveRelevance();
    void manifestsTellWhatNetworksAllow();
};

void TestShippedPacks::addUp_data() {
    QTest::addColumn<QString>("folder");
    for (const auto& entry : fs::directory_iterator(fs::path(CXR_SOURCE_DIR) / "models")) {
        const auto pack = readPack(entry.path());
        if (!pack.isOk() || pack.value().manifest.task != "classification" || pack.value().manifest.input.framing.ends_with("vector")) continue;
        QTest::newRow(qPrintable(QString::fromStdString(pack.value().manifest.id))) << QString::fromStdString(entry.path().string());
    }
}

void TestShippedPacks::addUp() {
    QFETCH(QString, folder);
    auto loaded = nn::ClassifierRunner::load(folder.toStdString(), torch::kCPU);
    QVERIFY2(loaded.isOk(), loaded.isOk() ? "" : loaded.error().message.c_str());
    nn::ClassifierRunner& runner = *loaded.value();
    const ModelInput& input = runner.manifest().input;
    const Tensor planes = phantom(static_cast<std::int64_t>(input.planes.size()), input.size), film = runner.normalised(planes);
    const NetworkTraits traits = traitsOf(runner.network());
    QCOMPARE(allowedMethods(networkTraits(runner.manifest())), allowedMethods(traits));
    const auto answerTo = [&](const ExplainOptions& options) {
        Question question{runner.network(), film, baselineOf(planes.unsqueeze(0), film, input, options)};
        question.filmChannels = filmChannelsOf(input);
        question.options = options;
        auto found = explained(question);
        if (!found.isOk()) qFatal("%s", found.error().message.c_str());
        return std::move(found).value();
    };
    QVERIFY(allows(traits, ExplainMethod::Cam) && allows(traits, ExplainMethod::DeepLift));
    const auto lift = answerTo({.method = ExplainMethod::DeepLift});
    const double change = lift.logit - lift.baselineLogit;
    QVERIFY2(std::abs(lift.convergenceDelta) < 2e-3 * std::abs(change) + 1e-4, qPrintable(QString("%1 of %2").arg(lift.convergenceDelta).arg(change)));
    const auto integrated = answerTo({.method = ExplainMethod::IntegratedGradients, .steps = 40});
    QVERIFY2(std::abs(integrated.convergenceDelta) < 0.05 * std::abs(change) + 2e-3,
             qPrintable(QString("%1 of %2").arg(integrated.convergenceDelta).arg(change)));
    for (const auto method : allowedMethods(traits)) {
        const auto found = answerTo({.method = method, .steps = 2, .patch = 64, .stride = 64});
        QVERIFY2(found.cells.isfinite().all().item<bool>(), explainMethodInfo(method).id.c_str());
        if (!explainMethodInfo(method).isSigned && method != ExplainMethod::LrpAlpha1Beta0) QVERIFY((found.cells >= 0).all().item<bool>());
        QVERIFY(std::abs(found.logit - lift.logit) < 1e-3 * (1 + std::abs(lift.logit)));
    }
}

// The rules hand back the logit whole: the networks that users get, without their biases, which keep a share of it.
void TestShippedPacks::conserveRelevance() {
    QFETCH(QString, folder);
    auto loaded = nn::ClassifierRunner::load(folder.toStdString(), torch::kCPU);
    QVERIFY2(loaded.isOk(), loaded.isOk() ? "" : loaded.error().message.c_str());
    nn::ClassifierRunner& runner = *loaded.value();
    {
        const torch::NoGradGuard noGrad;
        for (const auto& item : runner.network().named_parameters()) {
            if (item.key().ends_with("bias")) item.value().zero_();
        }
        for (const auto& item : runner.network().named_buffers()) {
            if (item.key().ends_with("running_mean") || item.key().ends_with("bias")) item.value().zero_();  // "folded_bias": of merged norms
        }
    }
    const ModelInput& input = runner.manifest().input;
    const Tensor film = runner.normalised(phantom(static_cast<std::int64_t>(input.planes.size()), input.size));
    Question question{runner.network(), film, torch::zeros_like(film)};
    question.filmChannels = film.size(1);  // the whole of it
    for (const auto method : {ExplainMethod::LrpEpsilon, ExplainMethod::LrpAlpha1Beta0, ExplainMethod::LrpGamma}) {
        QVERIFY(allows(traitsOf(runner.network()), method));
        question.options = {.method = method};
        const auto found = explained(question);
        QVERIFY2(found.isOk(), found.isOk() ? "" : found.error().message.c_str());
        const double sum = std::abs(found.value().cells.to(torch::kDouble).sum().item<double>()), logit = std::abs(found.value().logit);
        QVERIFY2(std::abs(sum - logit) < 0.01 * logit, qPrintable(QString("%1: %2 of %3").arg(explainMethodInfo(method).id.c_str()).arg(sum).arg(logit)));
    }
}

// model_facts reads the manifest, the engine the network: they agree on every architecture.
void TestShippedPacks::manifestsTellWhatNetworksAllow() {
    using Json = nlohmann::json;
    const Json thin{{"name", "resnet18"}, {"width", 0.0625}};
    std::vector<Json> all{{{"name", "mlp"}, {"in_features", 8}, {"hidden", {4}}}, {{"name", "ensemble"}, {"members", {thin, thin}}},
                          {{"name", "mask_attended"}, {"backbone", {{"name", "efficientnet_b4"}, {"width", 0.125}}}},
                          {{"name", "multires"}, {"backbone", "resnet18"}, {"width", 0.0625}, {"pcm", true}},
                          {{"name", "multires"}, {"backbone", "efficientnet_b4"}, {"width", 0.125}}};
    for (const char* name : {"densenet121", "efficientnet_b4", "glimpse", "mask_attended", "multires", "resnet18", "resnet50", "spf", "vgg16", "vgg16_bn"}) {
        Json plain{{"name", name}, {"width", 0.125}, {"hidden", 8}};
        if (std::string(name) == "glimpse") plain = {{"name", name}, {"context", thin}, {"reader", thin}};
        all.push_back(plain);
    }
    for (const Json& architecture : all) {
        const auto network = nn::makeNetwork(architecture);
        QVERIFY2(network.isOk(), network.isOk() ? "" : network.error().message.c_str());
        Manifest manifest;
        manifest.task = "classification";
        manifest.architectureName = architecture.at("name");
        manifest.architectureJson = architecture.dump();
        QVERIFY2(allowedMethods(networkTraits(manifest)) == allowedMethods(traitsOf(*network.value())), manifest.architectureJson.c_str());
    }
    Manifest segmentation;
    segmentation.task = "segmentation";
    segmentation.architectureJson = R"({"name": "unet"})";
    QVERIFY(allowedMethods(networkTraits(segmentation)).empty());
    Manifest program;
    program.task = "classification";
    program.architectureJson = R"({"name": "torchscript"})";
    QCOMPARE(allowedMethods(networkTraits(program)).size(), std::size_t{4});  // three of gradients, and occlusion
}

QTEST_GUILESS_MAIN(TestShippedPacks)
#include "tst_shipped_packs.moc"
