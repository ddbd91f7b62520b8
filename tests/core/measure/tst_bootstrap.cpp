// Intervals and agreement: cases on paper, invariants, coverage by simulation, degenerate input.
#include <QTest>
#include <random>

#include "core/measure/bootstrap.h"

using namespace cxr;

class TestBootstrap : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void quantileInterpolatesBetweenRanks() {
        QCOMPARE(quantileOf({4, 1, 3, 2}, 0.5), 2.5);
        QCOMPARE(quantileOf({4, 1, 3, 2}, 0.0), 1.0);
        QCOMPARE(quantileOf({4, 1, 3, 2}, 1.0), 4.0);
        QCOMPARE(quantileOf({0, 10}, 0.95), 9.5);
        QCOMPARE(quantileOf({7}, 0.95), 7.0);
    }
    void equalSeedsGiveEqualNumbers() {
        const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        const Interval a = bootstrapMean(values), b = bootstrapMean(values);
        QCOMPARE(a.low, b.low);
        QCOMPARE(a.high, b.high);
        const Interval c = bootstrapMean(values, {2000, 99});
        QVERIFY(c.low != a.low || c.high != a.high);
    }
    void intervalHoldsTheMeanAndIsNearTheNormalOne() {
        std::vector<double> values(100);
        for (int i = 0; i < 100; ++i) values[i] = i;  // sd 28.87 (population): half width 1.96 * 2.887 = 5.66
        const Interval mean = bootstrapMean(values);
        QCOMPARE(mean.value, 49.5);
        QVERIFY(std::abs((mean.high - mean.low) / 2 - 5.66) < 0.4);
        QVERIFY(mean.low < 49.5 && mean.high > 49.5);
    }
    void coversTheTruthAboutNineteenTimesInTwenty() {
        std::mt19937_64 generator(7);
        std::normal_distribution<double> normal(0.95, 0.02);
        int covered = 0;
        for (int run = 0; run < 200; ++run) {
            std::vector<double> values(40);
            for (double& value : values) value = normal(generator);
            const Interval mean = bootstrapMean(values, {400, static_cast<std::uint64_t>(run)});
            covered += mean.low <= 0.95 && 0.95 <= mean.high;
        }
        QVERIFY2(covered > 174 && covered < 200, qPrintable(QString::number(covered)));
    }
    void groupsWidenTheInterval() {
        std::vector<double> values;
        std::vector<std::string> patients;
        for (int patient = 0; patient < 10; ++patient) {
            for (int film = 0; film < 10; ++film) {
                values.push_back(patient);
                patients.push_back("p" + std::to_string(patient));
            }
        }
        const Interval alone = bootstrapMean(values), together = bootstrapMean(values, patients);
        QCOMPARE(alone.value, together.value);
        QVERIFY(together.high - together.low > 2 * (alone.high - alone.low));
    }
    void singletonGroupsChangeNothing() {
        const std::vector<double> values{0.9, 0.92, 0.97, 0.8};
        const Interval a = bootstrapMean(values), b = bootstrapMean(values, {"a", "b", "c", "d"});
        QCOMPARE(a.low, b.low);
        QCOMPARE(a.high, b.high);
    }
    void degenerateInput() {
        QCOMPARE(bootstrapMean({}).value, 0.0);
        const Interval one = bootstrapMean({0.4});
        QCOMPARE(one.low, 0.4);
        QCOMPARE(one.high, 0.4);
        const Interval samePatient = bootstrapMean({0.4, 0.6}, {"p", "p"});
        QCOMPARE(samePatient.low, 0.5);
        QCOMPARE(samePatient.high, 0.5);
        QCOMPARE(agreementOf({}, {}).count, 0);
    }
    void agreementOnPaper() {
        // differences +0.02, -0.02, +0.02, -0.02: bias 0, MAE 0.02, SD = 0.04 / sqrt(3)
        const LimitsOfAgreement a = agreementOf({0.52, 0.48, 0.62, 0.38}, {0.5, 0.5, 0.6, 0.4});
        QCOMPARE(a.count, 4);
        QVERIFY(std::abs(a.bias.value) < 1e-12);
        QVERIFY(std::abs(a.meanAbsoluteError.value - 0.02) < 1e-12);
        QVERIFY(std::abs(a.standardDeviation - 0.04 / std::sqrt(3.0)) < 1e-12);
        QVERIFY(std::abs(a.upperLimit.value - 1.96 * 0.04 / std::sqrt(3.0)) < 1e-12);
        QVERIFY(std::abs(a.upperLimit.value + a.lowerLimit.value) < 1e-12);
        QVERIFY(a.bias.low < 0 && a.bias.high > 0);
    }
    void agreementShiftsWithAConstant() {
        const std::vector<double> reference{0.41, 0.55, 0.6, 0.47, 0.52}, measured{0.43, 0.54, 0.63, 0.46, 0.53};
        std::vector<double> shifted = measured;
        for (double& value : shifted) value += 0.1;
        const LimitsOfAgreement a = agreementOf(measured, reference), b = agreementOf(shifted, reference);
        QVERIFY(std::abs(b.bias.value - a.bias.value - 0.1) < 1e-12);
        QVERIFY(std::abs(b.standardDeviation - a.standardDeviation) < 1e-12);
        QVERIFY(std::abs(b.bias.low - a.bias.low - 0.1) < 1e-12);
    }
};

QTEST_GUILESS_MAIN(TestBootstrap)
#include "tst_bootstrap.moc"
