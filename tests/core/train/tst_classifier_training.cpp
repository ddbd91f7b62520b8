// Training a classifier: a toy problem is learned, resume equals an uninterrupted run, first weights are taken over,
// the finished pack answers as the trainer did.
#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "core/base/atomic_file.h"
#include "core/model/pack.h"
#include "core/model/safetensors.h"
#include "core/train/classifier_run.h"
#include "core/train/rank_auc.h"
#include "core/train/torch_engine.h"

using namespace cxr;
using namespace cxr::train;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr int kSide = 32;

json recipe() {
    return json::parse(R"({"task": "classification", "id": "toy", "seed": 3, "manifest": {"licence": "none"},
        "architecture": {"name": "resnet18", "in_channels": 1, "classes": 2, "width": 0.0625, "dropout": 0.2},
        "input": {"size": 32, "channels": 1, "framing": "thorax", "normalisation": "film-z-score"},
        "classes": [{"name": "Blob"}, {"name": "Stripe"}],
        "folds": 4, "monitor_fraction": 0.2, "bfloat16": false, "ema_decay": 0.9,
        "stages": [{"size": 32, "epochs": 4, "batch": 16, "learning_rate": 0.01, "augmentation_strength": 0.2}],
        "optimiser": {"name": "adamw", "weight_decay": 0.01}, "loss": "bce"})");
}

// A noisy film, perhaps with a bright blob (class 0) and dark stripe (class 1) at random places.
LabelledInput film(int index) {
    std::mt19937 random(static_cast<unsigned>(index) * 7919U + 1U);
    const auto draw = [&](int low, int high) { return low + static_cast<int>(random() % static_cast<unsigned>(high - low)); };
    const bool hasBlob = random() % 2 == 0, hasStripe = random() % 3 == 0;
    LabelledInput labelled;
    labelled.name = "film" + std::to_string(index);
    labelled.group = "patient" + std::to_string(index / 2);
    labelled.site = "toy";
    labelled.planes.resize(kSide * kSide);
    for (auto& value : labelled.planes) value = static_cast<std::uint8_t>(draw(90, 130));
    const auto paint = [&](int x, int y, int width, int height, int gray) {
        for (int i = y; i < y + height; ++i) {
            for (int j = x; j < x + width; ++j) labelled.planes[static_cast<std::size_t>(i * kSide + j)] = static_cast<std::uint8_t>(gray);
        }
    };
    if (hasBlob) paint(draw(4, 18), draw(4, 18), 9, 9, 230);
    if (hasStripe) paint(0, draw(4, 26), kSide, 3, 10);
    labelled.labels = {hasBlob ? 1.0F : 0.0F, hasStripe ? 1.0F : 0.0F};
    if (index % 11 == 0) labelled.labels[1] = std::nanf("");
    return labelled;
}

ClassifierTrainRequest request(const fs::path& out, const json& wanted = recipe(), int count = 96) {
    ClassifierTrainRequest asked;
    asked.recipeJson = wanted.dump();
    for (int i = 0; i < count; ++i) asked.films.push_back(film(i));
    asked.channels = 1;
    asked.height = asked.width = kSide;
    asked.outFolder = out;
    asked.fold = 1;
    asked.device = DeviceChoice::Cpu;
    return asked;
}

ClassifierTrainSummary run(const ClassifierTrainRequest& asked) {
    const auto summary = runClassifierTraining(asked, torch::kCPU, {});
    if (summary.isOk()) return summary.value();
    qWarning("%s", summary.error().message.c_str());
    return {};
}

std::string weightsOf(const fs::path& pack) { return readWholeFile(pack / "weights.safetensors").value(); }

NetworkPlanes planesOf(const LabelledInput& labelled) {
    NetworkPlanes planes{1, kSide, kSide, {}};
    for (const auto value : labelled.planes) planes.values.push_back(static_cast<float>(value) / 255);
    return planes;
}

const LabelledInput& named(const ClassifierTrainRequest& asked, const std::string& name) {
    return *std::find_if(asked.films.begin(), asked.films.end(), [&](const auto& one) { return one.name == name; });
}

}  // namespace

class TestClassifierTraining : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void learnsAToyProblem() {
        QTemporaryDir folder;
        json wanted = recipe();
        wanted["stages"][0]["epochs"] = 20;
        const auto asked = request(folder.path().toStdString(), wanted, 240);
        const auto summary = run(asked);
        QCOMPARE(summary.epochs, 20);
        QCOMPARE(summary.heldOutNames.size(), std::size_t(60));
        QVERIFY(summary.secondsPer1000Films > 0);
        std::vector<torch::Tensor> logits, labels;
        for (std::size_t i = 0; i < summary.heldOutNames.size(); ++i) {
            logits.push_back(torch::tensor(summary.heldOutLogits[i], torch::kFloat));
            labels.push_back(torch::tensor(named(asked, summary.heldOutNames[i]).labels));
        }
        const auto auc = rankAuc(torch::stack(logits), torch::stack(labels));
        QVERIFY2(auc[0] > 0.95, qPrintable(QString::number(auc[0])));
        QVERIFY2(auc[1] > 0.95, qPrintable(QString::number(auc[1])));
        QVERIFY(summary.bestMonitorAuc > 0.9);
    }

    void enginePredictsAsTheTrainerDid() {
        QTemporaryDir folder;
        const auto asked = request(folder.path().toStdString());
        TorchEngine engine;
        engine.configure(DeviceChoice::Cpu, 1);
        const auto summary = engine.trainClassifier(asked, {});
        QVERIFY2(summary.isOk(), summary.isOk() ? "" : summary.error().message.c_str());
        QVERIFY(verifyPack(summary.value().packFolder).isOk());
        for (std::size_t i = 0; i < 5; ++i) {
            const auto planes = planesOf(named(asked, summary.value().heldOutNames[i]));
            const auto answer = engine.predict(summary.value().packFolder, planes, {});
            QVERIFY2(answer.isOk(), answer.isOk() ? "" : answer.error().message.c_str());
            QCOMPARE(answer.value().logits.size(), std::size_t(2));
            QCOMPARE(answer.value().cams.size(), std::size_t(2));
            for (std::size_t c = 0; c < 2; ++c) {
                QVERIFY(std::abs(answer.value().logits[c] - summary.value().heldOutLogits[i][c]) < 0.02);
            }
        }
        QCOMPARE(engine.loadPack(summary.value().packFolder, DeviceChoice::Cpu, 1).value().id, std::string("toy"));
        QCOMPARE(engine.predict(summary.value().packFolder, {1, 2, 2, {0, 0, 0, 0}}, {}).error().code,
                 ErrorCode::InvalidArgument);
        QVERIFY(!engine.segment(summary.value().packFolder, {2, 2, {0, 0, 0, 0}}, {}, {}).isOk());
        const std::string csv = readWholeFile(asked.outFolder / "predictions.csv").value();
        QVERIFY(csv.starts_with("name,group,fold,Blob_logit,Stripe_logit,Blob_label,Stripe_label\n"));
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), 25);
        const std::string log = readWholeFile(asked.outFolder / "log.csv").value();
        QVERIFY(log.starts_with("epoch,stage,size,training_loss,monitor_loss,monitor_auc,learning_rate,seconds\n"));
    }

    void resumeEqualsUninterrupted() {
        QTemporaryDir folder;
        const fs::path base = folder.path().toStdString();
        json wanted = recipe();  // everything that draws random numbers, and two grids
        wanted["mixup"] = 0.4;
        wanted["balanced_sampling"] = 0.5;
        wanted["augmentation"] = {{"erase_probability", 1}, {"mirror_probability", 0.5}};
        wanted["loss"] = {{"name", "weighted-bce"}, {"ecr", 0.1}};
        wanted["stages"].push_back({{"size", 32}, {"epochs", 2}, {"batch", 8}, {"accumulate", 2}, {"learning_rate", 0.002},
                                    {"freeze", {"conv1", "bn1", "layer1"}}});
        wanted["stages"][0]["size"] = 48;
        wanted["stages"][0]["epochs"] = 2;
        const auto whole = run(request(base / "whole", wanted));
        QCOMPARE(whole.epochs, 4);
        for (int cut = 1; cut <= 3; ++cut) {
            const auto out = base / std::to_string(cut);
            std::stop_source stop;
            auto first = request(out, wanted);
            first.log = [&](const std::string& line) {
                if (line.starts_with("epoch " + std::to_string(cut) + "/")) stop.request_stop();
            };
            QCOMPARE(runClassifierTraining(first, torch::kCPU, {stop.get_token(), {}}).error().code, ErrorCode::Cancelled);
            auto second = request(out, wanted);
            second.resume = true;
            const auto rest = run(second);
            QCOMPARE(rest.epochs, 4);
            QVERIFY(weightsOf(rest.packFolder) == weightsOf(whole.packFolder));
            QVERIFY(rest.heldOutLogits == whole.heldOutLogits);
        }
    }

    void takesOverFirstWeights() {
        QTemporaryDir folder;
        const fs::path base = folder.path().toStdString();
        const auto first = run(request(base / "first"));
        json wanted = recipe();  // another head, the same encoder, and nothing is learned
        wanted["classes"] = {{{"name", "Blob"}}};
        wanted["architecture"]["classes"] = 1;
        wanted["stages"][0]["epochs"] = 1;
        wanted["stages"][0]["freeze"] = {""};
        auto second = request(base / "second", wanted);
        for (auto& one : second.films) one.labels.resize(1);
        second.initialPack = first.packFolder;
        std::string line;
        second.log = [&](const std::string& said) { if (line.empty()) line = said; };
        const auto summary = runClassifierTraining(second, torch::kCPU, {});
        QVERIFY(!summary.isOk());  // everything is frozen
        second.recipeJson = [&] { wanted["stages"][0]["freeze"] = {"conv1", "bn1", "layer"}; return wanted.dump(); }();
        second.outFolder = base / "third";
        line.clear();
        const auto third = run(second);
        QVERIFY2(line.starts_with("first weights: "), line.c_str());
        const auto before = SafetensorsFile::open(first.packFolder / "weights.safetensors");
        const auto after = SafetensorsFile::open(third.packFolder / "weights.safetensors");
        for (const char* name : {"conv1.weight", "bn1.running_mean", "layer4.1.conv2.weight"}) {
            QCOMPARE(toFloats(after.value().tensors().at(name)), toFloats(before.value().tensors().at(name)));
        }
        wanted["architecture"] = {{"name", "vgg16"}, {"in_channels", 1}, {"classes", 1}, {"width", 0.0625}, {"hidden", 8}};
        second.recipeJson = wanted.dump();
        second.outFolder = base / "fourth";
        QCOMPARE(runClassifierTraining(second, torch::kCPU, {}).error().code, ErrorCode::InvalidArgument);
    }

    // The published networks that bring a loss or maps of their own learn here too; only what is not frozen changes.
    void otherNetworksTrain_data() {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QString>("loss");
        QTest::newRow("spf") << R"({"name": "spf", "in_channels": 1, "classes": 2, "backbone": "resnet18", "width": 0.0625,
            "channels": 8, "maps": 4, "code": 4, "grid": 8})" << R"({"name": "bce", "auxiliary": 1})";
        QTest::newRow("glimpse") << R"({"name": "glimpse", "in_channels": 1, "classes": 2, "glimpses": 2, "glimpse_size": 32,
            "coarse_size": 32, "state": 8, "context": "resnet18", "reader": "resnet18", "width": 0.0625})" << R"("focal")";
        QTest::newRow("multires") << R"({"name": "multires", "backbone": "resnet18", "in_channels": 1, "classes": 2,
            "width": 0.0625, "pcm": true, "pcm_channels": 4})"
            << R"({"name": "soft-margin", "ecr": 1, "refined": 1.5})";
    }
    void otherNetworksTrain() {
        QFETCH(QString, architecture);
        QFETCH(QString, loss);
        QTemporaryDir folder;
        json wanted = recipe();
        wanted["architecture"] = json::parse(architecture.toStdString());
        wanted["loss"] = json::parse(loss.toStdString());
        wanted["stages"][0]["epochs"] = 2;
        const auto summary = run(request(folder.path().toStdString(), wanted, 48));
        QCOMPARE(summary.epochs, 2);
        for (const auto& row : summary.heldOutLogits) QVERIFY(std::isfinite(row[0]) && std::isfinite(row[1]));
        TorchEngine engine;
        engine.configure(DeviceChoice::Cpu, 1);
        const auto answer = engine.predict(summary.packFolder, planesOf(film(1)), {});
        QVERIFY2(answer.isOk(), answer.isOk() ? "" : answer.error().message.c_str());
        QCOMPARE(answer.value().glimpses.size(), std::size_t(wanted["architecture"]["name"] == "glimpse" ? 2 : 0));
    }

    void correlationModuleLearnsAlone() {
        QTemporaryDir folder;
        json wanted = recipe();
        wanted["architecture"] = {{"name", "multires"}, {"backbone", "resnet18"}, {"in_channels", 1}, {"classes", 2},
                                  {"width", 0.0625}, {"pcm", true}, {"pcm_channels", 4}};
        wanted["stages"][0]["epochs"] = 1;
        const auto first = run(request(folder.path().toStdString() + "/a", wanted, 48));
        wanted["loss"] = {{"name", "bce"}, {"ecr", 1}, {"refined", 1.5}};
        wanted["stages"][0]["freeze"] = {"backbone", "merge", "classifier"};
        auto second = request(folder.path().toStdString() + "/b", wanted, 48);
        second.initialPack = first.packFolder;
        const auto before = SafetensorsFile::open(first.packFolder / "weights.safetensors");
        const auto after = SafetensorsFile::open(run(second).packFolder / "weights.safetensors");
        for (const auto& [name, view] : before.value().tensors()) {
            const bool isSame = toFloats(view) == toFloats(after.value().tensors().at(name));
            QVERIFY2(isSame != name.starts_with("pcm"), name.c_str());
        }
    }

    void wrongRecipesAreRefused_data() {
        QTest::addColumn<QString>("patch");
        QTest::newRow("classes of the network") << R"({"architecture": {"classes": 3}})";
        QTest::newRow("channels of the network") << R"({"architecture": {"in_channels": 3}})";
        QTest::newRow("size") << R"({"input": {"size": 64}})";
        QTest::newRow("planes") << R"({"input": {"planes": ["film", "heart"], "channels": 2}})";
        QTest::newRow("framing") << R"({"input": {"framing": "circle"}})";
        QTest::newRow("normalisation") << R"({"input": {"normalisation": "loud"}})";
        QTest::newRow("loss") << R"({"loss": "hope"})";
        QTest::newRow("refined without module") << R"({"loss": {"name": "bce", "refined": 1}})";
        QTest::newRow("select") << R"({"select": "luckiest"})";
        QTest::newRow("best without monitor") << R"({"select": "best", "monitor_fraction": 0})";
        QTest::newRow("task") << R"({"task": "segmentation"})";
        QTest::newRow("mixup") << R"({"mixup": -1})";
        QTest::newRow("classes") << R"({"classes": []})";
    }
    void wrongRecipesAreRefused() {
        QFETCH(QString, patch);
        QTemporaryDir folder;
        json wanted = recipe();
        wanted.merge_patch(json::parse(patch.toStdString()));
        const auto summary = runClassifierTraining(request(folder.path().toStdString(), wanted), torch::kCPU, {});
        QVERIFY(!summary.isOk());
        QVERIFY(summary.error().code != ErrorCode::Internal);
        QVERIFY(!fs::exists(folder.path().toStdString() + "/checkpoint.pt"));
    }
};

QTEST_GUILESS_MAIN(TestClassifierTraining)
#include "tst_classifier_training.moc"
