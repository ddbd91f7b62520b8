#include <QTemporaryDir>
#include <QTest>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/pack.h"
#include "core/model/registry.h"
#include "core/model/safetensors.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

Manifest exampleManifest() {
    Manifest manifest;
    manifest.id = "tiny";
    manifest.name = "Tiny network";
    manifest.version = "1.0.0";
    manifest.task = "segmentation";
    manifest.input.size = 64;
    manifest.input.framing = "letterbox";
    manifest.input.normalisation = "film-z-score";
    ModelOutput& output = manifest.outputs.emplace_back();
    output.name = "heart";
    output.meaning = "Heart";
    output.codeScheme = "SCT";
    output.code = "80891009";
    manifest.architectureName = "unet";
    manifest.architectureJson = R"({"name":"unet","channels":[4,8]})";
    manifest.weightsFile = "weights.safetensors";
    manifest.weightsSha256 = std::string(64, 'a');
    manifest.metricsJson = R"({"dice":0.9})";
    return manifest;
}

// A whole pack in `folder`, its hash true.
void writePack(const fs::path& folder, Manifest manifest = exampleManifest()) {
    fs::create_directories(folder);
    QVERIFY(writeSafetensors(folder / "weights.safetensors", {{"w", TensorType::UInt8, {2}, std::vector<std::byte>(2)}}).isOk());
    manifest.weightsSha256 = sha256OfFile(folder / "weights.safetensors").value();
    QVERIFY(writeFileAtomically(folder / "model.json", toJson(manifest)).isOk());
}

}  // namespace

class TestPack : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void manifestRoundTrip() {
        const Manifest manifest = exampleManifest();
        const auto read = parseManifest(toJson(manifest));
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QCOMPARE(toJson(read.value()), toJson(manifest));
        QCOMPARE(read.value().outputs.at(0).code, std::string("80891009"));
        QCOMPARE(read.value().precision, std::string("float32"));
        Manifest fast = manifest;
        fast.precision = "bf16";
        QCOMPARE(parseManifest(toJson(fast)).value().precision, std::string("bf16"));
    }

    void manifestRefuses_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("named");
        QTest::newRow("format") << "\"format\": 1" << "\"format\": 2" << "format";
        QTest::newRow("size") << "\"size\": 64" << "\"size\": 1000000" << "size";
        QTest::newRow("id") << "\"id\": \"tiny\"" << "\"id\": \"../tiny\"" << "id";
        QTest::newRow("path") << "weights.safetensors" << "../weights.safetensors" << "weights.file";
        QTest::newRow("hash") << "aaaaaaaa" << "AAAAAAAA" << "sha256";
        QTest::newRow("missing") << "\"task\"" << "\"tusk\"" << "task";
        QTest::newRow("precision") << "\"format\": 1" << "\"format\": 1, \"precision\": \"fp8\"" << "precision";
        QTest::newRow("type") << "\"version\": \"1.0.0\"" << "\"version\": 1" << "version";
    }
    void manifestRefuses() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, named);
        QString json = QString::fromStdString(toJson(exampleManifest()));
        QVERIFY(json.contains(from));
        json.replace(from, to);
        const auto read = parseManifest(json.toStdString());
        QVERIFY(!read.isOk());
        QVERIFY2(QString::fromStdString(read.error().message).contains(named), read.error().message.c_str());
    }

    void verifyFindsChangedWeights() {
        const QTemporaryDir root;
        const fs::path folder = fs::path(root.path().toStdString()) / "tiny";
        writePack(folder);
        const auto whole = verifyPack(folder);
        QVERIFY2(whole.isOk(), whole.isOk() ? "" : whole.error().message.c_str());
        auto bytes = readWholeFile(folder / "weights.safetensors").value();
        bytes.back() ^= 1;
        QVERIFY(writeFileAtomically(folder / "weights.safetensors", bytes).isOk());
        const auto changed = verifyPack(folder);
        QVERIFY(!changed.isOk());
        QCOMPARE(changed.error().code, ErrorCode::Corrupt);
        fs::remove(folder / "weights.safetensors");
        QCOMPARE(verifyPack(folder).error().code, ErrorCode::NotFound);
    }

    void firstFolderWins() {
        const QTemporaryDir root;
        const fs::path base = root.path().toStdString();
        Manifest mine = exampleManifest();
        mine.version = "2.0.0";
        writePack(base / "user" / "tiny", mine);
        writePack(base / "system" / "tiny");
        writePack(base / "system" / "other");
        const std::vector<fs::path> folders{base / "absent", base / "user", base / "system"};
        QCOMPARE(findPack("tiny", folders).value().manifest.version, std::string("2.0.0"));
        const auto all = listPacks(folders);
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all.at(1).pack.value().manifest.version, std::string("2.0.0"));
        const auto absent = findPack("nothing", folders);
        QVERIFY(!absent.isOk());
        QVERIFY(absent.error().message.find((base / "user").string()) != std::string::npos);
    }

    void brokenPackIsListedWithItsReason() {
        const QTemporaryDir root;
        const fs::path folder = fs::path(root.path().toStdString()) / "broken";
        fs::create_directories(folder);
        QVERIFY(writeFileAtomically(folder / "model.json", std::string_view("{")).isOk());
        const auto all = listPacks({folder.parent_path()});
        QCOMPARE(all.size(), std::size_t{1});
        QVERIFY(!all.at(0).pack.isOk());
    }
};

QTEST_GUILESS_MAIN(TestPack)
#include "tst_pack.moc"
