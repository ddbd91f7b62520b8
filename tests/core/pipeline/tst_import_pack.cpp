// Import without torch: an engine that only describes a small network. What is written, what is refused, and that nothing
// is left behind.
#include "core/pipeline/import_pack.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/pack.h"
#include "core/pipeline/import_presets.h"
#include "tests/core/model/checkpoint_bytes.h"

using namespace cxr;
using namespace cxr::test;
namespace fs = std::filesystem;

namespace {

// conv.weight [4, in, 3, 3], classifier.weight [classes, 4], classifier.bias [classes]; with "out_channels" a segmentation:
// head.weight [out_channels, 4, 1, 1] and head.bias [out_channels] in place of the classifier.
class SmallEngine : public Engine {
  public:
    std::string described;
    bool answersPrograms = true, outlines = true;

    EngineInfo info() const override { return {}; }
    Result<ModelStamp> loadPack(const fs::path&, DeviceChoice, int) override { return no(); }
    Result<Segmentation> segment(const fs::path&, const GrayFilm&, const SegmentOptions&, const RunContext&) override {
        if (outlines) return Segmentation{};
        return no();
    }
    Result<Prediction> predict(const fs::path&, const NetworkPlanes&, const RunContext&) override {
        if (answersPrograms) return Prediction{};
        return no();
    }
    Result<std::vector<ExplainMethod>> explanations(const fs::path&) override { return no(); }
    Result<Explanation> explain(const fs::path&, const NetworkPlanes&, const std::string&, const ExplainOptions&, const RunContext&) override { return no(); }
    Result<TrainSummary> train(const TrainRequest&, const RunContext&) override { return no(); }
    Result<ClassifierTrainSummary> trainClassifier(const ClassifierTrainRequest&, const RunContext&) override { return no(); }
    void configure(DeviceChoice, int) override {}
    Result<std::vector<TensorShape>> describe(const std::string& architectureJson) override {
        described = architectureJson;
        const std::int64_t in = numberIn("in_channels"), classes = numberIn("classes"), planes = numberIn("out_channels");
        if (planes > 0) return std::vector<TensorShape>{{"conv.weight", {4, in, 3, 3}}, {"head.weight", {planes, 4, 1, 1}}, {"head.bias", {planes}}};
        return std::vector<TensorShape>{
            {"conv.weight", {4, in, 3, 3}}, {"classifier.weight", {classes, 4}}, {"classifier.bias", {classes}}};
    }

  private:
    static Error no() { return {ErrorCode::Unsupported, "not in this engine"}; }
    std::int64_t numberIn(const std::string& key) const {
        const std::size_t at = described.find("\"" + key + "\":");
        return at == std::string::npos ? -1 : std::stoll(described.substr(at + key.size() + 3));
    }
};

std::string floatTensor(const std::string& key, const Numbers& shape) {
    std::int64_t count = 1;
    Numbers strides(shape.size(), 1);
    for (std::size_t d = shape.size(); d-- > 0;) {
        strides[d] = count;
        count *= shape[d];
    }
    return tensor({"FloatStorage", key, count}, 0, shape, strides);
}

std::vector<float> ramp(std::size_t count, float start = 0) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = start + static_cast<float>(i);
    return values;
}

// A checkpoint that fits SmallEngine; arrays may be left out, added or reshaped by the caller.
struct Checkpoint {
    std::map<std::string, std::pair<Numbers, std::vector<float>>> arrays;
    explicit Checkpoint(std::int64_t classes, std::int64_t in = 1, const std::string& prefix = {}) {
        const auto rows = static_cast<std::size_t>(classes);
        arrays[prefix + "conv.weight"] = {{4, in, 3, 3}, ramp(36 * static_cast<std::size_t>(in))};
        arrays[prefix + "classifier.weight"] = {{classes, 4}, ramp(4 * rows)};
        arrays[prefix + "classifier.bias"] = {{classes}, ramp(rows, 100)};
    }
    std::string bytes() const {
        std::vector<std::pair<std::string, std::string>> entries;
        std::map<std::string, std::string> storages;
        int next = 0;
        for (const auto& [name, array] : arrays) {
            const std::string key = std::to_string(next++);
            entries.emplace_back(name, floatTensor(key, array.first));
            storages[key] = floats(array.second);
        }
        return zipCheckpoint(dictionary(entries), storages);
    }
};

std::vector<float> arrayOf(const fs::path& pack, const std::string& name) {
    const auto file = SafetensorsFile::open(pack / "weights.safetensors");
    return toFloats(file.value().tensors().at(name));
}

std::string why(const Result<ImportOutcome>& outcome) {
    if (!outcome.isOk()) return outcome.error().message;
    std::string text;
    for (const std::string& misfit : outcome.value().misfits) text += misfit + "\n";
    return text;
}

}  // namespace

class TestImportPack : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_place;
    SmallEngine m_engine;

    fs::path place() const { return m_place->path().toStdString(); }
    ImportRequest requestFor(const std::string& bytes) {
        std::ofstream(place() / "w.pt", std::ios::binary) << bytes;
        ImportRequest request;
        request.file = place() / "w.pt";
        request.outFolder = place() / "my-pack";
        request.architecture = "densenet121";
        request.source = "none";
        request.classes = {"Edema", "Pleural Effusion"};
        request.size = 64;
        request.framing = "letterbox";
        request.normalisation = "unit";
        return request;
    }
    ImportRequest organRequest() {
        Checkpoint checkpoint(3);
        checkpoint.arrays.erase("classifier.weight");
        checkpoint.arrays.erase("classifier.bias");
        checkpoint.arrays["head.weight"] = {{3, 4, 1, 1}, ramp(12)};
        checkpoint.arrays["head.bias"] = {{3}, ramp(3, 100)};
        ImportRequest request = requestFor(checkpoint.bytes());
        request.architecture = "unet";
        request.classes.clear();
        request.framing = request.normalisation = "";
        request.organs = {"heart", "left_lung", "right_lung"};
        return request;
    }
    // Only the file of the weights is there.
    bool isUntouched() const { return std::distance(fs::directory_iterator(place()), {}) == 1; }

  private Q_SLOTS:
    void init() {
        m_place = std::make_unique<QTemporaryDir>();
        m_engine = {};
        qputenv("XDG_CONFIG_HOME", (m_place->path() + "/w.pt.none").toUtf8());  // a path that no test may create
    }

    void wholePack() {
        ImportRequest request = requestFor(Checkpoint(2).bytes());
        request.name = "Mine";
        request.licence = "CC0-1.0";
        std::vector<double> progress;
        RunContext context;
        context.progress = [&](double done) { progress.push_back(done); };
        const auto outcome = importPack(request, m_engine, context);
        QVERIFY2(outcome.isOk() && outcome.value().misfits.empty(), why(outcome).c_str());
        QVERIFY(std::is_sorted(progress.begin(), progress.end()) && progress.back() == 1.0);
        QCOMPARE(outcome.value().arrays, std::size_t{3});
        QCOMPARE(outcome.value().numbers, std::uint64_t{36 + 8 + 2});

        const auto pack = verifyPack(request.outFolder);
        QVERIFY2(pack.isOk(), pack.isOk() ? "" : pack.error().message.c_str());
        const Manifest& manifest = pack.value().manifest;
        QCOMPARE(manifest.id, std::string("my-pack"));
        QCOMPARE(manifest.task, std::string("classification"));
        QCOMPARE(manifest.outputs.at(1).name, std::string("Effusion"));
        QCOMPARE(manifest.trainingData, std::string("not stated"));
        QCOMPARE(manifest.metricsJson, std::string("{}"));
        QVERIFY(manifest.architectureJson.find("\"classes\":2") != std::string::npos);
        QCOMPARE(arrayOf(request.outFolder, "classifier.bias"), (std::vector<float>{100, 101}));
        const auto card = readWholeFile(request.outFolder / "CARD.md").value();
        QVERIFY(card.find("CC0-1.0") != std::string::npos && card.find("nothing was measured here") != std::string::npos);
        QVERIFY2(card.find(m_place->path().toStdString()) == std::string::npos, "the card must not tell folders of this machine");
    }

    void halfPrecision() {
        ImportRequest request = requestFor(Checkpoint(2).bytes());
        request.asHalf = true;
        QVERIFY(importPack(request, m_engine).isOk());
        const auto file = SafetensorsFile::open(request.outFolder / "weights.safetensors");
        QCOMPARE(file.value().tensors().at("conv.weight").type, TensorType::Float16);
        QCOMPARE(file.value().tensors().at("classifier.bias").type, TensorType::Float32);
        QCOMPARE(arrayOf(request.outFolder, "classifier.weight"), ramp(8));
    }

    void cheXNetNames() {
        Checkpoint checkpoint(14, 3, "module.densenet121.");
        checkpoint.arrays["module.densenet121.classifier.0.weight"] = checkpoint.arrays["module.densenet121.classifier.weight"];
        checkpoint.arrays.erase("module.densenet121.classifier.weight");
        ImportRequest request = requestFor(checkpoint.bytes());
        request.source = "chexnet";
        request.classes.clear();
        request.size.reset();
        request.framing = request.normalisation = "";
        const auto facts = inspectWeights(request.file);
        QVERIFY(facts.isOk());
        QCOMPARE(facts.value().suggestedSource, std::string("chexnet"));
        QCOMPARE(facts.value().outputs, std::optional<std::int64_t>(14));
        const auto outcome = importPack(request, m_engine);
        QVERIFY2(outcome.isOk() && outcome.value().misfits.empty(), why(outcome).c_str());
        const ModelInput& input = outcome.value().manifest.input;
        QVERIFY(input.size == 224 && input.channels == 3 && input.normalisation == "imagenet" && input.framing == "centre-crop");
        QCOMPARE(outcome.value().manifest.outputs.at(12).name, std::string("Pleural_Thickening"));
    }

    // Four of eighteen outputs have no threshold: they go, with their rows.
    void untrainedOutputsGo() {
        Checkpoint checkpoint(18);
        std::vector<float> thresholds(18, 0.25F);
        for (const std::size_t i : {1U, 15U, 16U, 17U}) thresholds[i] = std::nanf("");
        checkpoint.arrays["op_threshs"] = {{18}, thresholds};
        ImportRequest request = requestFor(checkpoint.bytes());
        request.source = "torchxrayvision";
        request.classes.clear();
        request.size.reset();
        request.framing = request.normalisation = "";
        QCOMPARE(inspectWeights(request.file).value().suggestedSource, std::string("torchxrayvision"));
        const auto outcome = importPack(request, m_engine);
        QVERIFY2(outcome.isOk() && outcome.value().misfits.empty(), why(outcome).c_str());
        const Manifest manifest = verifyPack(request.outFolder).value().manifest;
        QCOMPARE(manifest.outputs.size(), std::size_t{14});
        QCOMPARE(manifest.outputs.at(1).name, std::string("Infiltration"));
        QCOMPARE(manifest.outputs.at(13).name, std::string("Lung_Lesion"));
        QCOMPARE(manifest.outputs.at(13).meaning, std::string("Lung lesion"));
        QCOMPARE(manifest.outputs.at(0).operatingPoints.at(0).threshold, 0.25);
        const auto bias = arrayOf(request.outFolder, "classifier.bias");
        QCOMPARE(bias.size(), std::size_t{14});
        QCOMPARE(bias.at(1), 102.0F);
        QCOMPARE(arrayOf(request.outFolder, "classifier.weight").at(4), 8.0F);
        QCOMPARE(outcome.value().notes.size(), std::size_t{1});
    }

    void outlinesBecomeAPack() {
        ImportRequest request = organRequest();
        request.organs = {"right_lung", "heart", "left_lung"};
        const auto outcome = importPack(request, m_engine);
        QVERIFY2(outcome.isOk() && outcome.value().misfits.empty(), why(outcome).c_str());
        const Manifest manifest = verifyPack(request.outFolder).value().manifest;
        QCOMPARE(manifest.task, std::string("segmentation"));
        QCOMPARE(manifest.outputs.size(), std::size_t{3});
        QCOMPARE(manifest.outputs.at(0).name, std::string("heart"));
        QCOMPARE(manifest.outputs.at(1).code, std::string("44029006"));
        QVERIFY(manifest.input.framing == "letterbox" && manifest.input.normalisation == "film-z-score" && manifest.input.size == 64);
        QVERIFY(manifest.architectureJson.find("\"out_channels\":3") != std::string::npos);
        QVERIFY(manifest.architectureJson.find("classes") == std::string::npos);
        QCOMPARE(arrayOf(request.outFolder, "head.bias"), (std::vector<float>{101, 102, 100}));  // the program's order
        QCOMPARE(arrayOf(request.outFolder, "head.weight"), (std::vector<float>{4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3}));
        const auto card = readWholeFile(request.outFolder / "CARD.md").value();
        QVERIFY(card.find("evaluate heart") != std::string::npos && card.find("AUC") == std::string::npos);
    }

    void outlinesInOurOrderStayAsTheyAre() {
        ImportRequest request = organRequest();
        request.architecture = "segresnet";
        const auto outcome = importPack(request, m_engine);
        QVERIFY2(outcome.isOk() && outcome.value().misfits.empty(), why(outcome).c_str());
        QCOMPARE(arrayOf(request.outFolder, "head.bias"), (std::vector<float>{100, 101, 102}));
    }

    void wrongOutlinesAreRefused_data() {
        QTest::addColumn<int>("change");
        QTest::addColumn<QString>("named");
        QTest::newRow("two organs") << 0 << "each once";
        QTest::newRow("an organ twice") << 1 << "each once";
        QTest::newRow("unknown organ") << 2 << "each once";
        QTest::newRow("classes as well") << 3 << "not both";
        QTest::newRow("a classifier") << 4 << "choose one of unet";
        QTest::newRow("framing") << 5 << "multiple of 16";
        QTest::newRow("size") << 6 << "multiple of 16";
        QTest::newRow("other planes") << 7 << "number of planes";
        QTest::newRow("order of another network") << 8 << "unet only";
        QTest::newRow("the network fails") << 9 << "not in this engine";
    }
    void wrongOutlinesAreRefused() {
        QFETCH(int, change);
        QFETCH(QString, named);
        ImportRequest request = organRequest();
        switch (change) {
            case 0: request.organs.pop_back(); break;
            case 1: request.organs = {"heart", "heart", "left_lung"}; break;
            case 2: request.organs[0] = "liver"; break;
            case 3: request.classes = {"Edema"}; break;
            case 4: request.architecture = "densenet121"; break;
            case 5: request.framing = "thorax"; break;
            case 6: request.size = 72; break;
            case 7: request.architectureJson = R"({"out_channels": 2})"; break;
            case 8: request.architecture = "vnet"; std::swap(request.organs[0], request.organs[1]); break;
            case 9: m_engine.outlines = false; break;
            default: QFAIL("no such change");
        }
        const auto outcome = importPack(request, m_engine);
        QVERIFY(!outcome.isOk());
        const auto message = QString::fromStdString(outcome.error().message);
        QVERIFY2(message.contains(named), qPrintable(message));
        QVERIFY(isUntouched());
    }

    void misfitsAreOneList() {
        Checkpoint checkpoint(2);
        checkpoint.arrays["conv.weight"] = {{4, 1, 3}, ramp(12)};
        checkpoint.arrays.erase("classifier.bias");
        checkpoint.arrays["zzz"] = {{1}, {1}};
        checkpoint.arrays["bn.num_batches_tracked"] = {{1}, {1}};
        const auto outcome = importPack(requestFor(checkpoint.bytes()), m_engine);
        QVERIFY2(outcome.isOk(), why(outcome).c_str());
        QVERIFY(outcome.value().folder.empty());
        const std::vector<std::string> expected{"classifier.bias is missing",
                                                "conv.weight has the shape 4x1x3 instead of 4x1x3x3", "zzz is not part of the network"};
        QCOMPARE(outcome.value().misfits, expected);
        QVERIFY(isUntouched());
    }

    void impossibleNumbersAreMisfits() {
        Checkpoint checkpoint(2);
        checkpoint.arrays["classifier.bias"].second[1] = INFINITY;
        checkpoint.arrays["conv.weight"].second[0] = 70'000;
        ImportRequest request = requestFor(checkpoint.bytes());
        request.asHalf = true;
        const auto outcome = importPack(request, m_engine);
        QVERIFY(outcome.isOk());
        QCOMPARE(outcome.value().misfits.size(), std::size_t{2});
        QVERIFY(isUntouched());
    }

    void refuses_data() {
        QTest::addColumn<int>("change");
        QTest::addColumn<QString>("named");
        QTest::newRow("classes too few") << 0 << "has 2 outputs, but 1 classes";
        QTest::newRow("no classes") << 1 << "name its 2 outputs";
        QTest::newRow("a class twice") << 2 << "two classes have the name Effusion";
        QTest::newRow("a class without a name") << 3 << "no usable name";
        QTest::newRow("unknown source") << 4 << "choose one of torchvision, chexnet, torchxrayvision, none";
        QTest::newRow("no preparation") << 5 << "size, framing and normalisation";
        QTest::newRow("tiny") << 6 << "32 to 2048";
        QTest::newRow("framing") << 7 << "not heartspot";
        QTest::newRow("normalisation") << 8 << "no normalisation z-score";
        QTest::newRow("imagenet in gray") << 9 << "three channels";
        QTest::newRow("not JSON") << 10 << "not a JSON object";
        QTest::newRow("JSON with other classes") << 11 << "another number of classes";
        QTest::newRow("id") << 12 << "lower-case letters";
        QTest::newRow("no architecture") << 13 << "name the network";
        QTest::newRow("existing folder") << 14 << "already exists";
        QTest::newRow("absent file") << 15 << "cannot open";
        QTest::newRow("channels") << 16 << "whole number";
    }
    void refuses() {
        QFETCH(int, change);
        QFETCH(QString, named);
        ImportRequest request = requestFor(Checkpoint(2).bytes());
        switch (change) {
            case 0: request.classes.pop_back(); break;
            case 1: request.classes.clear(); break;
            case 2: request.classes = {"Effusion", "Pleural Effusion"}; break;
            case 3: request.classes = {"Effusion", ""}; break;
            case 4: request.source = "keras"; break;
            case 5: request.normalisation.clear(); break;
            case 6: request.size = 16; break;
            case 7: request.framing = "heartspot"; break;
            case 8: request.normalisation = "z-score"; break;
            case 9: request.normalisation = "imagenet"; break;
            case 10: request.architectureJson = "[1]"; break;
            case 11: request.architectureJson = R"({"classes": 3})"; break;
            case 12: request.id = "../x"; break;
            case 13: request.architecture.clear(); break;
            case 14: request.outFolder = place(); break;
            case 15: request.file = place() / "absent.pt"; break;
            case 16: request.architectureJson = R"({"in_channels": "one"})"; break;
            default: QFAIL("no such change");
        }
        const auto outcome = importPack(request, m_engine);
        QVERIFY(!outcome.isOk());
        const auto message = QString::fromStdString(outcome.error().message);
        QVERIFY2(message.contains(named), qPrintable(message));
        QVERIFY(isUntouched());
    }

    // A file cut anywhere never becomes a pack and leaves nothing.
    void truncatedFiles() {
        const std::string whole = Checkpoint(2).bytes();
        for (std::size_t length = 1; length < whole.size(); length += 37) {
            const auto outcome = importPack(requestFor(whole.substr(0, length)), m_engine);
            QVERIFY2(!outcome.isOk(), std::to_string(length).c_str());
            QVERIFY(isUntouched());
        }
    }

    void lyingSafetensors() {
        const std::string header = R"({"w":{"dtype":"F32","shape":[1000000],"data_offsets":[0,4000000]}})";
        const auto outcome = importPack(requestFor(raw(static_cast<std::uint64_t>(header.size())) + header + "1234"), m_engine);
        QVERIFY(!outcome.isOk());
        QCOMPARE(outcome.error().code, ErrorCode::Corrupt);
        QVERIFY(!importPack(requestFor("plain text that is no weights file at all"), m_engine).isOk());
        QVERIFY(isUntouched());
    }

    void cancelLeavesNothing() {
        std::stop_source source;
        RunContext context;
        context.stop = source.get_token();
        context.progress = [&](double done) {
            if (done > 0.9) source.request_stop();  // the pack is written but not yet there
        };
        const auto outcome = importPack(requestFor(Checkpoint(2).bytes()), m_engine, context);
        QVERIFY(!outcome.isOk());
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        QVERIFY(isUntouched());
    }

    // A program is refused with its hash; with the hash it is copied as it is, tried once, and trusted.
    void programs() {
        const std::string script = zipped({{"m/data.pkl", pickled("}")}, {"m/constants.pkl", pickled(")")}, {"m/code/m.py", "pass"}});
        ImportRequest request = requestFor(script);
        const auto facts = inspectWeights(request.file);
        QCOMPARE(facts.value().kind, WeightsKind::TorchScript);
        const auto refused = importPack(request, m_engine);
        QVERIFY(!refused.isOk());
        QVERIFY2(refused.error().message.find(facts.value().sha256) != std::string::npos, refused.error().message.c_str());
        request.trustedSha256 = std::string(64, 'a');
        QVERIFY(!importPack(request, m_engine).isOk());
        QVERIFY(isUntouched());

        qputenv("XDG_CONFIG_HOME", (m_place->path() + "/config").toUtf8());
        request.trustedSha256 = facts.value().sha256;
        m_engine.answersPrograms = false;
        QVERIFY(!importPack(request, m_engine).isOk());
        QVERIFY(!fs::exists(request.outFolder));
        m_engine.answersPrograms = true;
        const auto outcome = importPack(request, m_engine);
        QVERIFY2(outcome.isOk(), why(outcome).c_str());
        const auto pack = verifyPack(request.outFolder);
        QVERIFY2(pack.isOk(), pack.isOk() ? "" : pack.error().message.c_str());
        QVERIFY(pack.value().isProgram());
        QCOMPARE(pack.value().manifest.weightsSha256, facts.value().sha256);
    }
};

QTEST_GUILESS_MAIN(TestImportPack)
#include "tst_import_pack.moc"
