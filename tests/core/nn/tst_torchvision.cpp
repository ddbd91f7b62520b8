// The classification backbones against torchvision: same random state_dict, same films, same answers, also with batch
// norm folded, in double precision and in channels-last order. torchvision_cases.py writes both sides' numbers; skips
// without torchvision.
#include <torch/torch.h>

#include <QDir>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include "build_paths.h"
#include "core/nn/architectures.h"
#include "core/nn/state_dict.h"
#include "core/nn/weights.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using namespace cxr::test;

namespace {

constexpr double kTolerance = 1e-4;        // of logits in single precision
constexpr double kDoubleTolerance = 1e-5;  // of logits, and of features by their largest value, in double precision

torch::Tensor tensorOf(const SafetensorsFile& file, const std::string& name) {
    const TensorView& view = file.tensors().at(name);
    std::vector<float> values = toFloats(view);
    return torch::from_blob(values.data(), view.shape, torch::kFloat).clone();
}

bool succeeds(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    return process.waitForFinished(240000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

// The first Python that has torchvision; empty: none. The system's own may be hidden by another one on the path.
QString pythonWithTorchvision() {
    const QString probe = QStringLiteral("try:\n import torchvision\nexcept Exception:\n raise SystemExit(1)");
    for (const QString& python : {QStringLiteral("python3"), QStringLiteral("/usr/bin/python3")}) {
        if (succeeds(python, {"-c", probe})) return python;
    }
    return {};
}

}  // namespace

class TestTorchvision : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        const QString python = pythonWithTorchvision();
        if (python.isEmpty()) QSKIP("no Python with torchvision: install python3-torchvision");
        QVERIFY(m_folder.isValid());
        QVERIFY(succeeds(python, {CXR_SOURCE_DIR "/tests/core/nn/torchvision_cases.py", m_folder.path()}));
    }

    void everyBackboneHasACase() {
        QSet<QString> names;
        for (const QString& file : caseFiles()) names.insert(file.section('.', 0, 0));
        for (const char* name : {"resnet18", "resnet50", "densenet121", "vgg16", "vgg16_bn", "efficientnet_b4"}) {
            QVERIFY2(names.contains(name), name);
        }
    }

    void answersAreEqual_data() {
        QTest::addColumn<QString>("name");
        for (const QString& file : caseFiles()) QTest::newRow(qPrintable(file)) << file.section('.', 0, 0);
    }
    void answersAreEqual() {
        QFETCH(QString, name);
        const auto path = [&](const char* ending) { return (m_folder.path() + '/' + name + ending).toStdString(); };
        const auto theirs = SafetensorsFile::open(path(".io.safetensors"));
        const auto weights = SafetensorsFile::open(path(".weights.safetensors"));
        QVERIFY(theirs.isOk() && weights.isOk());
        const auto made = makeNetwork(nlohmann::json::parse(theirs.value().metadata().at("architecture")));
        QVERIFY(made.isOk());
        Network& network = *made.value();
        const auto loaded = loadStateDict(network, weights.value());
        QVERIFY2(loaded.isOk(), loaded.isOk() ? "" : loaded.error().message.c_str());

        const torch::NoGradGuard noGrad;
        network.eval();
        compare(network, theirs.value(), "as loaded");
        network.to(torch::kDouble);
        compare(network, theirs.value(), "as loaded, in double precision");
        network.foldBatchNorm();
        compare(network, theirs.value(), "folded, in double precision");
        network.to(torch::kFloat);
        compare(network, theirs.value(), "folded");
        toChannelsLast(network);
        compare(network, theirs.value(), "folded and channels-last");
        QVERIFY(QFile::remove(m_folder.path() + '/' + name + ".weights.safetensors"));
    }

  private:
    QStringList caseFiles() const {
        return QDir(m_folder.path()).entryList({"*.io.safetensors"}, QDir::Files, QDir::Name);
    }

    static void compare(Network& network, const SafetensorsFile& theirs, const char* state) {
        const auto logits = tensorOf(theirs, "logits");
        const double spread = (logits[0] - logits[1]).abs().max().item<double>();
        QVERIFY2(spread > 100 * kTolerance, "the two films get the same answer: the case shows nothing");
        const auto type = network.parameters().front().scalar_type();
        const bool isDouble = type == torch::kDouble;
        const auto output = network.forward(tensorOf(theirs, "input").to(type));
        const auto maps = tensorOf(theirs, "features");
        const double logitError = largestDifference(output.logits, logits);
        const double mapError = largestDifference(output.features, maps) / maps.abs().max().item<double>();
        const QString report = QString("%1: logits differ by %2 (films by %3), features by %4 of their largest")
                                   .arg(state)
                                   .arg(logitError, 0, 'g', 2)
                                   .arg(spread, 0, 'g', 2)
                                   .arg(mapError, 0, 'g', 2);
        qInfo().noquote() << report;
        // Rounding grows through fifty random layers: in single precision the maps need a wider bound than the logits.
        QVERIFY2(logitError < (isDouble ? kDoubleTolerance : kTolerance), qPrintable(report));
        QVERIFY2(mapError < (isDouble ? kDoubleTolerance : 10 * kTolerance), qPrintable(report));
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestTorchvision)
#include "tst_torchvision.moc"
