// Boxes from maps: where the threshold cuts on paper, turned grids, merging, smallest size, no support.
#include <QTest>
#include <cmath>

#include "core/localize/boxes.h"
#include "tests/core/localize/sample_map.h"

using namespace cxr;
using test::mapOf;

namespace {

bool isNear(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

double hill(double x, double y, double atX, double atY, double radius) {
    return std::max(0.0, 1 - std::hypot(x - atX, y - atY) / radius);
}

}  // namespace

class TestBoxes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aConeIsCutAtItsThreshold() {
        // The cone falls from 1 to 0 over 100 cells: 0.7 lies 30 cells from its middle.
        const Heatmap map = mapOf(300, 300, 2, [](double x, double y) { return 4 * hill(x, y, 120, 160, 100); });
        const MapBoxes found = boxesOf(map, {600, 600});
        QCOMPARE(found.boxes.size(), std::size_t{1});
        const FindingBox& one = found.boxes[0];
        QVERIFY(isNear(one.box.left, 180, 3) && isNear(one.box.top, 260, 3) && isNear(one.box.width, 120, 5) && isNear(one.box.height, 120, 5));
        QCOMPARE(one.className, std::string("Cardiomegaly"));
        QCOMPARE(one.score, 0.63);
        QCOMPARE(one.method, std::string("Integrated gradients, 50 steps"));
        QVERIFY(isNear(one.peak, 4, 0.05));
        BoxOptions lower;
        lower.threshold = 0.4;
        QVERIFY(isNear(boxesOf(map, {600, 600}, lower).boxes[0].box.width, 240, 5));
    }
    void coarseMapsGiveBoxesNotCells() {
        Heatmap map = mapOf(3, 3, 100, [](double x, double y) { return x == 1.5 && y == 1.5 ? 1.0 : 0.0; });
        const MapBoxes found = boxesOf(map, {300, 300});
        QCOMPARE(found.boxes.size(), std::size_t{1});
        // Bilinear: along its axes the value falls by 1 over 100 px, so 0.7 is 30 px from the middle.
        QVERIFY2(isNear(found.boxes[0].box.width, 60, 4), qPrintable(QString::number(found.boxes[0].box.width)));
        QVERIFY(isNear(found.boxes[0].box.left, 120, 3));
    }
    void aTurnedGridGivesUprightBoxesOnTheFilm() {
        Heatmap map = mapOf(300, 300, 1, [](double x, double y) { return hill(x, y, 150, 150, 50); });
        map.grid = {{300, 0}, {300, 300}, {-300, 300}};  // turned by 45 degrees, side 424 px
        const MapBoxes found = boxesOf(map, {700, 700});
        QCOMPARE(found.boxes.size(), std::size_t{1});
        const RectPx box = found.boxes[0].box;
        QVERIFY(isNear(box.left + box.width / 2, 300, 2) && isNear(box.top + box.height / 2, 300, 2));
        QVERIFY2(isNear(box.width, 2 * 15 * 424.0 / 300, 5), qPrintable(QString::number(box.width)));
    }
    void nearBoxesBecomeOneAndSmallOnesGo() {
        const auto two = [](double gap) {
            return mapOf(300, 300, 1, [gap](double x, double y) { return hill(x, y, 100, 150, 50) + 0.9 * hill(x, y, 130 + gap, 150, 50); });
        };
        BoxOptions options;
        options.mergeGap = 0.05;  // 15 px
        QCOMPARE(boxesOf(two(80), {300, 300}, options).boxes.size(), std::size_t{2});
        const MapBoxes merged = boxesOf(two(10), {300, 300}, options);
        QCOMPARE(merged.boxes.size(), std::size_t{1});
        options.mergeGap = -1;
        QCOMPARE(boxesOf(two(40), {300, 300}, options).boxes.size(), std::size_t{2});
        const MapBoxes both = boxesOf(two(80), {300, 300}, options);
        QVERIFY(both.boxes[0].peak > both.boxes[1].peak);  // by falling peak
        options.leastSide = 0.2;
        QVERIFY(boxesOf(two(80), {300, 300}, options).boxes.empty());
        QVERIFY(QString::fromStdString(boxesOf(two(80), {300, 300}, options).sentence).contains("too small"));
    }
    void boxesEndAtTheFilm() {
        const Heatmap map = mapOf(300, 300, 1, [](double x, double y) { return hill(x, y, 0, 290, 100); });
        const MapBoxes found = boxesOf(map, {250, 280});
        QCOMPARE(found.boxes.size(), std::size_t{1});
        QCOMPARE(found.boxes[0].box.left, 0.0);
        QCOMPARE(found.boxes[0].box.bottom(), 280.0);
    }
    void withoutSupportThereIsNoBox() {
        const Heatmap against = mapOf(20, 20, 1, [](double x, double) { return -x; });
        const MapBoxes none = boxesOf(against, {20, 20});
        QVERIFY(none.boxes.empty() && !none.hasSupport);
        QVERIFY(QString::fromStdString(none.sentence).contains("Nothing in this map speaks for cardiomegaly"));
        Heatmap faint = mapOf(20, 20, 1, [](double x, double) { return x; });
        faint.supportLogit = 0.01;
        QVERIFY(!boxesOf(faint, {20, 20}).hasSupport);
    }
    void sizesInMillimetresOrPixels() {
        const RectPx box{0, 0, 100, 60};
        QCOMPARE(sizeText(box, {}), std::string("100 x 60 px"));
        QCOMPARE(sizeText(box, {0.5, 0.2, SpacingSource::PixelSpacing}), std::string("20 x 30 mm"));
        QCOMPARE(sizeText(box, {0.5, 0.2, SpacingSource::ImagerPixelSpacing}), std::string("20 x 30 mm (at the detector)"));
    }
};

QTEST_GUILESS_MAIN(TestBoxes)
#include "tst_boxes.moc"
