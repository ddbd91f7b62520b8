// Checkpoints that PyTorch wrote, against what it says they hold. Needs Debian's python3-torch; skips without it.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "build_paths.h"
#include "core/model/key_maps.h"
#include "core/model/torch_checkpoint.h"

using namespace cxr;

namespace {

const std::map<QString, TensorType> kTypes{{"F32", TensorType::Float32},   {"F16", TensorType::Float16},
                                           {"BF16", TensorType::BFloat16}, {"F64", TensorType::Float64},
                                           {"I64", TensorType::Int64},     {"I32", TensorType::Int32},
                                           {"I16", TensorType::Int16},     {"I8", TensorType::Int8},
                                           {"U8", TensorType::UInt8},      {"BOOL", TensorType::Bool}};

}  // namespace

class TestTorchFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QJsonObject m_expected;

    Result<TorchCheckpoint> openCase(const QString& name) {
        return TorchCheckpoint::open(m_folder.filePath(name + ".pt").toStdString());
    }

    void compare(const TensorView& view, const QJsonObject& expected) {
        QCOMPARE(view.type, kTypes.at(expected["dtype"].toString()));
        const QJsonArray shape = expected["shape"].toArray();
        QCOMPARE(view.shape.size(), static_cast<std::size_t>(shape.size()));
        for (qsizetype d = 0; d < shape.size(); ++d)
            QCOMPARE(view.shape[static_cast<std::size_t>(d)], shape[d].toInteger());
        const QByteArray bytes(reinterpret_cast<const char*>(view.bytes.data()),
                               static_cast<qsizetype>(view.bytes.size()));
        QCOMPARE(bytes.toHex(), expected["hex"].toString().toLatin1());
    }

  private Q_SLOTS:
    void initTestCase() {
        QProcess python;  // Debian's interpreter, which has Debian's packages, before any other
        python.start(QFile::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3",
                     {CXR_SOURCE_DIR "/tests/core/model/write_checkpoints.py", m_folder.path()});
        QVERIFY2(python.waitForFinished(250'000) || python.error() == QProcess::FailedToStart, "Python takes too long");
        const QByteArray complaint = python.readAllStandardError();
        const bool isAbsent =
            python.error() == QProcess::FailedToStart || complaint.contains("No module named 'torch'");
        if (isAbsent) QSKIP("python3-torch is not installed: no checkpoints of PyTorch to read");
        QVERIFY2(python.exitCode() == 0, complaint.constData());
        QFile file(m_folder.filePath("expected.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_expected = QJsonDocument::fromJson(file.readAll()).object();
        QVERIFY(m_expected["read"].toObject().size() > 40 && m_expected["refused"].toObject().size() > 20);
    }

    void readsEqual() {
        const QJsonObject cases = m_expected["read"].toObject();
        for (const QString& name : cases.keys()) {
            const auto read = openCase(name);
            QVERIFY2(read.isOk(),
                     read.isOk() ? "" : qPrintable(name + ": " + QString::fromStdString(read.error().message)));
            const QJsonObject tensors = cases[name].toObject();
            QCOMPARE(read.value().tensors().size(), static_cast<std::size_t>(tensors.size()));
            for (const QString& tensor : tensors.keys()) {
                QVERIFY2(read.value().tensors().contains(tensor.toStdString()), qPrintable(name + ": " + tensor));
                compare(read.value().tensors().at(tensor.toStdString()), tensors[tensor].toObject());
                if (QTest::currentTestFailed()) qWarning() << name << tensor;
            }
        }
    }

    void refusesByName() {
        const QJsonObject cases = m_expected["refused"].toObject();
        for (const QString& name : cases.keys()) {
            const auto read = openCase(name);
            QVERIFY2(!read.isOk(), qPrintable(name));
            const auto message = QString::fromStdString(read.error().message);
            QVERIFY2(message.contains(cases[name].toString()), qPrintable(name + ": " + message));
        }
    }

    // Every name that torchvision gives, written as the public CheXNet checkpoint writes it, comes back.
    void cheXNetNamesOfTorchvision() {
        const QJsonArray names = m_expected["densenet121"].toArray();
        if (names.isEmpty()) QSKIP("python3-torchvision is not installed: no names of its DenseNet to map");
        QCOMPARE(names.size(), 727);
        const KeyMap map = findKeyMap("chexnet").value();
        for (const auto& value : names) {
            const QString name = value.toString();
            QString old = "module.densenet121." + name;
            old.replace(QRegularExpression("(denselayer\\d+\\.(?:norm|conv))([12])"), "\\1.\\2");
            old.replace("classifier.", "classifier.0.");
            QCOMPARE(QString::fromStdString(mappedKey(map, old.toStdString())), name);
        }
    }
};

QTEST_GUILESS_MAIN(TestTorchFiles)
#include "tst_torch_files.moc"
