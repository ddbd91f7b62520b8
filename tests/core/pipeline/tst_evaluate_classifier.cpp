// Predictions of folds put together, evaluated, compared, written into a pack; and what bad input says.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <random>

#include "core/base/atomic_file.h"
#include "core/model/manifest.h"
#include "core/pipeline/classifier_curves.h"
#include "core/pipeline/evaluate_classifier.h"
#include "core/pipeline/film_subgroups.h"
#include "core/pipeline/pack_evaluation.h"
#include "core/pipeline/prediction_table.h"

using namespace cxr;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Films of `patients` (two each) in five folds; class 0 shifts logits by `shift`, class 1 says nothing.
PredictionTable drawnTable(int patients, double shift, std::uint64_t seed = 3) {
    std::mt19937_64 generator(seed);
    std::normal_distribution<double> normal;
    PredictionTable table{{"Cardiomegaly", "Mass"}, {}};
    for (int patient = 0; patient < patients; ++patient) {
        for (int film = 0; film < 2; ++film) {
            const double label = patient % 4 == 0 ? 1 : 0, other = patient % 3 == 0 ? 1 : 0;
            table.films.push_back({"film" + std::to_string(patient) + "_" + std::to_string(film), "p" + std::to_string(patient),
                                   patient % 5, {shift * label + normal(generator) - 1, normal(generator)}, {label, other}});
        }
    }
    return table;
}

std::string csvOf(const PredictionTable& table, int fold = -2) {
    std::string text = "name,group,fold";
    for (const char* kind : {"_logit", "_label"}) {
        for (const std::string& name : table.classes) text += "," + name + kind;
    }
    text += "\n";
    for (const PredictedFilm& film : table.films) {
        if (fold != -2 && film.fold != fold) continue;
        text += film.name + "," + film.group + "," + std::to_string(film.fold);
        for (const double logit : film.logits) text += "," + std::to_string(logit);
        for (const double label : film.labels) text += std::isnan(label) ? std::string(",") : "," + std::to_string(int(label));
        text += "\n";
    }
    return text;
}

Manifest classifierManifest() {
    Manifest manifest;
    manifest.id = "test-pack";
    manifest.name = "Test";
    manifest.version = "1";
    manifest.task = "classification";
    manifest.input.framing = "letterbox";
    manifest.input.normalisation = "unit";
    for (const char* name : {"Cardiomegaly", "Mass"}) {
        ModelOutput output;
        output.name = name;
        manifest.outputs.push_back(output);
    }
    manifest.architectureName = "resnet18";
    manifest.architectureJson = R"({"name":"resnet18"})";
    manifest.weightsFile = "weights.safetensors";
    manifest.weightsSha256 = std::string(64, 'a');
    manifest.metricsJson = R"({"kept":1})";
    return manifest;
}

}  // namespace

class TestEvaluateClassifier : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void foldsOfOneNetworkAreJoined() {
        const PredictionTable table = drawnTable(50, 1.5);
        std::vector<fs::path> runs;
        for (int fold = 0; fold < 5; ++fold) {
            runs.push_back(path("fold" + std::to_string(fold)));
            fs::create_directories(runs.back());
            write(runs.back() / "predictions.csv", csvOf(table, fold));
        }
        const auto joined = readPredictions(runs);
        QVERIFY2(joined.isOk(), joined.isOk() ? "" : joined.error().message.c_str());
        QCOMPARE(joined.value().films.size(), table.films.size());
        QCOMPARE(joined.value().classes, table.classes);
        const auto evaluation = evaluateClassifier(joined.value(), {{50, 1}, {}, {}});
        QCOMPARE(evaluation.parts, 5);
        QVERIFY(evaluation.partsAreFolds);
        QCOMPARE(evaluation.patients, 50);
        // Logits were written with six digits after the point.
        const double expected = RankedScores(table.logitsOf(0), table.labelsOf(0)).auc();
        QVERIFY(std::abs(evaluation.classes[0].auc.value - expected) < 1e-3);
    }
    void ensembleAveragesLogits() {
        write(path("a.csv"), "name,group,fold,X_logit,X_label\nf,p,0,0,1\ng,q,1,2,0\n");
        write(path("b.csv"), "X_label,fold,name,X_logit,group\n0,1,g,-2.5,q\n1,0,f,100,p\n");
        const auto plain = readPredictions({path("a.csv"), path("b.csv")});
        QVERIFY(!plain.isOk() && plain.error().message.find("--ensemble") != std::string::npos);
        const auto mean = readPredictions({path("a.csv"), path("b.csv")}, {true, {}});
        QVERIFY(mean.isOk());
        QCOMPARE(mean.value().films[0].logits[0], 50.0);
        QCOMPARE(mean.value().films[1].logits[0], -0.25);
    }
    void classesInCommonOrChosen() {
        write(path("a.csv"), "name,group,fold,X_logit,Y_logit,X_label,Y_label\nf,p,0,1,2,1,0\n");
        write(path("b.csv"), "name,group,fold,Y_logit,Z_logit,Y_label,Z_label\ng,q,1,3,4,,1\n");
        const auto shared = readPredictions({path("a.csv"), path("b.csv")});
        QVERIFY(shared.isOk());
        QCOMPARE(shared.value().classes, std::vector<std::string>{"Y"});
        QVERIFY(std::isnan(shared.value().films[1].labels[0]));
        QVERIFY(!readPredictions({path("a.csv"), path("b.csv")}, {false, {"X"}}).isOk());
        QCOMPARE(readPredictions({path("a.csv")}, {false, {"Y", "X"}}).value().films[0].logits, (std::vector<double>{2, 1}));
    }

    void badInputSaysWhatIsWrong_data() {
        QTest::addColumn<QString>("csv");
        QTest::addColumn<QString>("word");
        QTest::newRow("no group") << "name,fold,X_logit,X_label\nf,0,1,1\n" << "group";
        QTest::newRow("no label") << "name,group,fold,X_logit\nf,p,0,1\n" << "X_label";
        QTest::newRow("no class") << "name,group,fold\nf,p,0\n" << "_logit";
        QTest::newRow("nan logit") << "name,group,fold,X_logit,X_label\nf,p,0,nan,1\n" << "logit";
        QTest::newRow("empty logit") << "name,group,fold,X_logit,X_label\nf,p,0,,1\n" << "logit";
        QTest::newRow("word as label") << "name,group,fold,X_logit,X_label\nf,p,0,1,yes\n" << "line 2";
        QTest::newRow("label 2") << "name,group,fold,X_logit,X_label\nf,p,0,1,2\n" << "label";
        QTest::newRow("half a fold") << "name,group,fold,X_logit,X_label\nf,p,0.5,1,1\n" << "fold";
        QTest::newRow("no film") << "name,group,fold,X_logit,X_label\n" << "no film";
        QTest::newRow("empty") << "" << "";
    }
    void badInputSaysWhatIsWrong() {
        QFETCH(QString, csv);
        QFETCH(QString, word);
        const auto table = parsePredictions(csv.toStdString());
        QVERIFY(!table.isOk());
        QVERIFY2(QString::fromStdString(table.error().message).contains(word), table.error().message.c_str());
    }
    void contradictingRunsAreRefused() {
        write(path("a.csv"), "name,group,fold,X_logit,X_label\nf,p,0,1,1\n");
        write(path("b.csv"), "name,group,fold,X_logit,X_label\nf,p,0,1,0\n");
        write(path("c.csv"), "name,group,fold,X_logit,X_label\nf,p,0,1,1\ng,p,0,1,1\n");
        QVERIFY(!readPredictions({path("a.csv"), path("b.csv")}, {true, {}}).isOk());
        QVERIFY(!readPredictions({path("a.csv"), path("c.csv")}, {true, {}}).isOk());
        QVERIFY(!readPredictions({path("none")}).isOk());
        QVERIFY(!readPredictions({}).isOk());
    }

    void thresholdsComeFromOtherFolds() {
        // Fold 0 lies 10 higher than fold 1; within each fold positives and negatives are apart by 1.
        PredictionTable table{{"X"}, {}};
        for (int i = 0; i < 40; ++i) {
            const double label = i % 4 < 2 ? 1 : 0;
            const int fold = i % 2;
            table.films.push_back({"f" + std::to_string(i), "p" + std::to_string(i), fold, {label + (fold == 0 ? 10.0 : 0.0)}, {label}});
        }
        const auto evaluation = evaluateClassifier(table, {{20, 1}, {}, {}});
        const ClassEvaluation& one = evaluation.classes[0];
        QCOMPARE(one.foldAucs, (std::vector<double>{1, 1}));
        QCOMPARE(one.foldVariance, 0.0);
        QVERIFY(one.auc.value < 1);
        // Fold 0 by fold 1's threshold: all positive; fold 1 by fold 0's: all negative.
        QCOMPARE(one.thresholds[0].sensitivity.value, 0.5);
        QCOMPARE(one.thresholds[0].specificity.value, 0.5);
    }
    void numbersOfADrawnNetwork() {
        const auto evaluation = evaluateClassifier(drawnTable(400, 2), {{300, 1}, {{"Cardiomegaly", 0.03}}, {}});
        const ClassEvaluation& good = evaluation.classes[0];
        const ClassEvaluation& blind = evaluation.classes[1];
        QVERIFY(good.auc.low < 0.921 && 0.921 < good.auc.high);  // Phi(2 / sqrt 2)
        QVERIFY(blind.auc.low < 0.5 && 0.5 < blind.auc.high);
        QVERIFY(good.thresholds[0].balancedAccuracy.value > 0.8);
        QVERIFY(good.thresholds[1].sensitivity.value > 0.82);
        QVERIFY(good.thresholds[2].specificity.value > 0.82);
        QVERIFY(good.errorAfter < good.errorBefore + 0.01);
        QVERIFY(blind.errorAfter < blind.errorBefore);
        QVERIFY(blind.brierAfter.value < blind.brierBefore.value);
        QCOMPARE(good.prevalence, 0.03);
        QCOMPARE(good.predictive.positive, predictiveValues(good.thresholds[0].sensitivity.value,
                                                            good.thresholds[0].specificity.value, 0.03).positive);
        QCOMPARE(good.positives + good.negatives + good.unknown, 800);
        QVERIFY(std::abs(evaluation.meanAuc.value - (good.auc.value + blind.auc.value) / 2) < 1e-12);
        QVERIFY(evaluation.meanAuc.high - evaluation.meanAuc.low < blind.auc.high - blind.auc.low);
        const auto again = evaluateClassifier(drawnTable(400, 2), {{300, 1}, {}, {}});
        QCOMPARE(again.classes[0].auc.low, good.auc.low);
    }
    void oneFoldIsSplitByPatients() {
        PredictionTable table = drawnTable(60, 2);
        for (PredictedFilm& film : table.films) film.fold = 3;
        const auto evaluation = evaluateClassifier(table, {{20, 1}, {}, {}});
        QCOMPARE(evaluation.parts, 5);
        QVERIFY(!evaluation.partsAreFolds);
        const auto parts = table.parts();
        for (std::size_t i = 0; i + 1 < parts.size(); i += 2) QCOMPARE(parts[i], parts[i + 1]);  // two films a patient
    }
    void classWithOneKindOnlyIsNoNumber() {
        PredictionTable table = drawnTable(40, 2);
        for (PredictedFilm& film : table.films) film.labels[1] = 0;
        const auto evaluation = evaluateClassifier(table, {{20, 1}, {}, {}});
        QVERIFY(std::isnan(evaluation.classes[1].auc.value));
        QCOMPARE(evaluation.meanAuc.value, evaluation.classes[0].auc.value);
        const Json json = Json::parse(toJson(evaluation));
        QVERIFY(json["classes"][1]["auc"].is_null());
        QVERIFY(toMarkdown(evaluation).find("nan") == std::string::npos);
        for (PredictedFilm& film : table.films) film.labels[0] = kNaN;
        const auto nothing = evaluateClassifier(table, {{20, 1}, {}, {}});
        QCOMPARE(nothing.classes[0].unknown, 80);
        QVERIFY(toMarkdown(nothing).find("nan") == std::string::npos);
    }
    void subgroupsJudgeTheirFilmsOnly() {
        const PredictionTable table = drawnTable(100, 2);
        Subgroups subgroups;
        for (const PredictedFilm& film : table.films) {
            if (film.fold != 4) subgroups["view"][film.name] = film.fold < 2 ? "PA" : "AP";
        }
        const auto evaluation = evaluateClassifier(table, {{30, 1}, {}, subgroups});
        QCOMPARE(evaluation.subgroups.size(), std::size_t(2));
        QCOMPARE(evaluation.subgroups[0].name, std::string("AP"));
        QCOMPARE(evaluation.subgroups[0].films, 80);
        PredictionTable pa{table.classes, {}};
        for (const PredictedFilm& film : table.films) {
            if (film.fold < 2) pa.films.push_back(film);
        }
        QCOMPARE(evaluation.subgroups[1].aucs[0].value, RankedScores(pa.logitsOf(0), pa.labelsOf(0)).auc());
        QVERIFY(toMarkdown(evaluation).find("view PA") != std::string::npos);
    }
    void subgroupsByViewSexAndAge() {
        FilmTable films;
        for (const auto& [name, view, sex, age] : {std::tuple{"a", "PA", "F", 39.0}, {"b", "AP", "M", 40.0}, {"c", "", "", 61.0}}) {
            FilmRecord& film = films.films.emplace_back();
            film.name = name;
            film.view = view;
            film.sex = sex;
            film.ageYears = age;
        }
        films.films.emplace_back().name = "d";
        const Subgroups subgroups = subgroupsOf(films, {"view", "sex", "age"}).value();
        QCOMPARE(subgroups.at("view").size(), std::size_t(2));
        QCOMPARE(subgroups.at("sex").at("b"), std::string("M"));
        QCOMPARE(subgroups.at("age").at("a"), std::string("0 to 39"));
        QCOMPARE(subgroups.at("age").at("b"), std::string("40 to 60"));
        QCOMPARE(subgroups.at("age").at("c"), std::string("over 60"));
        QVERIFY(!subgroups.at("age").contains("d"));
        QVERIFY(!subgroupsOf(films, {"name"}).isOk());
    }
    void comparisonIsPaired() {
        const PredictionTable good = drawnTable(200, 2), weak = drawnTable(200, 0.5, 9);
        const auto compared = compareClassifiers(good, weak, {200, 1});
        QVERIFY(compared.isOk());
        QVERIFY(compared.value().difference[0].low > 0);
        QVERIFY(compared.value().difference[1].low < 0 && compared.value().difference[1].high > 0);
        const auto same = compareClassifiers(good, good, {50, 1}).value();
        QCOMPARE(same.difference[0].low, 0.0);
        QCOMPARE(same.difference[0].high, 0.0);
        PredictionTable other = good;
        other.films[0].labels[0] = 1 - other.films[0].labels[0];
        QVERIFY(!compareClassifiers(good, other).isOk());
        other.films.clear();
        QVERIFY(!compareClassifiers(good, other).isOk());
    }

    void curvesArePictures() {
        PredictionTable table = drawnTable(60, 2);
        auto evaluation = evaluateClassifier(table, {{20, 1}, {}, {}});
        QVERIFY(drawClassifierCurves(table, evaluation, path("curves"), {20, 1}).isOk());
        for (const char* name : {"roc.png", "precision_recall.png", "reliability.png"}) {
            const cv::Mat picture = cv::imread((path("curves") / name).string());
            QCOMPARE(picture.cols, 800);  // two classes side by side
            cv::Scalar mean, deviation;
            cv::meanStdDev(picture, mean, deviation);
            QVERIFY(mean[0] > 200 && deviation[0] > 5);  // white paper with something on it
        }
        for (PredictedFilm& film : table.films) film.labels = {0, kNaN};
        evaluation = evaluateClassifier(table, {{20, 1}, {}, {}});
        QVERIFY(!drawClassifierCurves(table, evaluation, path("none"), {20, 1}).isOk());
    }
    void packLearnsItsNumbers() {
        write(path("pack/model.json"), toJson(classifierManifest()));
        const auto evaluation = evaluateClassifier(drawnTable(100, 2), {{50, 1}, {}, {}});
        const auto written = writeEvaluationIntoPack(path("pack"), evaluation);
        QVERIFY2(written.isOk(), written.isOk() ? "" : written.error().message.c_str());
        const auto read = parseManifest(readWholeFile(path("pack/model.json")).value());
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const ModelOutput& output = read.value().outputs[0];
        QCOMPARE(output.calibration.slope, evaluation.classes[0].scaling.slope);
        QCOMPARE(output.operatingPoints.size(), std::size_t(3));
        QCOMPARE(output.operatingPoints[1].name, std::string("sensitivity90"));
        QCOMPARE(output.operatingPoints[0].sensitivity, evaluation.classes[0].thresholds[0].sensitivity.value);
        QCOMPARE((*output.auc)[2], evaluation.classes[0].auc.high);
        QCOMPARE(*output.prevalence, 0.25);
        const Json metrics = Json::parse(read.value().metricsJson);
        QCOMPARE(metrics["kept"].get<int>(), 1);
        QCOMPARE(metrics["films"].get<int>(), 200);
        QCOMPARE(read.value().weightsSha256, std::string(64, 'a'));
    }
    void packThatDoesNotFitStaysAsItIs() {
        Manifest manifest = classifierManifest();
        manifest.outputs[1].name = "Hernia";
        const std::string before = toJson(manifest);
        write(path("pack/model.json"), before);
        const auto evaluation = evaluateClassifier(drawnTable(40, 2), {{10, 1}, {}, {}});
        const auto refused = writeEvaluationIntoPack(path("pack"), evaluation);
        QVERIFY(!refused.isOk() && refused.error().message.find("Hernia") != std::string::npos);
        QCOMPARE(readWholeFile(path("pack/model.json")).value(), before);
        manifest.task = "segmentation";
        write(path("pack/model.json"), toJson(manifest));
        QVERIFY(!writeEvaluationIntoPack(path("pack"), evaluation).isOk());
        QVERIFY(!writeEvaluationIntoPack(path("nowhere"), evaluation).isOk());
    }

  private:
    [[nodiscard]] fs::path path(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    static void write(const fs::path& file, const std::string& text) {
        fs::create_directories(file.parent_path());
        QVERIFY(writeFileAtomically(file, text).isOk());
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestEvaluateClassifier)
#include "tst_evaluate_classifier.moc"
