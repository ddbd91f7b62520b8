// Words and decisions on networks' answers: numbers and words never contradict each other, readings are compared only
// where they decide, the header outranks the view network.
#include <QTest>

#include "core/measure/finding.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

FindingProbability finding(const char* name, double probability, double threshold = 0.4) {
    FindingProbability f;
    f.name = name;
    f.probability = probability;
    f.points = {{"sensitivity90", threshold / 2, 0.9, 0.5}, {"youden", threshold, 0.8, 0.7}, {"specificity90", threshold * 2, 0.6, 0.9}};
    choosePoint(f, kBalancedPoint);
    return f;
}

PackJudgement pack(ModelRole role, std::vector<FindingProbability> findings) {
    PackJudgement p;
    p.role = role;
    p.model.id = toString(role);
    p.findings = std::move(findings);
    return p;
}

ChestMeasurement chestOf(double ratio) {
    ChestMeasurement chest;
    chest.ratio = ratio;
    chest.verdict = verdictOf(ratio);
    return chest;
}

Judgement bothNetworks(double network, double heartSpot) {
    Judgement j;
    j.packs = {pack(ModelRole::Cardiomegaly, {finding("Cardiomegaly", network)}),
               pack(ModelRole::HeartSpot, {finding("Cardiomegaly", heartSpot)})};
    return j;
}

bool has(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

}  // namespace

class TestFinding : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void percentages() {
        QCOMPARE(percentText(0.634), std::string("63 %"));
        QCOMPARE(percentText(0.0423), std::string("4.2 %"));
        QCOMPARE(percentText(0.0996), std::string("10 %"));
        QCOMPARE(percentText(0.00001), std::string("< 0.1 %"));
        QCOMPARE(percentText(0.9932), std::string("99.3 %"));
        QCOMPARE(percentText(1), std::string("> 99.9 %"));
    }
    void namesForPeople() {
        FindingProbability f;
        f.name = "Pleural_Thickening";
        QCOMPARE(labelOf(f), std::string("Pleural thickening"));
        QCOMPARE(labelOf(FindingPoint{"youden", 0, 0, 0}), std::string("best balance"));
        QCOMPARE(labelOf(FindingPoint{"op_threshs", 0, 0, 0}), std::string("op_threshs"));
    }
    void theChosenPointDecides() {
        FindingProbability f = finding("Mass", 0.5);
        QCOMPARE(f.point->name, std::string("youden"));
        QVERIFY(f.isPositive());
        choosePoint(f, "specificity90");
        QVERIFY(!f.isPositive());
        choosePoint(f, "no such point");  // the balanced one instead
        QCOMPARE(f.point->name, std::string("youden"));
        f.probability = f.point->threshold;
        QVERIFY(f.isPositive());  // at the threshold counts
        f.points.clear();
        choosePoint(f, "youden");
        QVERIFY(!f.point && !f.isPositive());
    }
    void threeReadingsAgreeOrNot() {
        const Judgement forIt = bothNetworks(0.81, 0.64);
        const auto all = cardiomegalyReadings(chestOf(0.57), forIt);
        QCOMPARE(all.readings.size(), std::size_t{3});
        QVERIFY(all.agreement == Agreement::Agree);
        QCOMPARE(all.sentence, std::string("All three readings speak for cardiomegaly: ratio 0.57 (enlarged), network 81 % "
                                           "(at or above 40 %), HeartSpot 64 % (at or above 40 %). Operating point of the networks: best balance."));
        const auto split = cardiomegalyReadings(chestOf(0.46), forIt);
        QVERIFY(split.agreement == Agreement::Disagree);
        QVERIFY(has(split.sentence, "disagree") && has(split.sentence, "ratio 0.46 (normal)"));
        const Judgement against = bothNetworks(0.1, 0.2);
        QVERIFY(has(cardiomegalyReadings(chestOf(0.46), against).sentence, "All three readings speak against"));
    }
    void borderlineAndUncertainRatiosDecideNothing() {
        const Judgement j = bothNetworks(0.81, 0.64);
        const auto borderline = cardiomegalyReadings(chestOf(0.53), j);
        QVERIFY(!borderline.readings[0].isPositive && borderline.agreement == Agreement::Agree);
        QVERIFY(has(borderline.sentence, "Two of three readings decide"));
        ChestMeasurement uncertain = chestOf(0.6);
        uncertain.isUncertain = true;
        const auto u = cardiomegalyReadings(uncertain, j);
        QVERIFY(!u.readings[0].isPositive && !has(u.sentence, "0.6"));
        QVERIFY(has(u.sentence, "mask uncertain"));
        Judgement one = j;
        one.packs.pop_back();
        QVERIFY(cardiomegalyReadings(chestOf(0.53), one).agreement == Agreement::TooFew);
        QVERIFY(has(cardiomegalyReadings(chestOf(0.6), one).sentence, "Both readings speak for"));
        QVERIFY(cardiomegalyReadings(chestOf(0.6), {}).sentence.empty());
    }
    void aFailedPackReadsNothingAndIsTold() {
        Judgement j = bothNetworks(0.81, 0.64);
        j.packs[1].findings.clear();
        j.packs[1].error = "its weights are damaged; install it again";
        QCOMPARE(cardiomegalyReadings(chestOf(0.57), j).readings.size(), std::size_t{2});
        QVERIFY(j.of(ModelRole::HeartSpot) == nullptr);
        QCOMPARE(j.failures().size(), std::size_t{1});
        QVERIFY(has(j.failures()[0], "install it again"));
    }
    void thePointIsNamed() {
        Judgement j = bothNetworks(0.81, 0.64);
        QVERIFY(has(cardiomegalyReadings(chestOf(0.57), j).sentence, ". Operating point of the networks: best balance."));
        choosePoint(j.packs[0].findings[0], kDefaultPoint);
        QVERIFY(has(cardiomegalyReadings(chestOf(0.57), j).sentence, " and "));
        QCOMPARE(pointText(j.packs[0].findings[0]), std::string(" (90 % specificity)"));
        j.packs[0].findings[0].point.reset();
        QVERIFY(pointText(j.packs[0].findings[0]).empty());
    }
    void belowAThresholdThatPrintsAlike() {
        Judgement j;
        j.packs = {pack(ModelRole::Cardiomegaly, {finding("Cardiomegaly", 0.4399, 0.4401)})};
        const auto all = cardiomegalyReadings(chestOf(0.4), j);
        QCOMPARE(all.readings[1].value, std::string("44 %"));
        QCOMPARE(all.readings[1].decision, std::string("below 44.01 %"));
    }
    void anotherPointDecidesAnewButTheViewStands() {
        auto j = std::make_shared<Judgement>(bothNetworks(0.5, 0.5));
        j->packs.push_back(pack(ModelRole::View, {finding("Lateral", 0.5)}));
        const JudgementPtr strict = withPoint(j, "specificity90");
        QVERIFY(j->packs[0].findings[0].isPositive() && !strict->packs[0].findings[0].isPositive());
        QVERIFY(strict->packs[2].findings[0].isPositive());
        QVERIFY(withPoint(nullptr, "youden") == nullptr);
    }
    void theHeaderOutranksTheViewNetwork() {
        const PackJudgement sure = pack(ModelRole::View, {finding("Lateral", 0.95)});
        const PackJudgement unsure = pack(ModelRole::View, {finding("Lateral", 0.5)});
        const PackJudgement frontal = pack(ModelRole::View, {finding("Lateral", 0.02), finding("AP", 0.9)});
        QVERIFY(readView(sure, ViewPosition::Unknown).isRefused);
        QVERIFY(!readView(sure, ViewPosition::PA).isRefused);
        QVERIFY(has(readView(sure, ViewPosition::PA).note, "The header says PA"));
        QVERIFY(!readView(unsure, ViewPosition::Unknown).isRefused);
        QVERIFY(has(readView(unsure, ViewPosition::Unknown).note, "may be a side view"));
        QVERIFY(has(readView(frontal, ViewPosition::Unknown).note, "for AP"));
        QVERIFY(has(readView(frontal, ViewPosition::PA).note, "The header says PA"));
        QVERIFY(readView(frontal, ViewPosition::AP).note.empty());  // the header's own note stands already
        QVERIFY(has(readView(frontal, ViewPosition::Lateral).note, "takes the film for frontal"));
        QVERIFY(readView(sure, ViewPosition::Lateral).note.empty());
    }
    void aViewPackWithoutPointsDecidesAtOneHalf() {
        PackJudgement view = pack(ModelRole::View, {finding("Lateral", 0.6)});
        view.findings[0].points.clear();
        view.findings[0].point.reset();
        QVERIFY(readView(view, ViewPosition::Unknown).looksLateral);
        view.findings[0].probability = 0.4;
        QVERIFY(!readView(view, ViewPosition::Unknown).looksLateral);
    }
    void aRefusedFilmHasNoRatioUntilItIsDrawn() {
        PhantomSpec spec;
        spec.width = spec.height = 256;
        const Phantom phantom = makePhantom(spec);
        const ChestMeasurement chest = measureChest(test::segmentationOf(phantom), phantom.image);
        QVERIFY(!chest.isUncertain);
        QVERIFY(withFilmDoubt(chest, "", true).notes == chest.notes);
        const ChestMeasurement doubted = withFilmDoubt(chest, "Looks like a side view.", false);
        QCOMPARE(doubted.ratio, chest.ratio);
        QCOMPARE(doubted.notes.size(), chest.notes.size() + 1);
        const ChestMeasurement refused = withFilmDoubt(chest, "Looks like a side view.", true);
        QVERIFY(refused.isUncertain && refused.ratio == 0 && refused.verdict == Verdict::NotMeasured);
        const ChestMeasurement drawn = withOutline(refused, refused.outlines[0]);
        QVERIFY(!drawn.isUncertain);
        QVERIFY(std::find(drawn.notes.begin(), drawn.notes.end(), "Looks like a side view.") != drawn.notes.end());
    }
    void gridPointsLieOnTheFilm() {
        const GridOnFilm grid{{10, 20}, {100, 10}, {-10, 100}};
        QCOMPARE(grid.at(0, 0), (PointPx{10, 20}));
        QCOMPARE(grid.at(1, 1), (PointPx{100, 130}));
    }
};

QTEST_GUILESS_MAIN(TestFinding)
#include "tst_finding.moc"
