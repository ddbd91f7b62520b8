// Training: splits, recipe, augmentation, loss, one film learned by heart, resume equals an uninterrupted run, cancel.
#include <torch/torch.h>

#include <ATen/CPUGeneratorImpl.h>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "core/base/atomic_file.h"
#include "core/model/pack.h"
#include "core/nn/segmenter.h"
#include "core/train/augment.h"
#include "core/train/losses.h"
#include "core/train/segmentation_task.h"
#include "core/train/split.h"
#include "core/train/train_run.h"
#include "core/train/training_loop.h"

using namespace cxr;
using namespace cxr::train;
namespace fs = std::filesystem;

namespace {

constexpr const char* kTinyRecipe = R"({"id": "tiny", "seed": 5, "architecture": {"name": "unet", "channels": [4, 8]},
  "stages": [{"size": 32, "epochs": 3, "batch": 4, "learning_rate": 0.01}, {"size": 48, "epochs": 2, "batch": 4, "learning_rate": 0.005}],
  "monitor_fraction": 0.2, "bfloat16": false})";

// A square film with a bright "heart" between two dark "lungs".
LabelledFilm film(int index, const std::string& site = "a") {
    const int side = 48, shift = index % 5;
    LabelledFilm labelled;
    labelled.name = labelled.group = "film" + std::to_string(index);
    labelled.site = site;
    labelled.film = {side, side, std::vector<float>(side * side, 0.5F)};
    for (auto& mask : labelled.masks) mask.assign(side * side, 0);
    for (int y = 8; y < 40; ++y) {
        for (int x = 0; x < side; ++x) {
            const int organ = x < 6 + shift || x >= 42 ? -1 : x < 18 + shift ? 2 : x < 28 + shift ? 0 : 1;
            if (organ < 0) continue;
            const auto at = static_cast<std::size_t>(y * side + x);
            labelled.film.values[at] = organ == 0 ? 0.9F : 0.1F;
            labelled.masks[static_cast<std::size_t>(organ)][at] = 1;
        }
    }
    return labelled;
}

std::vector<LabelledFilm> films(int count) {
    std::vector<LabelledFilm> list;
    for (int i = 0; i < count; ++i) list.push_back(film(i));
    return list;
}

TrainRequest request(const fs::path& out) {
    TrainRequest wanted;
    wanted.recipeJson = kTinyRecipe;
    wanted.films = films(12);
    wanted.outFolder = out;
    return wanted;
}

std::string weightsOf(const TrainSummary& summary) { return readWholeFile(summary.packFolder / "weights.safetensors").value(); }

Augmentation nothing() {
    return weakened(Augmentation{}, 0);
}

// A network that only keeps what it was shown.
class Witness : public nn::Network {
  public:
    nn::NetworkOutput forward(const torch::Tensor& input, const nn::StopCheck& = {}) override {
        seen.push_back(input.clone());
        return {input.repeat({1, 3, 1, 1}).set_requires_grad(true), {}, {}};
    }
    void foldBatchNorm() override {}
    std::vector<torch::Tensor> seen;
};

}  // namespace

class TestTrainer : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void foldsKeepPatientsTogether() {
        std::vector<LabelledFilm> list;
        for (int i = 0; i < 60; ++i) {
            LabelledFilm label;
            label.name = "f" + std::to_string(i);
            label.group = "patient" + std::to_string(i / 2);
            label.site = i < 20 ? "a" : "b";
            list.push_back(label);
        }
        const auto foldOf = assignFolds(keysOf(list), 5, 1);
        for (std::size_t i = 0; i < list.size(); i += 2) QCOMPARE(foldOf[i], foldOf[i + 1]);
        for (int fold = 0; fold < 5; ++fold) QCOMPARE(std::count(foldOf.begin(), foldOf.begin() + 20, fold), 4);
        const Split split = splitFilms(keysOf(list), 5, 2, 0.1, 1);
        std::set<std::string> seen, unseen;
        for (const std::size_t i : split.training) seen.insert(list[i].group);
        for (const std::size_t i : split.monitor) unseen.insert(list[i].group);
        for (const std::size_t i : split.heldOut) unseen.insert(list[i].group);
        for (const auto& group : unseen) QVERIFY(!seen.contains(group));
        QCOMPARE(split.training.size() + split.monitor.size() + split.heldOut.size(), list.size());
        QCOMPARE(split.heldOut.size(), std::size_t(12));
    }

    void givenFoldsCount() {
        std::vector<FilmKey> films{{"a", "p", 3}, {"a", "p", -1}, {"a", "q", -1}, {"b", "q", -1}};
        const auto folds = assignFolds(films, 5, 1);
        QCOMPARE(folds[0], 3);
        QCOMPARE(folds[1], 3);   // the same patient
        QCOMPARE(folds[2], -2);  // this site gives folds: films without one are never held out
        QVERIFY(folds[3] >= 0 && folds[3] < 5);
        for (int fold = 0; fold < 5; ++fold) {
            const auto heldOut = splitFilms(films, 5, fold, 0, 1).heldOut;
            QVERIFY(std::find(heldOut.begin(), heldOut.end(), std::size_t(2)) == heldOut.end());
        }
        QVERIFY(splitFilms(films, 5, -1, 0, 1).heldOut.empty());
    }

    void stageWeakensAugmentation() {
        const Recipe recipe = parseRecipe(R"({"id": "a", "architecture": {}, "augmentation": {"rotation_deg": 10, "noise": 0.1},
            "stages": [{"size": 32, "augmentation_strength": 0.4}]})").value();
        const Augmentation half = weakened(recipe.augmentation, recipe.stages[0].augmentationStrength);
        QCOMPARE(half.rotationDeg, 4.0);
        QCOMPARE(half.noise, 0.04);
        QCOMPARE(weakened(recipe.augmentation, 1).logScale, recipe.augmentation.logScale);
    }

    void recipeRefuses_data() {
        QTest::addColumn<QString>("json");
        QTest::newRow("not json") << "{";
        QTest::newRow("no stages") << R"({"id":"a","architecture":{},"stages":[]})";
        QTest::newRow("odd size") << R"({"id":"a","architecture":{},"stages":[{"size":33}]})";
        QTest::newRow("strength") << R"({"id":"a","architecture":{},"stages":[{"size":32,"augmentation_strength":2}]})";
        QTest::newRow("path") << R"({"id":"../a","architecture":{},"stages":[{"size":32}]})";
        QTest::newRow("roi beyond the grid") << R"({"id":"a","architecture":{},"roi":48,"stages":[{"size":32}]})";
        QTest::newRow("type") << R"({"id":"a","architecture":{},"stages":[{"size":"big"}]})";
    }
    void recipeRefuses() {
        QFETCH(QString, json);
        QVERIFY(!parseRecipe(json.toStdString()).isOk());
    }

    void noAugmentationChangesNothing() {
        const auto data = Dataset::fromFilms(films(2), 32, {});
        at::Generator random = at::make_generator<at::CPUGeneratorImpl>(1);
        const Batch before = data.value().batch({0, 1}), after = augmented(before, nothing(), random);
        QVERIFY((before.image - after.image).abs().max().item<double>() < 1e-3);
        QVERIFY((before.masks - after.masks).abs().max().item<double>() < 1e-3);
    }

    void mirroringSwapsTheLungs() {
        const auto data = Dataset::fromFilms(films(1), 32, {});
        Augmentation mirror = nothing();
        mirror.mirrorProbability = 1;
        at::Generator random = at::make_generator<at::CPUGeneratorImpl>(1);
        const Batch before = data.value().batch({0}), after = augmented(before, mirror, random);
        QVERIFY((before.masks[0][1].flip({1}) - after.masks[0][2]).abs().max().item<double>() < 1e-3);
        QVERIFY((before.image.flip({3}) - after.image).abs().max().item<double>() < 1e-3);
    }

    // p = 1/2 everywhere on a half covered plane: BCE = ln 2, Dice = (2 * n/4 + 1) / (n/2 + n/2 + 1).
    void lossOnPaper() {
        const Recipe recipe = parseRecipe(kTinyRecipe).value();
        auto masks = torch::zeros({1, 3, 4, 4});
        masks.slice(2, 0, 2).fill_(1);
        const auto loss = segmentationLoss(torch::zeros({1, 3, 4, 4}), masks, torch::ones({1, 3}), recipe);
        QVERIFY(std::abs(loss.item<double>() - (std::log(2.0) + 1 - 9.0 / 17)) < 1e-6);
        const auto unlabelled = segmentationLoss(torch::zeros({1, 3, 4, 4}), masks, torch::zeros({1, 3}), recipe);
        QCOMPARE(unlabelled.item<double>(), 0.0);
        QCOMPARE(hardDice(masks, masks).min().item<double>(), 1.0);
        QCOMPARE(hardDice(masks, torch::zeros({1, 3, 4, 4})).max().item<double>(), 0.0);
    }

    void learnsOneFilmByHeart() {
        Recipe recipe = parseRecipe(kTinyRecipe).value();
        recipe.architecture["channels"] = {8, 16, 32};  // deep enough to tell left from right
        recipe.stages = {{48, 150, 1, 0.01}};
        recipe.augmentation = nothing();
        recipe.patience = 150;
        recipe.emaDecay = 0.8;
        const auto one = films(1);
        const auto data = Dataset::fromFilms(one, 48, {});
        QTemporaryDir folder;
        auto loop = TrainingLoop::create(recipe, torch::kCPU);
        Split split;
        split.training = {0};
        SegmentationTask task(recipe, data.value(), split, torch::kCPU);
        QVERIFY(loop.value()->run(task, folder.path().toStdString(), {}, {}).isOk());
        const double dice = loop.value()->progress().bestScore;
        QVERIFY2(dice > 0.97, qPrintable(QString::number(dice)));
    }

    // With "roi" a step sees squares of that side, at places that differ from film to film and step to step.
    void roiShowsRandomSquares() {
        Recipe recipe = parseRecipe(kTinyRecipe).value();
        recipe.stages = {{48, 1, 2, 0.01}};
        recipe.augmentation = nothing();
        recipe.roi = 32;
        const auto data = Dataset::fromFilms(films(2), 48, {});
        SegmentationTask task(recipe, data.value(), Split{{0, 1}, {}, {}}, torch::kCPU);
        task.enter(recipe.stages[0]);
        Witness witness;
        at::Generator random = at::make_generator<at::CPUGeneratorImpl>(1);
        for (int step = 0; step < 4; ++step) task.addGradients(witness, {0, 1}, random);
        const auto seen = torch::cat(witness.seen);
        QVERIFY(seen.sizes() == torch::IntArrayRef({8, 1, 32, 32}));
        QVERIFY((seen[0] - seen[2]).abs().max().item<double>() > 0.1 && (seen[2] - seen[4]).abs().max().item<double>() > 0.1);
    }

    void resumeEqualsUninterrupted() {
        QTemporaryDir folder;
        const fs::path base = folder.path().toStdString();
        const auto whole = runTraining(request(base / "whole"), torch::kCPU, {});
        QVERIFY2(whole.isOk(), whole.isOk() ? "" : whole.error().message.c_str());
        std::stop_source stop;
        TrainRequest first = request(base / "parts");
        first.log = [&](const std::string& line) { if (line.starts_with("epoch 2/")) stop.request_stop(); };
        const auto cut = runTraining(first, torch::kCPU, {stop.get_token(), {}});
        QVERIFY(!cut.isOk());
        QCOMPARE(cut.error().code, ErrorCode::Cancelled);
        QVERIFY(!fs::exists(base / "parts/tiny/model.json"));
        QCOMPARE(runTraining(request(base / "parts"), torch::kCPU, {}).error().code, ErrorCode::InvalidArgument);
        TrainRequest second = request(base / "parts");
        second.resume = true;
        const auto rest = runTraining(second, torch::kCPU, {});
        QVERIFY(rest.isOk());
        QCOMPARE(rest.value().epochs, 5);
        QVERIFY(weightsOf(rest.value()) == weightsOf(whole.value()));
    }

    void finishedPackIsWholeAndPredicts() {
        QTemporaryDir folder;
        TrainRequest wanted = request(folder.path().toStdString());
        wanted.fold = 1;
        const auto summary = runTraining(wanted, torch::kCPU, {});
        QVERIFY(summary.isOk());
        QVERIFY(!summary.value().validationNames.empty());
        QVERIFY(verifyPack(summary.value().packFolder).isOk());
        auto segmenter = nn::Segmenter::load(summary.value().packFolder, torch::kCPU);
        QVERIFY(segmenter.isOk());
        const auto one = film(3);
        const auto plane = nn::planeTensor(one.film.values.data(), 48, 48);
        const auto organs = segmenter.value()->predict(plane, false);
        QCOMPARE(organs.sizes().vec(), (std::vector<std::int64_t>{3, 48, 48}));
        // The mirrored film through the mirrored path is the film itself, its lungs changed over.
        const auto mirrored = segmenter.value()->predict(plane.flip({1}), true).flip({2});
        QVERIFY((organs[0] - mirrored[0]).abs().max().item<double>() < 1e-4);
        QVERIFY((organs[1] - mirrored[2]).abs().max().item<double>() < 1e-4);
        int asked = 0;
        QVERIFY_EXCEPTION_THROWN(segmenter.value()->predict(plane, false, [&] { return ++asked > 2; }), nn::NetworkCancelled);
    }

    void brokenCheckpointIsRefused() {
        QTemporaryDir folder;
        const fs::path out = folder.path().toStdString();
        QVERIFY(writeFileAtomically(out / "checkpoint.pt", std::string_view("not a checkpoint")).isOk());
        TrainRequest wanted = request(out);
        wanted.resume = true;
        QCOMPARE(runTraining(wanted, torch::kCPU, {}).error().code, ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
