// Packs merged into an ensemble: what is written, what is refused, and that nothing is left behind.
#include <QTest>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/pack.h"
#include "core/model/safetensors.h"
#include "core/pipeline/merge_packs.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

fs::path makePack(const fs::path& folder, float weight, const std::string& output = "Cardiomegaly") {
    fs::create_directories(folder);
    TensorToWrite tensor{"fc.weight", TensorType::Float32, {1}, std::vector<std::byte>(4)};
    std::memcpy(tensor.bytes.data(), &weight, 4);
    if (!writeSafetensors(folder / "weights.safetensors", {tensor}).isOk()) qFatal("cannot write the weights");
    Manifest manifest;
    manifest.id = folder.filename().string();
    manifest.name = "One";
    manifest.version = "1";
    manifest.task = "classification";
    manifest.input.size = 64;
    manifest.input.framing = "letterbox";
    manifest.input.normalisation = "unit";
    manifest.outputs = {{output, "", "", ""}};
    manifest.outputs[0].calibration = {0.5, 0.1};
    manifest.outputs[0].auc = {0.8, 0.7, 0.9};
    manifest.architectureName = "resnet18";
    manifest.architectureJson = R"({"name": "resnet18", "classes": 1})";
    manifest.weightsFile = "weights.safetensors";
    manifest.weightsSha256 = sha256OfFile(folder / "weights.safetensors").value();
    if (!writeFileAtomically(folder / "model.json", toJson(manifest)).isOk()) qFatal("cannot write model.json");
    return folder;
}

}  // namespace

class TestMergePacks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void twoPacksBecomeOne();
    void refusesWhatDiffers();

  private:
    QTemporaryDir m_folder;
    fs::path root() const { return m_folder.path().toStdString(); }
};

void TestMergePacks::twoPacksBecomeOne() {
    const auto a = makePack(root() / "a", 1.5F), b = makePack(root() / "b", -2);
    const auto merged = mergePacks({{a, b}, root() / "both", "", "Both", ""});
    QVERIFY2(merged.isOk(), merged.isOk() ? "" : merged.error().message.c_str());
    const auto pack = verifyPack(root() / "both");
    QVERIFY(pack.isOk());
    const Manifest& manifest = pack.value().manifest;
    QCOMPARE(manifest.id, std::string("both"));
    QCOMPARE(manifest.name, std::string("Both"));
    QCOMPARE(manifest.architectureName, std::string("ensemble"));
    QCOMPARE(nlohmann::json::parse(manifest.architectureJson)["members"].size(), std::size_t{2});
    QVERIFY(!manifest.outputs[0].auc);  // measured on one member, not on both
    QCOMPARE(manifest.outputs[0].calibration.slope, 1.0);
    const auto weights = SafetensorsFile::open(pack.value().weights());
    QVERIFY(weights.isOk());
    QCOMPARE(toFloats(weights.value().tensors().at("members.0.fc.weight")), std::vector<float>{1.5F});
    QCOMPARE(toFloats(weights.value().tensors().at("members.1.fc.weight")), std::vector<float>{-2});
}

void TestMergePacks::refusesWhatDiffers() {
    const auto a = makePack(root() / "c", 1), b = makePack(root() / "d", 2, "Mass");
    QCOMPARE(mergePacks({{a, b}, root() / "cd", "", "", ""}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(mergePacks({{a}, root() / "cd", "", "", ""}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(mergePacks({{a, root() / "nothing"}, root() / "cd", "", "", ""}).error().code, ErrorCode::NotFound);
    QVERIFY(!fs::exists(root() / "cd"));
    QCOMPARE(mergePacks({{a, a}, root() / "c", "", "", ""}).error().code, ErrorCode::InvalidArgument);  // exists
    QVERIFY(mergePacks({{a, a}, root() / "aa", "", "", ""}).isOk());
    QCOMPARE(mergePacks({{a, root() / "aa"}, root() / "deep", "", "", ""}).error().code, ErrorCode::Unsupported);
}

QTEST_GUILESS_MAIN(TestMergePacks)
#include "tst_merge_packs.moc"
