// Temperature and Platt scaling: against scikit-learn and SciPy, recovery of known parameters, degenerate films.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/measure/calibration_fit.h"
#include "core/measure/classification_metrics.h"

using namespace cxr;

namespace {

struct Films {
    std::vector<double> logits, labels;
    std::vector<int> parts;
};

// Labels drawn with probability sigmoid(slope * logit + intercept).
Films drawnFilms(int count, double slope, double intercept, std::uint64_t seed = 5) {
    std::mt19937_64 generator(seed);
    std::normal_distribution<double> normal(0, 2);
    std::uniform_real_distribution<double> uniform(0, 1);
    Films films;
    for (int i = 0; i < count; ++i) {
        films.logits.push_back(normal(generator));
        films.labels.push_back(uniform(generator) < sigmoid(slope * films.logits.back() + intercept) ? 1 : 0);
        films.parts.push_back(i % 5);
    }
    return films;
}

}  // namespace

class TestCalibrationFit : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void agreesWithScikitLearn() {
        // The films of tst_classification_metrics; sklearn.calibration._sigmoid_calibration and scipy.optimize.minimize.
        Films films;
        for (int i = 0; i < 60; ++i) {
            const double y = i * 7 % 10 < 4 ? 1 : 0;
            films.labels.push_back(y);
            films.logits.push_back(std::nearbyint(2 * ((i * 37 % 23) / 4.0 - 3 + 1.5 * y)) / 2);
        }
        const LogitScaling platt = fitScaling(ScalingMethod::Platt, films.logits, films.labels);
        QVERIFY(std::abs(platt.slope - 0.40569518) < 1e-5);
        QVERIFY(std::abs(platt.intercept + 0.57797987) < 1e-5);
        const LogitScaling temperature = fitScaling(ScalingMethod::Temperature, films.logits, films.labels);
        QVERIFY(std::abs(temperature.slope - 0.33764019) < 1e-5);
        QCOMPARE(temperature.intercept, 0.0);
    }
    void findsTheParametersThatMadeTheLabels() {
        const Films films = drawnFilms(40'000, 0.5, -1);
        const LogitScaling platt = fitScaling(ScalingMethod::Platt, films.logits, films.labels);
        QVERIFY2(std::abs(platt.slope - 0.5) < 0.03 && std::abs(platt.intercept + 1) < 0.05, qPrintable(QString::number(platt.slope)));
    }
    void choosesTheMethodThatHolds() {
        for (const auto& [slope, intercept, expected] : {std::tuple{0.4, 0.0, ScalingMethod::Temperature},
                                                         {0.5, -2.0, ScalingMethod::Platt}}) {
            const Films films = drawnFilms(5000, slope, intercept);
            const CrossFittedScaling fitted = crossFitScaling(films.logits, films.labels, films.parts);
            // Platt may win by chance where temperature suffices, but never the other way round, and never by no scaling.
            QVERIFY(fitted.method == expected || (expected == ScalingMethod::Temperature && fitted.method == ScalingMethod::Platt));
            std::vector<double> plain;
            for (const double logit : films.logits) plain.push_back(sigmoid(logit));
            QVERIFY(logLoss(fitted.probabilities, films.labels) < logLoss(plain, films.labels));
            QVERIFY(expectedCalibrationError(reliabilityBins(fitted.probabilities, films.labels)) < 0.03);
        }
    }
    void noFilmJudgesItself() {
        Films films = drawnFilms(2000, 0.5, -1);
        const auto before = crossFitScaling(films.logits, films.labels, films.parts);
        for (std::size_t i = 0; i < 100; ++i) {
            if (films.parts[i] == 2) films.labels[i] = 1 - films.labels[i];  // other labels in part 2 ...
        }
        const auto after = crossFitScaling(films.logits, films.labels, films.parts);
        QCOMPARE(before.method, after.method);
        bool othersChanged = false;
        for (std::size_t i = 0; i < films.labels.size(); ++i) {
            if (films.parts[i] == 2) {
                QCOMPARE(before.probabilities[i], after.probabilities[i]);  // ... change nothing there
            } else {
                othersChanged = othersChanged || before.probabilities[i] != after.probabilities[i];
            }
        }
        QVERIFY(othersChanged);
    }
    void separatedFilmsGiveAFiniteSlope() {
        const LogitScaling platt = fitScaling(ScalingMethod::Platt, {-2, -1, 1, 2}, {0, 0, 1, 1});
        QVERIFY(std::isfinite(platt.slope) && platt.slope > 0 && platt.slope < 5);
        QVERIFY(platt.probability(2) > platt.probability(1));
    }
    void aScoreThatPointsTheWrongWayIsNotTurnedRound() {
        for (const ScalingMethod method : {ScalingMethod::Temperature, ScalingMethod::Platt}) {
            const LogitScaling scaling = fitScaling(method, {-2, -1, 1, 2}, {1, 1, 0, 0});
            QCOMPARE(scaling.slope, 0.01);
        }
    }
    void oneKindOnlyOrOnePartOnlyChangesNothing() {
        const LogitScaling scaling = fitScaling(ScalingMethod::Platt, {1, 2}, {1, 1});
        QCOMPARE(scaling.slope, 1.0);
        QCOMPARE(scaling.intercept, 0.0);
        const Films films = drawnFilms(50, 0.3, 1);
        QCOMPARE(crossFitScaling(films.logits, films.labels, std::vector<int>(50, 3)).method, ScalingMethod::None);
    }
    void hugeLogitsStayFinite() {
        const LogitScaling scaling = fitScaling(ScalingMethod::Platt, {-900, 800, 700, -1000, 500}, {0, 1, 1, 0, 0});
        QVERIFY(std::isfinite(scaling.slope) && std::isfinite(scaling.intercept));
        QCOMPARE(sigmoid(-2000), 0.0);
        QCOMPARE(sigmoid(2000), 1.0);
        QVERIFY(std::abs(logitOf(sigmoid(1.5)) - 1.5) < 1e-9);
    }
};

QTEST_GUILESS_MAIN(TestCalibrationFit)
#include "tst_calibration_fit.moc"
