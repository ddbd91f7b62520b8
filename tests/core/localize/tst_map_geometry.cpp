// Where a map's values stand on the film, its scale and legend, and lines of equal value: cases solved on paper.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/localize/iso_lines.h"
#include "core/localize/map_geometry.h"
#include "core/localize/map_scale.h"
#include "core/localize/map_support.h"
#include "tests/core/localize/sample_map.h"

using namespace cxr;
using test::mapOf;

namespace {

bool isNear(double a, double b, double tolerance = 1e-9) { return std::abs(a - b) <= tolerance; }

}  // namespace

class TestMapGeometry : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void valuesStandAtCentresAndAreBilinearBetween() {
        const Heatmap map = mapOf(4, 3, 10, [](double x, double y) { return x + 100 * y; });
        QCOMPARE(*valueAt(map, {5, 5}), 50.5);
        QCOMPARE(*valueAt(map, {10, 5}), 51.0);    // half way between two centres
        QCOMPARE(*valueAt(map, {1, 1}), 50.5);     // beyond the outer centre: the nearest cell
        QCOMPARE(*valueAt(map, {40, 30}), 253.5);  // the far corner belongs to the map
        QVERIFY(!valueAt(map, {40.1, 5}) && !valueAt(map, {-0.1, 5}));
    }
    void aTurnedGridGoesThereAndBack() {
        Heatmap map = mapOf(8, 8, 1, [](double x, double) { return x; });
        map.grid = {{30, 20}, {40, 30}, {-30, 40}};  // turned by 36.9 degrees, 50 px a side
        const PointPx p = map.grid.at(0.25, 0.75);
        const auto share = gridShareAt(map.grid, p);
        QVERIFY(isNear(share->x, 0.25) && isNear(share->y, 0.75));
        QVERIFY(isNear(*valueAt(map, p), 2.0, 1e-6));
        map.grid.down = map.grid.right;
        QVERIFY(!gridShareAt(map.grid, p));
    }
    void theMapOnTheFilmHasTheSameValues() {
        Heatmap map = mapOf(6, 5, 1, [](double x, double y) { return std::sin(x) + y; });
        map.grid = {{12, 9}, {60, 10}, {-9, 54}};
        const cv::Mat film = mapOnFilm(map, {90, 80}, -7);
        int inside = 0;
        for (int y = 0; y < film.rows; y += 7) {
            for (int x = 0; x < film.cols; x += 7) {
                const auto wanted = valueAt(map, {x + 0.5, y + 0.5});
                inside += wanted ? 1 : 0;
                QVERIFY2(isNear(film.at<float>(y, x), wanted.value_or(-7), 0.02), qPrintable(QString("%1 %2").arg(x).arg(y)));
            }
        }
        QVERIFY(inside > 40);
    }
    void scalesAreAbsoluteAndLockTogether() {
        Heatmap a = mapOf(4, 4, 1, [](double x, double) { return x - 3; });  // -2.5 .. 0.5
        Heatmap b = mapOf(4, 4, 1, [](double x, double) { return x; });      // .. 3.5
        QCOMPARE(scaleOf(a, false).low, 0.0);
        QCOMPARE(scaleOf(a, false).high, 0.5);
        QCOMPARE(scaleOf(a, true).high, 2.5);
        QCOMPARE(scaleOf(a, true).low, -2.5);
        QCOMPARE(lockedScale({&a, &b}, false).high, 3.5);
        QCOMPARE(lockedScale({&a, &b}, false).unit, std::string("logits a cell"));
        b.method = ExplainMethod::Cam;
        QVERIFY(lockedScale({&a, &b}, false).unit.empty());
        a.supportLogit = 0.001;  // too little to show in colour
        QVERIFY(scaleOf(a, false).isEmpty() && !scaleOf(a, true).isEmpty());
        QCOMPARE(scaleOf(a, false).shareOf(1), 0.0);
        QCOMPARE(scaleOf(b, false).shareOf(7), 1.0);
        QVERIFY(lockedScale({}, false).isEmpty());
    }
    void legendsHaveRoundNumbers() {
        QCOMPARE(legendTicks({0, 1, ""}), (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
        QCOMPARE(legendTicks({0, 0.9, ""}), (std::vector<double>{0, 0.25, 0.5, 0.75}));
        QCOMPARE(legendTicks({-2, 2, ""}), (std::vector<double>{-2, -1, 0, 1, 2}));
        QVERIFY(legendTicks({0, 0, ""}).empty());
        for (const double high : {3e-7, 0.0123, 7.7, 4321.0}) {
            const auto ticks = legendTicks({0, high, ""});
            QVERIFY(ticks.size() >= 2 && ticks.size() <= 5);
            QVERIFY(ticks.back() <= high * (1 + 1e-9) && ticks.back() > high / 2);
        }
        QCOMPARE(legendText(0.25), std::string("0.25"));
        QCOMPARE(legendText(-0.0), std::string("0"));
    }
    void supportIsWhatMovesAPrintedProbability() {
        Plane plane{2, 2, {1, -1, 0.5F, -3}};
        QCOMPARE(*supportLogitOf(plane, ExplainMethod::IntegratedGradients, 2), 3.0);
        QCOMPARE(*supportLogitOf(plane, ExplainMethod::Cam, 1), 0.375);
        QCOMPARE(*supportLogitOf(plane, ExplainMethod::Occlusion, 1), 1.0);
        QVERIFY(!supportLogitOf(plane, ExplainMethod::Sensitivity, 1));
        Heatmap map = mapOf(4, 4, 1, [](double x, double) { return x - 3; });
        QVERIFY(supportOf(map).hasSupport);
        map.supportLogit = kLeastSupportLogit * 0.99;
        QVERIFY(!supportOf(map).hasSupport && QString::fromStdString(supportOf(map).sentence).contains("too little"));
        map.supportLogit = 0.5;
        map.convergenceDelta = -0.6;
        QVERIFY(!supportOf(map).hasSupport && QString::fromStdString(supportOf(map).sentence).contains("numerical error"));
        Heatmap against = mapOf(4, 4, 1, [](double x, double) { return -x; });
        QVERIFY(!supportOf(against).hasSupport);
        map.method = ExplainMethod::Sensitivity;
        map.supportLogit.reset();
        QVERIFY(supportOf(map).hasSupport && QString::fromStdString(supportOf(map).sentence).contains("cannot tell"));
        QCOMPARE(spokenName("Pleural_Thickening"), std::string("pleural thickening"));
        QCOMPARE(spokenName("AP"), std::string("AP"));
    }
    // Large values of both signs for every class: their positive part alone says nothing.
    void outweighedSupportIsNone() {
        Heatmap map = mapOf(4, 4, 1, [](double x, double) { return x - 3; });
        map.method = ExplainMethod::IntegratedGradients;
        map.supportLogit = supportLogitOf(map.plane, map.method, 2);
        map.netLogit = netLogitOf(map.plane, map.method, 2);
        QVERIFY(isNear(*map.supportLogit, 2 * 4 * 0.5, 1e-6) && isNear(*map.netLogit, 2 * 4 * (-2.5 - 1.5 - 0.5 + 0.5), 1e-6));
        const MapSupport support = supportOf(map);
        QVERIFY(!support.hasSupport);
        QCOMPARE(support.sentence, "In all, nothing speaks for " + spokenName(map.className) +
                                       ": what speaks for it (4.00 logits) is outweighed by what speaks against it (36.00).");
        QVERIFY(scaleOf(map, false).isEmpty() && !scaleOf(map, true).isEmpty());  // both signs can still be looked at
        map.netLogit = kLeastSupportLogit * 1.01;
        QVERIFY(supportOf(map).hasSupport);
        for (const auto method : {ExplainMethod::Cam, ExplainMethod::LrpEpsilon, ExplainMethod::Occlusion, ExplainMethod::InputXGradient}) {
            QVERIFY(!netLogitOf(map.plane, method, 1));  // their sum is not what moved the answer
        }
    }
    void activationMapsAreReadAgainstTheBaseRate() {
        Heatmap map = mapOf(2, 2, 1, [](double x, double y) { return x < 1 && y < 1 ? -1.0 : -3.0; });  // mean -2.5
        map.method = ExplainMethod::Cam;
        map.parameters.clear();
        map.logit = -2;  // the network's constant is 0.5
        map.supportLogit = 0;
        QVERIFY(!supportOf(map).hasSupport);
        const double base = (std::log(0.1 / 0.9) - 0.3) / 2;  // -1.249
        Heatmap compared = map;
        compareWithBaseRate(compared, 0.1, 2, 0.3);
        QVERIFY(isNear(compared.plane.values[0], -0.5 - base, 1e-6) && isNear(compared.plane.values[3], -2.5 - base, 1e-6));
        QVERIFY(isNear(*compared.supportLogit, 2 * (-0.5 - base) / 4, 1e-6));
        QVERIFY(supportOf(compared).hasSupport);
        QCOMPARE(compared.parameters, std::string("against the base rate 10 %"));
        compared = map;
        compareWithBaseRate(compared, {}, 2, 0.3);
        QCOMPARE(compared.plane.values, map.plane.values);
        compared.method = ExplainMethod::IntegratedGradients;
        compareWithBaseRate(compared, 0.1, 2, 0.3);
        QCOMPARE(compared.plane.values, map.plane.values);
    }
    void aCircleIsOneClosedLine() {
        const Heatmap map = mapOf(200, 200, 2, [](double x, double y) { return 80 - std::hypot(x - 100, y - 100); });
        const auto lines = isoLines(map, {30, 60, 500});
        QCOMPARE(lines.size(), std::size_t{2});
        for (const IsoLine& line : lines) {
            QVERIFY(line.isClosed);
            const double radius = 2 * (80 - line.level);
            for (const PointPx& p : line.points) QVERIFY(isNear(std::hypot(p.x - 200, p.y - 200), radius, 0.1));
            const auto count = static_cast<double>(line.points.size());
            QVERIFY(count > 3 * radius / 2 && !(line.points.front() == line.points.back()));
        }
    }
    void aRampIsOneOpenLineAndASaddleTwo() {
        const Heatmap ramp = mapOf(150, 150, 1, [](double x, double) { return x; });
        const auto straight = isoLines(ramp, {40});
        QCOMPARE(straight.size(), std::size_t{1});
        QVERIFY(!straight[0].isClosed);
        QCOMPARE(straight[0].points.size(), std::size_t{150});
        for (const PointPx& p : straight[0].points) QVERIFY(isNear(p.x, 40, 1e-4));
        const Heatmap saddle = mapOf(150, 150, 1, [](double x, double y) { return (x - 75) * (y - 75); });
        const auto two = isoLines(saddle, {100});
        QCOMPARE(two.size(), std::size_t{2});
        QVERIFY(!two[0].isClosed && !two[1].isClosed);
    }
};

QTEST_GUILESS_MAIN(TestMapGeometry)
#include "tst_map_geometry.moc"
