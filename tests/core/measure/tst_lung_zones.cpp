// Lung zones: thirds solved on paper, boxes in, over and beside the lungs, the phantom's anatomy, mirror symmetry.
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/measure/lung_zones.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

constexpr std::size_t at(Organ organ) { return static_cast<std::size_t>(organ); }

// Two upright rectangles of 60 x 90 cells, two film pixels a cell; the patient's right lung is left on screen.
OrganMasks rectangles() {
    OrganMasks masks;
    for (cv::Mat& mask : masks.mask) mask = cv::Mat::zeros(200, 200, CV_8UC1);
    masks.mask[at(Organ::RightLung)](cv::Rect(20, 40, 60, 90)) = 255;
    masks.mask[at(Organ::LeftLung)](cv::Rect(120, 40, 60, 90)) = 255;
    masks.originPx = {-10, -20};
    masks.cellPx = 2;
    return masks;
}

// The same box in film pixels.
cv::Rect2d cellBox(double x, double y, double width, double height) { return {2 * x - 10, 2 * y - 20, 2 * width, 2 * height}; }

QString wordsOf(const BoxZones& zones) {
    QStringList words;
    for (int z = 0; z < kLungZoneCount; ++z) {
        if (zones.covers[static_cast<std::size_t>(z)]) words << toString(static_cast<LungZone>(z));
    }
    return words.join(' ');
}

}  // namespace

class TestLungZones : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void lungsAreCutIntoThirds() {
        const LungZones zones = lungZones(rectangles());
        QVERIFY(zones.isUsable());
        for (int z = 0; z < kLungZoneCount; ++z) QCOMPARE(cv::countNonZero(zones.cells == 1 + z), 60 * 30);
        QCOMPARE(int{zones.cells.at<std::uint8_t>(40, 120)}, 1 + static_cast<int>(LungZone::LeftUpper));
        QCOMPARE(int{zones.cells.at<std::uint8_t>(69, 120)}, 1 + static_cast<int>(LungZone::LeftUpper));
        QCOMPARE(int{zones.cells.at<std::uint8_t>(70, 20)}, 1 + static_cast<int>(LungZone::RightMiddle));
        QCOMPARE(int{zones.cells.at<std::uint8_t>(129, 79)}, 1 + static_cast<int>(LungZone::RightLower));
        QCOMPARE(int{zones.cells.at<std::uint8_t>(130, 79)}, 0);
    }

    void boxesLieInZones_data() {
        QTest::addColumn<double>("x");
        QTest::addColumn<double>("y");
        QTest::addColumn<double>("width");
        QTest::addColumn<double>("height");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("place");
        const int inside = static_cast<int>(BoxPlace::Inside), near = static_cast<int>(BoxPlace::Nearest);
        QTest::newRow("one zone") << 25.0 << 75.0 << 10.0 << 10.0 << "right_middle" << inside;
        QTest::newRow("three to one") << 25.0 << 60.0 << 10.0 << 13.4 << "right_upper" << inside;  // 10 rows and 3: 0.23
        QTest::newRow("two to one") << 25.0 << 60.0 << 10.0 << 15.0 << "right_upper right_middle" << inside;  // 0.33
        QTest::newRow("a whole lung") << 115.0 << 35.0 << 70.0 << 100.0 << "left_upper left_middle left_lower" << inside;
        QTest::newRow("both lungs") << 0.0 << 0.0 << 200.0 << 200.0
                                    << "left_upper left_middle left_lower right_upper right_middle right_lower" << inside;
        QTest::newRow("beyond the film") << -50.0 << 100.0 << 90.0 << 60.0 << "right_lower" << inside;
        QTest::newRow("below the base") << 150.0 << 132.0 << 10.0 << 10.0 << "left_lower" << near;
        QTest::newRow("smaller than a cell") << 30.2 << 50.2 << 0.1 << 0.1 << "right_upper" << inside;
        QTest::newRow("far away") << 150.0 << 180.0 << 10.0 << 10.0 << "" << static_cast<int>(BoxPlace::Nowhere);
    }
    void boxesLieInZones() {
        QFETCH(double, x);
        QFETCH(double, y);
        QFETCH(double, width);
        QFETCH(double, height);
        const BoxZones zones = zonesOfBox(lungZones(rectangles()), cellBox(x, y, width, height));
        QTEST(wordsOf(zones), "words");
        QTEST(static_cast<int>(zones.place), "place");
    }

    void insideShareIsOfTheBox() {
        const BoxZones zones = zonesOfBox(lungZones(rectangles()), cellBox(60, 50, 40, 10));  // half of it in the lung
        QCOMPARE(zones.insideShare, 0.5);
    }

    void aMirroredFilmSwapsTheSides() {
        OrganMasks mirrored = rectangles();
        std::swap(mirrored.mask[at(Organ::LeftLung)], mirrored.mask[at(Organ::RightLung)]);
        QCOMPARE(wordsOf(zonesOfBox(lungZones(mirrored), cellBox(25, 75, 10, 10))), QString("left_middle"));
    }

    void withoutALungThereAreNoZones() {
        OrganMasks masks = rectangles();
        masks.mask[at(Organ::LeftLung)] = 0;
        QVERIFY(!lungZones(masks).isUsable());
        QVERIFY(!lungZones(OrganMasks{}).isUsable());
    }

    void phantomsLungsHaveAllZones() {
        PhantomSpec spec;
        spec.width = spec.height = 512;
        const Phantom phantom = makePhantom(spec);
        const OrganMasks masks = organMasks(test::segmentationOf(phantom));
        const LungZones zones = lungZones(masks);
        QVERIFY(zones.isUsable());
        const int cells = cv::countNonZero(zones.cells);
        for (int z = 0; z < kLungZoneCount; ++z) QVERIFY(cv::countNonZero(zones.cells == 1 + z) > cells / 20);
        const cv::Rect left = cv::boundingRect(phantom.leftLung);  // film pixels
        const cv::Rect2d base{left.x + left.width * 0.4, left.y + left.height * 0.8, left.width * 0.3, left.height * 0.1};
        QCOMPARE(wordsOf(zonesOfBox(zones, base)), QString("left_lower"));
    }
};

QTEST_GUILESS_MAIN(TestLungZones)
#include "tst_lung_zones.moc"
