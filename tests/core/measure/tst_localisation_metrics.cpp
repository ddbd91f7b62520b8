// Boxes: overlaps and scores solved by hand.
#include <QTest>
#include <cmath>

#include "core/measure/localisation_metrics.h"

using namespace cxr;

class TestLocalisationMetrics : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void overlapIsDividedByThePredictedArea() {
        const cv::Rect2d drawn(0, 0, 10, 10), predicted(5, 5, 10, 5);  // overlap 5 x 5 of 50
        QCOMPARE(intersectionOverPredicted(predicted, drawn), 0.5);
        QCOMPARE(intersectionOverPredicted(drawn, predicted), 0.25);
        QCOMPARE(intersectionOverUnion(predicted, drawn), 25.0 / 125);
        QCOMPARE(intersectionOverPredicted({2, 2, 3, 3}, drawn), 1.0);  // inside
        QCOMPARE(intersectionOverPredicted({10, 0, 5, 5}, drawn), 0.0); // touches
        QCOMPARE(intersectionOverPredicted({1, 1, 0, 5}, drawn), 0.0);  // no area
    }
    void scoresByHand() {
        const std::vector<FilmBoxes> films{
            {{{0, 0, 10, 10}, {50, 50, 10, 10}}, {{0, 0, 10, 8}}},   // IoBB 0.8 and a false alarm
            {{{0, 0, 10, 10}}, {{7, 0, 10, 10}, {100, 100, 5, 5}}},  // IoBB 0.3; the second drawn box is missed
            {{}, {{1, 1, 2, 2}}},                                    // missed
            {{{3, 3, 4, 4}}, {}},                                    // a film without a finding: false alarm
        };
        const auto scores = scoreLocalisation(films, {0.1, 0.5, 0.9});
        QCOMPARE(scores[0].drawn, 4);
        QCOMPARE(scores[0].found, 2);
        QCOMPARE(scores[0].accuracy(), 0.5);
        QCOMPARE(scores[0].falsePositives, 2);
        QCOMPARE(scores[0].falsePositivesPerFilm(), 0.5);
        QCOMPARE(scores[1].accuracy(), 0.25);
        QCOMPARE(scores[1].falsePositivesPerFilm(), 0.75);
        QCOMPARE(scores[2].accuracy(), 0.0);
        QCOMPARE(scores[2].falsePositivesPerFilm(), 1.0);
    }
    void theThresholdItselfIsNotEnough() {
        const std::vector<FilmBoxes> films{{{{0, 0, 10, 10}}, {{5, 0, 10, 10}}}};  // IoBB exactly 0.5
        QCOMPARE(scoreLocalisation(films, {0.5})[0].found, 0);
        QCOMPARE(scoreLocalisation(films, {0.49})[0].found, 1);
    }
    void oneBoxMayFindTwoDrawnOnes() {
        const std::vector<FilmBoxes> films{{{{0, 0, 20, 10}}, {{0, 0, 10, 10}, {10, 0, 10, 10}}}};
        QCOMPARE(scoreLocalisation(films, {0.4})[0].found, 2);
        QCOMPARE(scoreLocalisation(films, {0.4})[0].falsePositives, 0);
    }
    void perfectBoxesArePerfectAndNothingIsNothing() {
        const std::vector<FilmBoxes> films{{{{1, 2, 3, 4}}, {{1, 2, 3, 4}}}};
        for (const LocalisationScore& score : scoreLocalisation(films)) {
            QCOMPARE(score.accuracy(), 1.0);
            QCOMPARE(score.falsePositivesPerFilm(), 0.0);
        }
        QVERIFY(std::isnan(scoreLocalisation({})[0].accuracy()));
        QVERIFY(std::isnan(scoreLocalisation({})[0].falsePositivesPerFilm()));
    }
};

QTEST_GUILESS_MAIN(TestLocalisationMetrics)
#include "tst_localisation_metrics.moc"
