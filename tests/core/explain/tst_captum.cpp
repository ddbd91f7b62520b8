// Every explanation beside Captum's on the networks of CXR_REFERENCE_DIR/attribution: all .npz files there, all targets.
#include <QTest>
#include <filesystem>
#include <map>
#include <set>

#include "core/base/atomic_file.h"
#include "core/explain/explain_output.h"
#include "core/explain/integrated_gradients.h"
#include "core/model/zip_archive.h"
#include "core/nn/batch_norm_folding.h"
#include "core/nn/layers.h"
#include "core/prior/npy.h"
#include "tests/support/test_data.h"

using namespace cxr;
using namespace cxr::explain;
using torch::Tensor;
namespace fs = std::filesystem;

namespace {

constexpr double kTolerance = 1e-4;  // of the largest number

using Arrays = std::map<std::string, Tensor>;

Arrays readArrays(const fs::path& file) {
    const auto bytes = readWholeFile(file, 1 << 24);
    if (!bytes.isOk()) qFatal("%s", bytes.error().message.c_str());
    const auto zip = ZipArchive::open(std::as_bytes(std::span(bytes.value().data(), bytes.value().size())));
    if (!zip.isOk()) qFatal("%s", zip.error().message.c_str());
    Arrays arrays;
    for (const auto& [name, entry] : zip.value().entries()) {
        if (name.find("num_batches_tracked") != std::string::npos) continue;  // whole numbers that nobody needs
        const auto content = zip.value().read(name);
        if (!content.isOk()) qFatal("%s", content.error().message.c_str());
        const auto array = parseNpy(std::string_view(reinterpret_cast<const char*>(content.value().data()), content.value().size()));
        if (!array.isOk()) qFatal("%s: %s", name.c_str(), array.error().message.c_str());
        const auto values = array.value().toDoubles();
        arrays[name.substr(0, name.size() - 4)] = torch::tensor(values, torch::kDouble).to(torch::kFloat).view(array.value().shape);
    }
    return arrays;
}

// conv1 [bn1] ReLU maxpool2 conv2 [bn2] ReLU mean fc. `features` is what conv2 gives, before norm and ReLU, as Captum was asked.
class SmallNetwork : public nn::Network {
  public:
    explicit SmallNetwork(const Arrays& arrays)
        : m_conv1(convolution("conv1", arrays)), m_conv2(convolution("conv2", arrays)), m_fc(nullptr) {
        if (arrays.contains("w.bn1.weight")) {
            m_norm1 = norm("bn1", arrays);
            m_norm2 = norm("bn2", arrays);
        }
        const Tensor& weight = arrays.at("w.fc.weight");
        m_fc = register_module("fc", torch::nn::Linear(weight.size(1), weight.size(0)));
        for (const auto& item : named_parameters()) {
            torch::NoGradGuard noGrad;
            item.value().copy_(arrays.at("w." + item.key()));
        }
        for (const auto& item : named_buffers()) {
            if (item.value().is_floating_point()) item.value().copy_(arrays.at("w." + item.key()));
        }
        eval();
    }

    nn::NetworkOutput forward(const Tensor& input, const nn::StopCheck& stop) override {
        nn::throwIfStopped(stop);
        torch::nn::BatchNorm2d none{nullptr};
        const auto mean = [](const Tensor& maps) { return torch::mean(maps, {2, 3}); };
        // Captum's network pooled by a function, which its DeepLift does not see: there the gradient flows, here too. (Relevance
        // goes to the winner either way.) nn::maxPooled has a rule that keeps DeepLift's sum: tst_backward_rules.
        const Tensor first = torch::max_pool2d(nn::rectified(nn::convolved(m_conv1, m_norm1, input)), 2);
        const Tensor features = nn::convolved(m_conv2, none, first);
        const Tensor second = m_norm2 ? nn::normed(m_norm2, features) : features;
        const Tensor logits = nn::linear(m_fc, nn::weightedMeans(nn::rectified(second.clone()), mean));
        return {logits, features, torch::Tensor()};
    }

    void foldBatchNorm() override {
        if (!m_norm1) return;
        nn::foldBatchNormInto(m_conv1, m_norm1);
        nn::foldBatchNormInto(m_conv2, m_norm2);
        m_norm1 = m_norm2 = nullptr;
    }

  private:
    torch::nn::Conv2d convolution(const std::string& name, const Arrays& arrays) {
        const Tensor& weight = arrays.at("w." + name + ".weight");
        return register_module(name, torch::nn::Conv2d(torch::nn::Conv2dOptions(weight.size(1), weight.size(0), 3).padding(1)));
    }
    torch::nn::BatchNorm2d norm(const std::string& name, const Arrays& arrays) {
        return register_module(name, torch::nn::BatchNorm2d(arrays.at("w." + name + ".weight").size(0)));
    }

    torch::nn::Conv2d m_conv1, m_conv2;
    torch::nn::BatchNorm2d m_norm1{nullptr}, m_norm2{nullptr};
    torch::nn::Linear m_fc;
};

double farthest(const Tensor& found, const Tensor& wanted) {
    const Tensor flat = wanted.reshape(found.sizes());
    const double largest = flat.abs().max().item<double>();
    return (found - flat).abs().max().item<double>() / (largest > 0 ? largest : 1);
}

struct Case {
    const char* name;  // in the file, without ".<target>"
    ExplainOptions options;
    bool isFromZero = true;  // baseline 0, else the file's
};

std::vector<Case> cases() {
    using M = ExplainMethod;
    return {{"saliency_abs", {.method = M::Sensitivity}},
            {"input_x_gradient", {.method = M::InputXGradient}},
            {"ig50_gausslegendre", {.method = M::IntegratedGradients, .steps = 50}, false},
            {"ig50_riemann_trapezoid", {.method = M::IntegratedGradients, .steps = 50, .rule = IntegralRule::Trapezoid}, false},
            {"deeplift_rescale", {.method = M::DeepLift}, false},
            {"guided_backprop", {.method = M::GuidedBackpropagation}},
            {"gradcam_conv2_relu", {.method = M::GradCam}},
            {"occlusion_k8_s4", {.method = M::Occlusion, .patch = 8, .stride = 4}, false},
            {"smoothgrad_ig20_zero_baseline", {.method = M::IntegratedGradients, .steps = 20, .smoothSamples = 8}},
            {"lrp_epsilon1e-9", {.method = M::LrpEpsilon, .epsilon = 1e-9}},
            {"lrp_alpha1beta0", {.method = M::LrpAlpha1Beta0}},
            {"lrp_gamma0.25", {.method = M::LrpGamma, .gamma = 0.25}}};
}

Answer answerOf(nn::Network& network, const Arrays& arrays, const Case& wanted, std::int64_t target) {
    const Tensor& film = arrays.at("input");
    Question question{network, film, wanted.isFromZero ? torch::zeros_like(film) : arrays.at("baseline")};
    question.index = target;
    question.options = wanted.options;
    const auto noise = arrays.find("smoothgrad_noise." + std::to_string(target));
    if (wanted.options.smoothSamples > 0) question.noise = noise->second;
    auto found = explained(question);
    if (!found.isOk()) qFatal("%s: %s", wanted.name, found.error().message.c_str());
    return std::move(found).value();
}

}  // namespace

class TestCaptum : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void equalsCaptum_data();
    void equalsCaptum();
};

void TestCaptum::equalsCaptum_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("isFolded");
    const fs::path folder = test::referenceFolder() / "attribution";
    if (!fs::is_directory(folder)) QSKIP("Captum's numbers are not here: set CXR_REFERENCE_DIR to the folder that has attribution/");
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".npz") continue;
        const auto name = QString::fromStdString(entry.path().string());
        for (const bool isFolded : {false, true}) {
            QTest::newRow(qPrintable(QString::fromStdString(entry.path().stem().string()) + (isFolded ? ", folded" : ""))) << name << isFolded;
        }
    }
}

void TestCaptum::equalsCaptum() {
    QFETCH(QString, file);
    QFETCH(bool, isFolded);
    const Arrays arrays = readArrays(file.toStdString());
    SmallNetwork network(arrays);
    if (isFolded) network.foldBatchNorm();
    const bool hasNorm = arrays.contains("w.bn1.weight");
    {
        const torch::NoGradGuard noGrad;
        QVERIFY(farthest(network.forward(arrays.at("input"), {}).logits, arrays.at("logits")) < 1e-5);
    }
    std::set<std::string> compared;
    for (const Case& wanted : cases()) {
        // A folded convolution's maps are others than those that Captum weighed.
        if (isFolded && hasNorm && wanted.options.method == ExplainMethod::GradCam) continue;
        for (std::int64_t target = 0;; ++target) {
            const std::string name = wanted.name + std::string(".") + std::to_string(target);
            if (!arrays.contains(name)) break;
            const Answer found = answerOf(network, arrays, wanted, target);
            const double difference = farthest(found.cells, arrays.at(name));
            QVERIFY2(difference < kTolerance, qPrintable(QString("%1: %2").arg(name.c_str()).arg(difference)));
            compared.insert(wanted.name);
            const auto delta = arrays.find(wanted.name + std::string("_delta.") + std::to_string(target));
            if (delta == arrays.end()) continue;
            const double change = std::abs(found.logit - found.baselineLogit);
            QVERIFY(std::abs(found.convergenceDelta - delta->second.item<double>()) < kTolerance * change + 1e-6);
        }
    }
    QVERIFY2(compared.size() >= (hasNorm ? (isFolded ? 8U : 9U) : 12U), qPrintable(QString::number(compared.size())));
}

QTEST_GUILESS_MAIN(TestCaptum)
#include "tst_captum.moc"
