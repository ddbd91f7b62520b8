// Programs as networks: what of their answers counts, and that nobody's program runs without trust.
#include "core/nn/torchscript_network.h"

#include <torch/script.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/trust.h"

using namespace cxr;
using namespace cxr::nn;
namespace fs = std::filesystem;

class TestTorchScript : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path folder() const { return m_folder.path().toStdString(); }
    // A pack whose program has this forward().
    Pack packOf(const std::string& forward) {
        torch::jit::Module program("m");
        program.define("def forward(self, x):\n    " + forward + "\n");
        program.save((folder() / "model.pt").string());
        Pack pack{folder(), {}};
        pack.manifest.id = "program";
        pack.manifest.architectureName = kTorchScript;
        pack.manifest.weightsFile = "model.pt";
        pack.manifest.weightsSha256 = sha256OfFile(pack.weights()).value();
        return pack;
    }
    static Result<std::shared_ptr<Network>> loaded(const Pack& pack) { return loadTorchScript(pack, torch::kCPU); }

  private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", (m_folder.path() + "/config").toUtf8()); }

    void answers_data() {
        QTest::addColumn<QString>("forward");
        QTest::newRow("tensor") << "return x.mean([2, 3])";
        QTest::newRow("tuple") << "return (x.mean([2, 3]), x)";
        QTest::newRow("list") << "return [x.mean([2, 3]), x]";
        QTest::newRow("dictionary") << "return {'maps': x, 'logits': x.mean([2, 3])}";
        QTest::newRow("one number a film") << "return x.mean([1, 2, 3])";
    }
    void answers() {
        QFETCH(QString, forward);
        const Pack pack = packOf(forward.toStdString());
        QVERIFY(addTrust(pack.manifest.weightsSha256, "test").isOk());
        const auto network = loaded(pack);
        QVERIFY2(network.isOk(), network.isOk() ? "" : network.error().message.c_str());
        network.value()->foldBatchNorm();
        const auto film = torch::rand({2, 1, 8, 8});
        const auto output = network.value()->forward(film);
        QVERIFY(torch::allclose(output.logits, film.mean({2, 3})));
        QVERIFY(!output.cams.defined() && !output.features.defined());
        QVERIFY_THROWS_EXCEPTION(NetworkCancelled, network.value()->forward(film, [] { return true; }));
    }

    void noAnswer() {
        const Pack pack = packOf("return 'text'");
        QVERIFY(addTrust(pack.manifest.weightsSha256, "test").isOk());
        const auto network = loaded(pack);
        QVERIFY(network.isOk());
        QVERIFY_THROWS_EXCEPTION(c10::Error, network.value()->forward(torch::rand({1, 1, 8, 8})));
    }

    void onlyTrustedBytesRun() {
        Pack pack = packOf("return x + 41");
        const auto untrusted = loaded(pack);
        QVERIFY(!untrusted.isOk());
        QCOMPARE(untrusted.error().code, ErrorCode::Unsupported);
        QVERIFY(untrusted.error().message.find(pack.manifest.weightsSha256) != std::string::npos);

        QVERIFY(addTrust(pack.manifest.weightsSha256, "test").isOk());
        QVERIFY(loaded(pack).isOk());
        packOf("return x + 42");  // the file becomes another, the manifest stays
        const auto exchanged = loaded(pack);
        QVERIFY(!exchanged.isOk());
        QCOMPARE(exchanged.error().code, ErrorCode::Corrupt);
    }

    void trustIsKeptByLine() {
        const fs::path file = folder() / "other" / "trusted.txt";
        const std::string a(64, 'a'), b(64, 'b');
        QVERIFY(!isTrusted(a, file) && !isTrusted("", file));
        QVERIFY(addTrust(a, "first\nsecond", file).isOk() && addTrust(b, "", file).isOk() && addTrust(a, "again", file).isOk());
        QVERIFY(isTrusted(a, file) && isTrusted(b, file) && !isTrusted(std::string(63, 'a'), file));
        QCOMPARE(readWholeFile(file).value(), a + "  first?second\n" + b + "  \n");
    }
};

QTEST_GUILESS_MAIN(TestTorchScript)
#include "tst_torchscript.moc"
