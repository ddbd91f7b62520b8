// `models import` as a user runs it, on files that PyTorch wrote: the imported pack is whole and answers as Python's network
// does. Needs Debian's python3-torchvision; skips without it.
#include <QCryptographicHash>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "build_paths.h"
#include "core/engine/engine.h"
#include "core/model/pack.h"
#include "core/model/safetensors.h"
#include "tests/app/cli/program.h"

using namespace cxr;
using namespace cxr::test;

class TestCliImport : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString at(const QString& name) const { return m_folder.filePath(name); }
    ProgramRun import(const QString& file, const QString& pack, const QStringList& more) {
        return runProgram(QStringList{"models", "import", at(file), "--out", at(pack), "--size", "64"} + more);
    }
    // Nothing of a pack, not even a hidden folder.
    bool isAbsent(const QString& pack) const {
        return QDir(m_folder.path()).entryList({pack, "." + pack + "*"}, QDir::AllEntries | QDir::Hidden).isEmpty();
    }
    std::vector<float> arrayOf(const QString& file, const char* name) const {
        const auto opened = SafetensorsFile::open(at(file).toStdString());
        return opened.isOk() ? toFloats(opened.value().tensors().at(name)) : std::vector<float>();
    }

    // The pack's answer to the case's film against Python's, relative to the spread of its logits.
    void compareAnswers(const QString& name, const QString& pack, double tolerance) {
        const auto engine = loadEngine();
        QVERIFY2(engine.isOk(), engine.isOk() ? "" : engine.error().message.c_str());
        const NetworkPlanes planes{1, 64, 64, arrayOf(name + ".io.safetensors", "film")};
        const auto answer = engine.value()->predict(at(pack).toStdString(), planes, {});
        QVERIFY2(answer.isOk(), answer.isOk() ? "" : answer.error().message.c_str());
        const std::vector<float> theirs = arrayOf(name + ".io.safetensors", "logits");
        QCOMPARE(answer.value().logits.size(), theirs.size());
        double largest = 1;
        for (const float logit : theirs) largest = std::max(largest, static_cast<double>(std::abs(logit)));
        for (std::size_t i = 0; i < theirs.size(); ++i) {
            const double difference = std::abs(answer.value().logits[i] - theirs[i]);
            QVERIFY2(difference <= tolerance * largest, qPrintable(QString("logit %1: %2 instead of %3").arg(i).arg(answer.value().logits[i]).arg(theirs[i])));
        }
    }

    void importAndCompare(const QString& file, const QString& name, const QStringList& more, double tolerance = 1e-4) {
        const QString pack = name + "-pack";
        const ProgramRun run = import(file, pack, more);
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const ProgramRun verified = runProgram({"models", "verify", at(pack)});
        QVERIFY2(verified.exitCode == 0 && verified.out.startsWith(pack), qPrintable(verified.errors));
        compareAnswers(name, pack, tolerance);
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("XDG_CONFIG_HOME", at("config").toUtf8());
        setEngineFolder(CXR_BIN_DIR);
        QProcess python;  // Debian's interpreter, which has Debian's packages, before any other
        python.start(QFile::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3",
                     {"-B", CXR_SOURCE_DIR "/tests/app/cli/write_networks.py", m_folder.path()});
        QVERIFY2(python.waitForFinished(300'000) || python.error() == QProcess::FailedToStart, "Python takes too long");
        const QByteArray complaint = python.readAllStandardError();
        const bool isMissing = python.error() == QProcess::FailedToStart || complaint.contains("No module named 'torch");
        if (isMissing) QSKIP("python3-torchvision is not installed: no files of PyTorch to import");
        QVERIFY2(python.exitCode() == 0, complaint.constData());
    }

    // DataParallel's "module." inside {"state_dict": ...}, zip format.
    void resnetCheckpoint() { importAndCompare("resnet.pt", "resnet", {"--map", "torchvision", "--arch", "resnet18", "--classes", "A,B,C"}); }

    // "module.densenet121.", norm.1, classifier.0, the format before 1.6.
    void publicCheXNet() {
        importAndCompare("chexnet.pt", "chexnet", {"--map", "chexnet"});
        const Manifest manifest = readPack(at("chexnet-pack").toStdString()).value().manifest;
        QCOMPARE(manifest.outputs.at(1).name, std::string("Cardiomegaly"));
        QCOMPARE(manifest.input.channels, 3);
    }

    // One channel of -1024..1024, thresholds, four outputs never trained, half precision.
    void torchXRayVision() {
        importAndCompare("xrv.pt", "xrv", {"--map", "torchxrayvision", "--half"}, 0.02);
        const Manifest manifest = readPack(at("xrv-pack").toStdString()).value().manifest;
        QCOMPARE(manifest.outputs.size(), std::size_t{14});
        QCOMPARE(manifest.input.channels, 1);
        QVERIFY(std::abs(manifest.outputs[0].operatingPoints.at(0).threshold - 0.1) < 1e-6);
        QVERIFY(QFileInfo(at("xrv-pack/weights.safetensors")).size() < 15'000'000);
    }

    void safetensorsWithoutAMap() {
        importAndCompare("gray.safetensors", "gray",
                         {"--arch", "resnet18", "--arch-json", R"({"in_channels": 1})", "--classes", "Edema,Pleural Effusion", "--framing",
                          "letterbox", "--normalisation", "unit", "--training-data", "random numbers", "--licence", "CC0-1.0"});
        const QByteArray card = contentOf(at("gray-pack/CARD.md"));
        QVERIFY(card.contains("random numbers") && card.contains("CC0-1.0") && card.contains("Effusion"));
    }

    // Every difference, sorted, one a line; a hint; nothing left.
    void misfits() {
        const ProgramRun run = import("resnet.pt", "wrong", {"--map", "torchvision", "--arch", "resnet50", "--classes", "A,B,C"});
        QCOMPARE(run.exitCode, 1);
        const QStringList lines = run.errors.split('\n', Qt::SkipEmptyParts);
        QVERIFY(lines.size() > 100);
        QVERIFY2(lines[0].startsWith("precordia-cli: the file does not fit the network: "), qPrintable(lines[0]));
        QVERIFY2(run.errors.contains("\n  fc.weight has the shape 3x512 instead of 3x2048\n"), qPrintable(run.errors));
        QVERIFY(run.errors.contains("\n  layer1.0.conv3.weight is missing\n"));
        QVERIFY(std::is_sorted(lines.begin() + 1, lines.end()));
        QVERIFY(isAbsent("wrong"));
    }

    void refusals_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("named");
        const QStringList resnet{"--map", "torchvision", "--arch", "resnet18"};
        QTest::newRow("class count") << "resnet.pt" << resnet + QStringList{"--classes", "A,B"} << "has 3 outputs, but 2 classes";
        QTest::newRow("no classes") << "resnet.pt" << resnet << "name its 3 outputs";
        QTest::newRow("whole model") << "whole.pt" << resnet + QStringList{"--classes", "A,B,C"} << "state_dict";
        QTest::newRow("unknown network") << "resnet.pt" << QStringList{"--map", "torchvision", "--arch", "alexnet", "--classes", "A,B,C"} << "alexnet";
        QTest::newRow("a program") << "script.pt" << QStringList{"--classes", "A,B", "--framing", "letterbox", "--normalisation", "unit"}
                                   << "which can do on this machine whatever you can do";
        QTest::newRow("absent") << "absent.pt" << resnet << "cannot open";
    }
    void refusals() {
        QFETCH(QString, file);
        QFETCH(QStringList, options);
        QFETCH(QString, named);
        const ProgramRun run = import(file, "refused", options);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(isOneSentence(run.errors) && run.errors.contains(named), qPrintable(run.errors));
        QVERIFY(isAbsent("refused"));
    }

    void hintAtTheSource() {
        const ProgramRun run = import("chexnet.pt", "hinted", {"--arch", "densenet121"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains("--map chexnet"), qPrintable(run.errors));
    }

    void truncatedFile() {
        for (const char* name : {"resnet.pt", "chexnet.pt", "gray.safetensors"}) {
            const QByteArray whole = contentOf(at(name));
            QFile cut(at("cut.pt"));
            QVERIFY(cut.open(QIODevice::WriteOnly) && cut.write(whole.left(whole.size() / 2)) > 0);
            cut.close();
            const ProgramRun run = import("cut.pt", "cut", {"--map", "torchvision", "--arch", "resnet18", "--classes", "A,B,C"});
            QCOMPARE(run.exitCode, 1);
            QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
            QVERIFY(isAbsent("cut"));
        }
    }

    void existingFolder() {
        QVERIFY(QDir(m_folder.path()).mkdir("mine"));
        const ProgramRun run = import("resnet.pt", "mine", {"--map", "torchvision", "--arch", "resnet18", "--classes", "A,B,C"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.errors.contains("already exists"));
        QVERIFY(QDir(at("mine")).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    // A program that was trusted by its hash answers; on an account that does not trust it, it does not run.
    void trustedProgram() {
        const QByteArray hash = QCryptographicHash::hash(contentOf(at("script.pt")), QCryptographicHash::Sha256).toHex();
        const QStringList options{"--classes", "A,B", "--framing", "letterbox", "--normalisation", "unit"};
        importAndCompare("script.pt", "script", options + QStringList{"--trust-sha256", hash}, 1e-5);
        QCOMPARE(contentOf(at("script-pack/model.pt")), contentOf(at("script.pt")));
        const ProgramRun wrongCount = import("script.pt", "script3", {"--classes", "A,B,C", "--framing", "letterbox", "--normalisation", "unit",
                                                                      "--trust-sha256", hash});
        QCOMPARE(wrongCount.exitCode, 1);
        QVERIFY2(isOneSentence(wrongCount.errors), qPrintable(wrongCount.errors));
        QVERIFY(isAbsent("script3"));

        QVERIFY(QDir().rename(at("script-pack"), at("moved-pack")));  // the engine keeps a pack loaded by its folder
        qputenv("XDG_CONFIG_HOME", at("other-account").toUtf8());
        const NetworkPlanes planes{1, 64, 64, arrayOf("script.io.safetensors", "film")};
        const auto answer = loadEngine().value()->predict(at("moved-pack").toStdString(), planes, {});
        QVERIFY(!answer.isOk());
        QVERIFY2(answer.error().message.find(hash.toStdString()) != std::string::npos, answer.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCliImport)
#include "tst_cli_import.moc"
