// ROC, precision, thresholds, calibration error: solved by hand, against scikit-learn 1.2 (numbers below), invariants.
#include <QTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/measure/bootstrap.h"
#include "core/measure/classification_metrics.h"

using namespace cxr;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// 60 films with many ties; NumPy: y = (i*7 % 10 < 4), x = round(2 * ((i*37 % 23) / 4 - 3 + 1.5 y)) / 2.
struct Sixty {
    std::vector<double> scores, labels, probabilities, weights;
    Sixty() {
        for (int i = 0; i < 60; ++i) {
            const double y = i * 7 % 10 < 4 ? 1 : 0;
            const double x = std::nearbyint(2 * ((i * 37 % 23) / 4.0 - 3 + 1.5 * y)) / 2;  // half to even, as NumPy
            labels.push_back(y);
            scores.push_back(x);
            probabilities.push_back(1 / (1 + std::exp(-x)));
            weights.push_back(i * 5 % 4);
        }
    }
};

bool isNear(double a, double b, double tolerance = 1e-10) { return std::abs(a - b) < tolerance; }

}  // namespace

class TestClassificationMetrics : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aucCountsPairsAndHalvesTies() {
        // Positives 3, 2; negatives 2, 1: pairs 3>2, 3>1, 2=2 (half), 2>1 -> 3.5 of 4.
        QCOMPARE(RankedScores({3, 2, 2, 1}, {1, 1, 0, 0}).auc(), 3.5 / 4);
        QCOMPARE(RankedScores({1, 1, 1}, {1, 0, 0}).auc(), 0.5);
        QCOMPARE(RankedScores({-1, -2}, {0, 1}).auc(), 0.0);
    }
    void averagePrecisionByHand() {
        // Falling: +, -, +: precision 1 at recall 1/2, 2/3 at recall 1.
        QCOMPARE(RankedScores({0.9, 0.5, 0.7}, {1, 1, 0}).averagePrecision(), 0.5 * 1 + 0.5 * 2 / 3);
        QCOMPARE(RankedScores({1, 1, 1, 1}, {1, 0, 0, 0}).averagePrecision(), 0.25);
    }
    void agreesWithScikitLearn() {
        const Sixty films;
        const RankedScores ranked(films.scores, films.labels);
        QCOMPARE(ranked.positives(), 24);
        QVERIFY(isNear(ranked.auc(), 0.689236111111));
        QVERIFY(isNear(ranked.averagePrecision(), 0.674179639805));
        QVERIFY(isNear(ranked.auc(films.weights), 0.727623456790));               // sample_weight
        QVERIFY(isNear(ranked.averagePrecision(films.weights), 0.709245924907));  // sample_weight
        QVERIFY(isNear(brierScore(films.probabilities, films.labels), 0.266303269604));
        QVERIFY(isNear(logLoss(films.probabilities, films.labels), 0.742486455074));
        QVERIFY(isNear(expectedCalibrationError(reliabilityBins(films.probabilities, films.labels, 5)), 0.203496123437));
        const auto sensitivities = ranked.sensitivityAt({0, 0.1, 0.25, 0.5, 1});  // numpy.interp on roc_curve
        for (const auto& [ours, theirs] : {std::pair{sensitivities[0], 1.0 / 3}, {sensitivities[1], 0.4}, {sensitivities[2], 0.5},
                                           {sensitivities[3], 0.65}, {sensitivities[4], 1.0}}) {
            QVERIFY2(isNear(ours, theirs), qPrintable(QString::number(ours)));
        }
    }
    void thresholdsAgreeWithScikitLearn() {
        const Sixty films;
        const auto roc = RankedScores(films.scores, films.labels).roc();  // roc_curve, drop_intermediate=False
        QCOMPARE(youdenThreshold(roc), 2.75);                  // 3.0 there: TPR 1/3, FPR 0; the next lower score is 2.5
        QCOMPARE(thresholdForSensitivity(roc, 0.9), -1.75);    // -1.5 there: TPR 1
        QCOMPARE(thresholdForSpecificity(roc, 0.9), 2.25);     // 2.5 there: FPR 1/18
        QCOMPARE(roc.size(), std::size_t(14));
        QVERIFY(roc.front().threshold == std::numeric_limits<double>::infinity());
        QCOMPARE(roc.back().truePositiveRate, 1.0);
        QCOMPARE(roc.back().falsePositiveRate, 1.0);
    }
    void thresholdsGiveWhatTheyPromise() {
        // Negatives 1..10, positives 6..15: at specificity 0.9 the threshold lies between 9 and 10.
        std::vector<double> scores, labels;
        for (int i = 1; i <= 10; ++i) {
            scores.insert(scores.end(), {double(i), double(i + 5)});
            labels.insert(labels.end(), {0, 1});
        }
        const auto roc = RankedScores(scores, labels).roc();
        QCOMPARE(thresholdForSpecificity(roc, 0.9), 9.5);
        QCOMPARE(thresholdForSensitivity(roc, 0.9), 6.5);
        for (const double wanted : {0.0, 0.3, 0.9, 1.0}) {
            Confusion sensitive, specific;
            for (std::size_t i = 0; i < scores.size(); ++i) {
                sensitive.add(labels[i] == 1, scores[i] >= thresholdForSensitivity(roc, wanted));
                specific.add(labels[i] == 1, scores[i] >= thresholdForSpecificity(roc, wanted));
            }
            QVERIFY(sensitive.sensitivity() >= wanted);
            QVERIFY(specific.specificity() >= wanted);
        }
    }
    void aucIsInvariantAndComplementary() {
        const Sixty films;
        std::vector<double> stretched, turned;
        for (const double score : films.scores) {
            stretched.push_back(std::exp(score));
            turned.push_back(-score);
        }
        const double auc = RankedScores(films.scores, films.labels).auc();
        QCOMPARE(RankedScores(stretched, films.labels).auc(), auc);
        QVERIFY(isNear(RankedScores(turned, films.labels).auc(), 1 - auc));
    }
    void areaUnderTheRocPointsIsTheAuc() {
        const Sixty films;
        const RankedScores ranked(films.scores, films.labels);
        const auto roc = ranked.roc();
        double area = 0;
        for (std::size_t i = 1; i < roc.size(); ++i) {
            area += (roc[i].falsePositiveRate - roc[i - 1].falsePositiveRate) *
                    (roc[i].truePositiveRate + roc[i - 1].truePositiveRate) / 2;
        }
        QVERIFY(isNear(area, ranked.auc()));
        QCOMPARE(ranked.precisionRecall().back().recall, 1.0);
        QCOMPARE(ranked.precisionRecall().back().precision, 24.0 / 60);
    }
    void weightsAreCopies() {
        const Sixty films;
        std::vector<double> scores, labels;
        for (std::size_t i = 0; i < films.scores.size(); ++i) {
            scores.insert(scores.end(), static_cast<std::size_t>(films.weights[i]), films.scores[i]);
            labels.insert(labels.end(), static_cast<std::size_t>(films.weights[i]), films.labels[i]);
        }
        const RankedScores weighed(films.scores, films.labels), copied(scores, labels);
        QVERIFY(isNear(weighed.auc(films.weights), copied.auc()));
        QVERIFY(isNear(weighed.averagePrecision(films.weights), copied.averagePrecision()));
        QVERIFY(isNear(weighed.sensitivityAt({0.3}, films.weights)[0], copied.sensitivityAt({0.3})[0]));
    }
    void unknownAndSoftLabelsAreLeftOut() {
        const RankedScores ranked({3, 2, 2, 1, 9, 9}, {1, 1, 0, 0, kNaN, 0.7});
        QCOMPARE(ranked.auc(), 3.5 / 4);
        QCOMPARE(ranked.positives() + ranked.negatives(), 4);
        QCOMPARE(brierScore({1, 0.5}, {kNaN, 1}), 0.25);
    }
    void oneKindOnlyHasNoAuc() {
        const RankedScores positives({1, 2}, {1, 1}), negatives({1, 2}, {0, 0}), none({}, {});
        for (const RankedScores* ranked : {&positives, &negatives, &none}) {
            QVERIFY(std::isnan(ranked->auc()));
            QVERIFY(ranked->roc().empty());
            QVERIFY(std::isnan(ranked->sensitivityAt({0.5})[0]));
        }
        QVERIFY(std::isnan(negatives.averagePrecision()));
        QVERIFY(std::isnan(brierScore({}, {})));
        QVERIFY(std::isnan(expectedCalibrationError({})));
    }
    void predictiveValuesAsInThePaper() {
        // Chen and Shi, eq. 1: 0.00592 / (0.00592 + 0.19852); they print 2.87 %, their own fraction is 2.90 %.
        QVERIFY(isNear(predictiveValues(0.8, 0.8, 0.0074).positive, 0.00592 / 0.20444));
        QCOMPARE(predictiveValues(0.9, 0.6, 0.5).positive, 0.45 / 0.65);
        QCOMPARE(predictiveValues(0.9, 0.6, 0.5).negative, 0.3 / 0.35);
        QCOMPARE(predictiveValues(1, 1, 0.01).positive, 1.0);
        QVERIFY(std::isnan(predictiveValues(0, 1, 0.1).positive));
    }
    void binsHoldEqualCounts() {
        std::vector<double> probabilities, labels;
        for (int i = 0; i < 25; ++i) {
            probabilities.push_back(i / 25.0);
            labels.push_back(i >= 20 ? 1 : 0);
        }
        const auto bins = reliabilityBins(probabilities, labels, 10);
        QCOMPARE(bins.size(), std::size_t(10));
        int films = 0;
        for (const ReliabilityBin& bin : bins) {
            films += bin.films;
            QVERIFY(bin.films == 2 || bin.films == 3);
            QVERIFY(bin.low <= bin.share && bin.share <= bin.high);
        }
        QCOMPARE(films, 25);
        QCOMPARE(bins.back().share, 1.0);
        QCOMPARE(reliabilityBins({0.5}, {1}, 10).size(), std::size_t(1));
        // Two bins: 0.1 said, 0 there; 0.6 said, 1 there -> (0.1 + 0.4) / 2.
        QVERIFY(isNear(expectedCalibrationError(reliabilityBins({0.1, 0.1, 0.6, 0.6}, {0, 0, 1, 1}, 2)), 0.25));
    }
    // The interval of an AUC holds the true one about nineteen times in twenty: normal scores one deviation apart have
    // AUC = Phi(1 / sqrt 2) = 0.76025; three films a patient share half of their score.
    void intervalsCoverTheTruth() {
        std::mt19937_64 generator(11);
        std::normal_distribution<double> normal;
        int covered = 0;
        for (int run = 0; run < 100; ++run) {
            std::vector<double> scores, labels;
            std::vector<std::string> patients;
            for (int patient = 0; patient < 90; ++patient) {
                const double label = patient % 3 == 0 ? 1 : 0, shared = normal(generator);
                for (int film = 0; film < 3; ++film) {
                    scores.push_back(label + std::sqrt(0.5) * (shared + normal(generator)));
                    labels.push_back(label);
                    patients.push_back(std::to_string(patient));
                }
            }
            const RankedScores ranked(scores, labels);
            const auto statistic = [&](const std::vector<double>& w) { return std::vector<double>{ranked.auc(w)}; };
            const Interval auc = bootstrapWeighted(patients, statistic, {300, static_cast<std::uint64_t>(run)})[0];
            covered += auc.low <= 0.76025 && 0.76025 <= auc.high;
        }
        QVERIFY2(covered >= 88 && covered <= 99, qPrintable(QString::number(covered)));
    }
};

QTEST_GUILESS_MAIN(TestClassificationMetrics)
#include "tst_classification_metrics.moc"
