// What a map looks at: shares on a film drawn on paper, what is outside of the body, and the three readings together.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/localize/attention.h"
#include "core/localize/three_way.h"
#include "tests/core/localize/sample_map.h"
#include "tests/support/sample_judgement.h"

using namespace cxr;
using test::mapOf;

namespace {

Outline rectangle(Organ organ, double left, double top, double right, double bottom) {
    return {organ, {{left, top}, {right, top}, {right, bottom}, {left, bottom}}, false};
}

// 400 x 400 film pixels, gray given at half of that: air of 0 to 0.05 left and right of a body of 0.7 to 0.8 (no film is flat),
// lungs 0.3, heart 0.7.
struct Film {
    GrayFilm gray{200, 200, std::vector<float>(200 * 200, 0.8F)};
    ChestMeasurement chest;

    Film() {
        for (int y = 0; y < 200; ++y) {
            const float down = static_cast<float>(y) / 200;
            fill(0, y, 200, y + 1, 0.7F + 0.1F * down);
            fill(0, y, 30, y + 1, 0.05F * down);
            fill(170, y, 200, y + 1, 0.05F * down);
        }
        fill(50, 40, 90, 160, 0.3F);
        fill(110, 40, 150, 160, 0.3F);
        fill(80, 100, 130, 150, 0.7F);
        chest.outlines = {rectangle(Organ::Heart, 160, 200, 260, 300), rectangle(Organ::LeftLung, 220, 80, 300, 320),
                          rectangle(Organ::RightLung, 100, 80, 180, 320)};
        chest.verdict = Verdict::Enlarged;
        chest.ratio = 0.6;
        chest.quality = 0.9;
    }
    void fill(int left, int top, int right, int bottom, float value) {
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x) gray.values[static_cast<std::size_t>(y) * 200 + x] = value;
    }
    FilmRegions regions() const { return filmRegions(gray, 2, chest); }
};

double share(const cv::Mat& mask) { return cv::countNonZero(mask) / static_cast<double>(mask.total()); }

bool isNear(double a, double b, double tolerance = 0.01) { return std::abs(a - b) <= tolerance; }

bool holds(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

}  // namespace

class TestAttention : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void outsideIsAirAtTheEdgeAndMargins() {
        Film film;
        QVERIFY(isNear(share(film.regions().outside), 0.3));
        film.fill(60, 60, 70, 70, 0.01F);  // a hole inside a lung is no air outside
        QVERIFY(isNear(share(film.regions().outside), 0.3));
        film.fill(0, 0, 200, 20, 1);  // a white border
        QVERIFY(isNear(share(film.regions().outside), 0.3 + 0.7 * 0.1));
        film.fill(100, 20, 104, 30, 0.01F);  // dark, but not joined to the air once thin bridges are cut
        QVERIFY(isNear(share(film.regions().outside), 0.37));
        QVERIFY(isNear(share(film.regions().corners), 4 * 0.15 * 0.15));
        QVERIFY(isNear(share(film.regions().organs[0]), 100.0 * 100 / 160000));
    }
    void withoutLungsTheFilmsOwnGrayDecides() {
        Film film;
        film.chest.outlines = {};
        QVERIFY(isNear(share(film.regions().outside), 0.3));
        QCOMPARE(cv::countNonZero(film.regions().organs[1]), 0);
    }
    void sharesNeedNoSupport() {
        const Film film;
        QVERIFY(sharesOf(mapOf(200, 200, 2, [](double, double) { return 0.0; }), film.regions()).empty());
        Heatmap map = mapOf(200, 200, 2, [](double, double) { return 1.0; });
        map.supportLogit = 1e-6;  // far below what would be worth a map
        QVERIFY(!attentionOf(map, film.regions()).hasSupport);
        const std::vector<RegionShare> shares = sharesOf(map, film.regions());
        QVERIFY(!shares.empty() && shares.front().region == AttentionRegion::Heart);
        QVERIFY(isNear(shares.front().relevance, 1.0 / 16) && isNear(shares.front().area, 1.0 / 16));
    }
    void sharesAsCountedOnPaper() {
        const Film film;
        // 3 everywhere inside the heart, 1 elsewhere: (3 * 1/16) / (3 * 1/16 + 15/16) = 1/6.
        const Heatmap map = mapOf(200, 200, 2, [](double x, double y) { return x > 80 && x < 130 && y > 100 && y < 150 ? 3.0 : 1.0; });
        const Attention attention = attentionOf(map, film.regions());
        QVERIFY(attention.hasSupport);
        const RegionShare* heart = attention.of(AttentionRegion::Heart);
        QVERIFY(heart != nullptr && isNear(heart->relevance, 1.0 / 6) && isNear(heart->area, 1.0 / 16));
        QVERIFY(isNear(heart->factor(), 8.0 / 3, 0.05));
        QVERIFY2(holds(attention.sentence, "17 % of what speaks for cardiomegaly lies inside the heart, which covers 6.2 % of the picture: 2.7 times"),
                 attention.sentence.c_str());
        QVERIFY(!holds(attention.sentence, "outside"));  // less than chance lies there
        const double both = attention.of(AttentionRegion::LeftLung)->area + attention.of(AttentionRegion::RightLung)->area;
        QVERIFY(isNear(attention.of(AttentionRegion::Lungs)->area, both, 1e-9));
    }
    void valuesAgainstDoNotCount() {
        const Film film;
        const Heatmap map = mapOf(200, 200, 2, [](double x, double y) { return x > 80 && x < 130 && y > 100 && y < 150 ? 1.0 : -9.0; });
        QCOMPARE(attentionOf(map, film.regions()).of(AttentionRegion::Heart)->relevance, 1.0);
    }
    void evenMapsAreChance() {
        const Film film;
        const Heatmap map = mapOf(3, 3, 400.0 / 3, [](double, double) { return 1.0; });
        const Attention attention = attentionOf(map, film.regions());
        for (const RegionShare& one : attention.shares) QVERIFY(isNear(one.factor(), 1, 1e-6));
        QVERIFY2(holds(attention.sentence, "about what chance gives"), attention.sentence.c_str());
    }
    void lettersAndAirAreTold() {
        const Film film;
        const Heatmap map = mapOf(200, 200, 2, [](double x, double y) { return x < 25 && y < 25 ? 1.0 : 0.001; });
        const Attention attention = attentionOf(map, film.regions());
        QVERIFY2(holds(attention.sentence, "outside of the body") && holds(attention.sentence, "in the corners (where letters stand; ") && holds(attention.sentence, "doubt"),
                 attention.sentence.c_str());
    }
    void onlyCellsThatTheNetworkReadAreTheArea() {
        const Film film;
        Heatmap map = mapOf(200, 200, 2, [](double, double) { return 1.0; });
        map.seen.assign(200 * 200, 0);
        for (int row = 100; row < 150; ++row)
            for (int column = 80; column < 180; ++column) map.seen[static_cast<std::size_t>(row) * 200 + column] = 1;
        QVERIFY(isNear(attentionOf(map, film.regions()).of(AttentionRegion::Heart)->area, 0.5));  // half of what it read
    }
    void otherClassesBelongToTheLungs() {
        const Film film;
        Heatmap map = mapOf(200, 200, 2, [](double, double) { return 1.0; });
        map.className = "Effusion";
        QVERIFY(holds(attentionOf(map, film.regions()).sentence, "inside the lungs, which cover"));
        map.className = "Lateral";
        QVERIFY(holds(attentionOf(map, film.regions()).sentence, "than chance gives"));
        map.className = "Cardiomegaly";
        Film lost;
        lost.chest.outlines[0].points.clear();
        QVERIFY(holds(attentionOf(map, lost.regions()).sentence, "heart was not found"));
        lost = {};
        lost.chest.isUncertain = true;
        QVERIFY(holds(attentionOf(map, lost.regions()).sentence, "uncertain"));
        map.supportLogit = 0;
        const Attention none = attentionOf(map, film.regions());
        QVERIFY(!none.hasSupport && none.shares.empty() && holds(none.sentence, "too little"));
    }
    void threeReadings() {
        Film film;
        const FindingProbability positive = test::sampleFinding("Cardiomegaly", 0.63, 0.4, 0.85, 0.05);
        const FindingProbability negative = test::sampleFinding("Cardiomegaly", 0.1, 0.4, 0.85, 0.05);
        const auto at = [](double relevance, double area) {
            Attention attention;
            attention.hasSupport = true;
            attention.shares = {{AttentionRegion::Heart, relevance, area}};
            return attention;
        };
        using Outcome = ThreeWayCheck::Outcome;
        const ThreeWayCheck all = threeWayCheck(film.chest, ViewPosition::PA, nullptr, positive, at(0.6, 0.2));
        QVERIFY(all.outcome == Outcome::Agree && all.reasons.empty());
        QVERIFY2(holds(all.sentence, "agree for cardiomegaly: ratio 0.60 (enlarged") && holds(all.sentence, "3.0 times chance"), all.sentence.c_str());
        const ThreeWayCheck elsewhere = threeWayCheck(film.chest, ViewPosition::PA, nullptr, positive, at(0.1, 0.2));
        QVERIFY(elsewhere.outcome == Outcome::Disagree && holds(elsewhere.reasons.at(0), "without looking at the heart"));
        const ThreeWayCheck ap = threeWayCheck(film.chest, ViewPosition::AP, nullptr, negative, at(0.6, 0.2));
        QVERIFY(!ap.ratio && !ap.map && ap.outcome == Outcome::TooFew && holds(ap.reasons.at(0), "magnified"));
        const ThreeWayCheck side = threeWayCheck(film.chest, ViewPosition::Lateral, nullptr, positive, at(0.6, 0.2));
        QVERIFY(side.outcome == Outcome::NotJudged && holds(side.reasons.at(0), "no frontal film"));
        ViewReading refused;
        refused.isRefused = true;
        QVERIFY(threeWayCheck(film.chest, ViewPosition::Unknown, &refused, positive, at(0.6, 0.2)).outcome == Outcome::NotJudged);
        film.chest.isUncertain = true;
        const ThreeWayCheck uncertain = threeWayCheck(film.chest, ViewPosition::PA, nullptr, positive, at(0.6, 0.2));
        QVERIFY(!uncertain.ratio && !uncertain.map && uncertain.outcome == Outcome::TooFew);
        film.chest.isUncertain = false;
        film.chest.verdict = Verdict::Normal;
        film.chest.ratio = 0.44;
        Attention none;
        const ThreeWayCheck against = threeWayCheck(film.chest, ViewPosition::PA, nullptr, negative, none);
        QVERIFY(against.outcome == Outcome::Agree && holds(against.sentence, "against cardiomegaly") && holds(against.sentence, "without support"));
    }
};

QTEST_GUILESS_MAIN(TestAttention)
#include "tst_attention.moc"
