// Every explanation beside Captum's: each .npz file anywhere under CXR_REFERENCE_DIR, each of its arrays, all targets. A file
// with an array that is neither part of the network nor a method below fails: nothing is passed over.
#include <QRegularExpression>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
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
    ExplainOptions options;
    bool isFromZero = true;  // baseline 0, else the file's
};

// What an array's name asks for: "lrp_gamma0.25" with its parameters; none: no method.
std::optional<Case> caseOf(const QString& name) {
    using M = ExplainMethod;
    static const QRegularExpression integral("^ig(\\d+)_(gausslegendre|riemann_trapezoid)$"), smooth("^smoothgrad_ig(\\d+)_zero_baseline$"),
        occlusion("^occlusion_k(\\d+)_s(\\d+)$"), relevance("^lrp_(epsilon|gamma)([0-9.e+-]+)$");
    if (name == "saliency_abs") return Case{{.method = M::Sensitivity}};
    if (name == "input_x_gradient") return Case{{.method = M::InputXGradient}};
    if (name == "deeplift_rescale") return Case{{.method = M::DeepLift}, false};
    if (name == "guided_backprop") return Case{{.method = M::GuidedBackpropagation}};
    if (name == "gradcam_conv2_relu") return Case{{.method = M::GradCam}};
    if (name == "lrp_alpha1beta0") return Case{{.method = M::LrpAlpha1Beta0}};
    if (const auto found = integral.match(name); found.hasMatch()) {
        const bool isGauss = found.captured(2) == "gausslegendre";
        return Case{{.method = M::IntegratedGradients,
                     .steps = found.captured(1).toInt(),
                     .rule = isGauss ? IntegralRule::GaussLegendre : IntegralRule::Trapezoid},
                    false};
    }
    if (const auto found = smooth.match(name); found.hasMatch()) return Case{{.method = M::IntegratedGradients, .steps = found.captured(1).toInt(), .smoothSamples = 1}};
    if (const auto found = occlusion.match(name); found.hasMatch()) {
        return Case{{.method = M::Occlusion, .patch = found.captured(1).toInt(), .stride = found.captured(2).toInt()}, false};
    }
    if (const auto found = relevance.match(name); found.hasMatch()) {
        const double value = found.captured(2).toDouble();
        if (found.captured(1) == "epsilon") return Case{{.method = M::LrpEpsilon, .epsilon = value}};
        return Case{{.method = M::LrpGamma, .gamma = value}};
    }
    return std::nullopt;
}

// Not a method's answer: the network, what it reads, what it says, SmoothGrad's noise.
bool isInput(const QString& name) {
    return name.startsWith("w.") || name == "input" || name == "baseline" || name == "logits" || name.startsWith("smoothgrad_noise.");
}

Answer answerOf(nn::Network& network, const Arrays& arrays, const Case& wanted, std::int64_t target) {
    const Tensor& film = arrays.at("input");
    Question question{network, film, wanted.isFromZero ? torch::zeros_like(film) : arrays.at("baseline")};
    question.index = target;
    question.options = wanted.options;
    if (wanted.options.smoothSamples > 0) {
        question.noise = arrays.at("smoothgrad_noise." + std::to_string(target));
        question.options.smoothSamples = static_cast<int>(question.noise.size(0));
    }
    auto found = explained(question);
    if (!found.isOk()) qFatal("%s", found.error().message.c_str());
    return std::move(found).value();
}

}  // namespace

class TestCaptum : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void equalsCaptum_data();
    void equalsCaptum();
    void namesSayWhatIsAsked();
};

void TestCaptum::equalsCaptum_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("isFolded");
    const fs::path folder = test::referenceFolder();
    std::vector<fs::path> files;
    if (fs::is_directory(folder)) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".npz") files.push_back(entry.path());
        }
    }
    if (files.empty()) QSKIP("Captum's numbers are not here: set CXR_REFERENCE_DIR to a folder with their .npz files");
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const QString row = QString::fromStdString(fs::relative(file, folder).string());
        for (const bool isFolded : {false, true}) QTest::newRow(qPrintable(row + (isFolded ? ", folded" : ""))) << QString::fromStdString(file.string()) << isFolded;
    }
}

void TestCaptum::equalsCaptum() {
    QFETCH(QString, file);
    QFETCH(bool, isFolded);
    const Arrays arrays = readArrays(file.toStdString());
    for (const char* needed : {"w.conv1.weight", "w.conv2.weight", "w.fc.weight", "input", "baseline", "logits"}) {
        QVERIFY2(arrays.contains(needed), qPrintable(file + " is of another network: it has no array " + needed));
    }
    SmallNetwork network(arrays);
    if (isFolded) network.foldBatchNorm();
    const bool hasNorm = arrays.contains("w.bn1.weight");
    {
        const torch::NoGradGuard noGrad;
        QVERIFY(farthest(network.forward(arrays.at("input"), {}).logits, arrays.at("logits")) < 1e-5);
    }
    std::set<QString> compared;
    for (const auto& [key, wanted] : arrays) {
        const QString name = QString::fromStdString(key);
        if (isInput(name)) continue;
        const QString method = name.section('.', 0, -2).remove(QRegularExpression("_delta$"));
        bool hasTarget = false;
        const std::int64_t target = name.section('.', -1).toLongLong(&hasTarget);
        const auto known = caseOf(method);
        QVERIFY2(known && hasTarget && target >= 0 && target < arrays.at("logits").numel(), qPrintable(file + " asks for what this test does not know: " + name));
        // A folded convolution's maps are others than those that Captum weighed.
        if (isFolded && hasNorm && known->options.method == ExplainMethod::GradCam) continue;
        const Answer found = answerOf(network, arrays, *known, target);
        compared.insert(method);
        if (name.contains("_delta.")) {
            const double change = std::abs(found.logit - found.baselineLogit);
            QVERIFY2(std::abs(found.convergenceDelta - wanted.item<double>()) < kTolerance * change + 1e-6, qPrintable(name));
            continue;
        }
        const double difference = farthest(found.cells, wanted);
        QVERIFY2(difference < kTolerance, qPrintable(QString("%1: %2").arg(name).arg(difference)));
    }
    QVERIFY2(!compared.empty(), qPrintable(file + " holds no explanation"));
}

// The parameters of the shipped references, and what no file may smuggle past.
void TestCaptum::namesSayWhatIsAsked() {
    QCOMPARE(caseOf("ig50_gausslegendre")->options.steps, 50);
    QVERIFY(caseOf("ig20_riemann_trapezoid")->options.rule == IntegralRule::Trapezoid);
    QCOMPARE(caseOf("lrp_epsilon1e-9")->options.epsilon, 1e-9);
    QCOMPARE(caseOf("lrp_gamma0.1")->options.gamma, 0.1);
    QCOMPARE(caseOf("occlusion_k6_s3")->options.stride, 3);
    for (const char* unknown : {"lrp_gamma", "ig_gausslegendre", "deeplift_revealcancel", "saliency", ""}) QVERIFY2(!caseOf(unknown), unknown);
}

QTEST_GUILESS_MAIN(TestCaptum)
#include "tst_captum.moc"
