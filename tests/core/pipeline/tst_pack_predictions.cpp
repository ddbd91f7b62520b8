// An installed pack judged over a labelled table: which outputs and films count, failures, cancel; and what the evaluation of
// such a pack writes into it.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>

#include "core/model/calibration.h"
#include "core/model/pack.h"
#include "core/pipeline/pack_evaluation.h"
#include "core/pipeline/pack_predictions.h"
#include "tests/support/written_packs.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

Manifest judging() {
    Manifest manifest = test::manifestOf("judge", test::diseaseOutputs({"Mass", "Lateral", "Hernia", "Male"}));
    manifest.outputs[3].isAuxiliary = true;
    return manifest;
}

// f<i> of patient p<i/2>; every third has a mass, the second is lateral, of the last nothing is known.
FilmTable films(int count) {
    FilmTable table;
    table.classes = {"Other", "Mass"};
    for (int i = 0; i < count; ++i) {
        FilmRecord film;
        film.name = "f" + std::to_string(i);
        film.path = film.name + ".png";
        film.patient = "p" + std::to_string(i / 2);
        film.site = "here";
        film.view = i == 1 ? "LATERAL" : "PA";
        film.labels = {1, i % 3 == 0 ? 1.0F : 0.0F};
        table.films.push_back(film);
    }
    table.films.back().labels[1] = kUnknown;
    table.films.back().view = "";
    return table;
}

// Probability of a mass: higher where there is one, with some noise.
Result<PackPrediction> answer(const fs::path& file, const RunContext&) {
    const int i = std::stoi(file.stem().string().substr(1));
    const double mass = 1 / (1 + std::exp(-((i % 3 == 0 ? 1.0 : -1.0) + (i * 17 % 23 - 11) / 6.0)));
    return PackPrediction{{mass, 0.25, 0.5, 0.5}, i != 3};
}

}  // namespace

class TestPackPredictions : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void outputsWithLabelsAndFilmsWithLabels() {
        const auto said = packPredictions(judging(), films(7), {}, answer, {});
        QVERIFY2(said.isOk(), said.isOk() ? "" : said.error().message.c_str());
        const PredictionTable& table = said.value().table;
        QCOMPARE(table.classes, (std::vector<std::string>{"Mass", "Lateral"}));  // nobody knows hernias, Male is auxiliary
        QCOMPARE(said.value().unlabelled, std::vector<std::string>{"Hernia"});
        QCOMPARE(table.films.size(), std::size_t{6});
        QCOMPARE(table.films[1].group, std::string("here/p0"));
        QCOMPARE(table.films[1].labels, (std::vector<double>{0, 1}));
        QVERIFY(std::abs(table.films[0].logits[1] - std::log(0.25 / 0.75)) < 1e-9);
        QCOMPARE(said.value().untrusted, 1);
        QVERIFY(said.value().failures.empty());
    }

    void namedOutputsOnly() {
        const auto said = packPredictions(judging(), films(7), {"Lateral"}, answer, {});
        QVERIFY(said.isOk() && said.value().table.classes == std::vector<std::string>{"Lateral"});
        const auto none = packPredictions(judging(), films(7), {"Edema"}, answer, {});
        QVERIFY(!none.isOk() && none.error().code == ErrorCode::InvalidArgument);
        QVERIFY(none.error().message.find("Edema") != std::string::npos);
        QVERIFY(!packPredictions(judging(), films(7), {"Hernia"}, answer, {}).isOk());
    }

    void filmsThatFailAreNamed() {
        const JudgeFile moody = [](const fs::path& file, const RunContext& context) -> Result<PackPrediction> {
            if (file == "f2.png") return Error{ErrorCode::Corrupt, "it is truncated"};
            return answer(file, context);
        };
        const auto said = packPredictions(judging(), films(7), {}, moody, {});
        QVERIFY(said.isOk());
        QCOMPARE(said.value().table.films.size(), std::size_t{5});
        QCOMPARE(said.value().failures, std::vector<std::string>{"f2.png: it is truncated"});
        const JudgeFile broken = [](const fs::path&, const RunContext&) -> Result<PackPrediction> { return Error{ErrorCode::Corrupt, "no"}; };
        QVERIFY(!packPredictions(judging(), films(7), {}, broken, {}).isOk());
    }

    void cancelStopsBetweenFilms() {
        std::stop_source source;
        int judged = 0;
        const JudgeFile stopping = [&](const fs::path& file, const RunContext& context) {
            if (++judged == 2) source.request_stop();
            return answer(file, context);
        };
        const auto said = packPredictions(judging(), films(7), {}, stopping, RunContext{source.get_token(), {}});
        QVERIFY(!said.isOk() && said.error().code == ErrorCode::Cancelled);
        QCOMPARE(judged, 2);
    }

    void evaluationGoesOnTopOfThePacksCalibration() {
        const QTemporaryDir root;
        const fs::path models = root.path().toStdString();
        QVERIFY(test::writePack(models, judging()));
        const auto said = packPredictions(judging(), films(121), {}, answer, {});
        QVERIFY(said.isOk());
        ClassifierEvaluationOptions how;
        how.bootstrap.resamples = 20;
        how.isInstalledPack = true;
        const ClassifierEvaluation evaluation = evaluateClassifier(said.value().table, how);
        QVERIFY(toMarkdown(evaluation).find("installed pack") != std::string::npos);
        QVERIFY(toJson(evaluation).find("never saw") == std::string::npos);
        QVERIFY(writeEvaluationIntoPack(models / "judge", evaluation).isOk());
        const Manifest before = judging(), after = readPack(models / "judge").value().manifest;
        const LogitScaling& scaling = evaluation.classes[0].scaling;
        for (const double logit : {-2.0, 0.3, 4.0}) {
            const double calibrated = std::log(calibratedProbability(before.outputs[0].calibration, logit) /
                                               (1 - calibratedProbability(before.outputs[0].calibration, logit)));
            QVERIFY(std::abs(calibratedProbability(after.outputs[0].calibration, logit) - scaling.probability(calibrated)) < 1e-9);
        }
        QVERIFY(after.outputs[0].auc->at(0) > 0.7 && after.outputs[0].auc != before.outputs[0].auc);
        QCOMPARE(after.outputs[2].operatingPoints.size(), before.outputs[2].operatingPoints.size());  // not evaluated: kept
        QCOMPARE(after.outputs[2].calibration.slope, before.outputs[2].calibration.slope);
    }
};

QTEST_GUILESS_MAIN(TestPackPredictions)
#include "tst_pack_predictions.moc"
