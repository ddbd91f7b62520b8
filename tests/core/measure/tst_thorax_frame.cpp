// The standard pose: a case solved on paper, the same square when the chest is turned, moved or enlarged, doubtful
// segmentations, and the gray values in the square.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/measure/thorax_frame.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

using Masks = std::array<cv::Mat, kOrganCount>;

Masks emptyMasks(int width, int height) {
    Masks masks;
    for (cv::Mat& mask : masks) mask = cv::Mat(height, width, CV_8UC1, cv::Scalar(0));
    return masks;
}

cv::Mat& of(Masks& masks, Organ organ) { return masks[static_cast<std::size_t>(organ)]; }

// Two upright ellipses and a disc between them; the patient's left is right on screen.
Masks plainChest(int side) {
    Masks masks = emptyMasks(side, side);
    cv::ellipse(of(masks, Organ::RightLung), {200, 256}, {60, 130}, 0, 0, 360, cv::Scalar(255), cv::FILLED);
    cv::ellipse(of(masks, Organ::LeftLung), {360, 256}, {60, 130}, 0, 0, 360, cv::Scalar(255), cv::FILLED);
    cv::circle(of(masks, Organ::Heart), {285, 300}, 40, cv::Scalar(255), cv::FILLED);
    return masks;
}

Masks phantomMasks(double ratio = 0.5) {
    PhantomSpec spec;
    spec.width = spec.height = 1024;
    spec.cardiothoracicRatio = ratio;
    const Phantom phantom = makePhantom(spec);
    return {phantom.heart, phantom.leftLung, phantom.rightLung};
}

struct Pose {
    double angleDeg = 0, scale = 1, dx = 0, dy = 0;
};

// The chest turned clockwise round the film's centre, enlarged and moved.
Masks posed(const Masks& masks, const Pose& pose) {
    const double middle = masks[0].cols / 2.0;
    const double a = pose.angleDeg * CV_PI / 180, c = pose.scale * std::cos(a), s = pose.scale * std::sin(a);
    const cv::Matx23d there(c, -s, middle - c * middle + s * middle + pose.dx, s, c, middle - s * middle - c * middle + pose.dy);
    Masks result;
    for (std::size_t i = 0; i < masks.size(); ++i) cv::warpAffine(masks[i], result[i], there, masks[i].size(), cv::INTER_LINEAR);
    for (cv::Mat& mask : result) mask = mask > 127;
    return result;
}

PointPx posedPoint(const PointPx& p, double middle, const Pose& pose) {
    const double a = pose.angleDeg * CV_PI / 180, x = p.x - middle, y = p.y - middle;
    return {middle + pose.scale * (std::cos(a) * x - std::sin(a) * y) + pose.dx,
            middle + pose.scale * (std::sin(a) * x + std::cos(a) * y) + pose.dy};
}

ThoraxFrame frameOf(const Masks& masks) { return thoraxFrame(test::segmentationOf(masks), masks[0].cols, masks[0].rows); }

}  // namespace

class TestThoraxFrame : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // Bounds 140..420 x 126..386: 280 and 260; side = 280 x 1.16 = 324.8 round (280, 256).
    void plainChestAsOnPaper() {
        const ThoraxFrame frame = frameOf(plainChest(512));
        QVERIFY(frame.isTrusted);
        QVERIFY2(std::abs(frame.sidePx - 324.8) < 3, qPrintable(QString::number(frame.sidePx)));
        QVERIFY(std::abs(frame.centre.x - 280) < 1.5 && std::abs(frame.centre.y - 256) < 1.5);
        QVERIFY2(std::abs(frame.angleDeg) < 0.3, qPrintable(QString::number(frame.angleDeg)));
    }

    void theSquareGoesWithTheChest_data() {
        QTest::addColumn<double>("angle");
        QTest::addColumn<double>("scale");
        QTest::addColumn<double>("dx");
        QTest::addColumn<double>("dy");
        QTest::newRow("turned clockwise") << 8.0 << 0.8 << 0.0 << 0.0;
        QTest::newRow("turned back") << -9.0 << 0.8 << 0.0 << 0.0;
        QTest::newRow("small") << 0.0 << 0.6 << 0.0 << 0.0;
        QTest::newRow("moved") << 0.0 << 0.7 << 90.0 << -60.0;
        QTest::newRow("all") << 6.0 << 0.65 << -70.0 << 50.0;
    }
    void theSquareGoesWithTheChest() {
        QFETCH(double, angle);
        QFETCH(double, scale);
        QFETCH(double, dx);
        QFETCH(double, dy);
        const Pose pose{angle, scale, dx, dy};
        const Masks chest = phantomMasks();
        const ThoraxFrame straight = frameOf(chest), turned = frameOf(posed(chest, pose));
        QVERIFY(straight.isTrusted && turned.isTrusted);
        const double expectedSide = straight.sidePx * scale;
        QVERIFY2(std::abs(turned.sidePx / expectedSide - 1) < 0.02, qPrintable(QString::number(turned.sidePx / expectedSide)));
        QVERIFY2(std::abs(turned.angleDeg - straight.angleDeg - angle) < 0.7, qPrintable(QString::number(turned.angleDeg)));
        const PointPx centre = posedPoint(straight.centre, 512, pose);
        QVERIFY(std::hypot(turned.centre.x - centre.x, turned.centre.y - centre.y) < 0.02 * expectedSide);
    }

    void aTurnBeyondTheLimitIsLeftAlone() {
        const ThoraxFrame frame = frameOf(posed(plainChest(512), {25, 0.8, 0, 0}));
        QVERIFY(frame.isTrusted);
        QCOMPARE(frame.angleDeg, 0.0);
    }

    void letterboxDoesNotMatter() {
        Masks wide;
        const Masks chest = plainChest(512);
        for (std::size_t i = 0; i < chest.size(); ++i) cv::copyMakeBorder(chest[i], wide[i], 0, 0, 100, 60, cv::BORDER_CONSTANT, cv::Scalar(0));
        const ThoraxFrame frame = frameOf(wide);
        QVERIFY(std::abs(frame.centre.x - 380) < 2 && std::abs(frame.centre.y - 256) < 2);
        QVERIFY(std::abs(frame.sidePx - 324.8) < 4);
    }

    void withoutLungsTheCentreOfTheFilm() {
        Masks none = plainChest(512);
        of(none, Organ::LeftLung).setTo(0);
        Masks crumb = none, swapped = plainChest(512);
        cv::circle(of(crumb, Organ::LeftLung), {360, 256}, 12, cv::Scalar(255), cv::FILLED);
        std::swap(of(swapped, Organ::LeftLung), of(swapped, Organ::RightLung));
        for (const Masks& masks : {none, crumb, swapped, emptyMasks(700, 512)}) {
            const ThoraxFrame frame = frameOf(masks);
            QVERIFY(!frame.isTrusted);
            QCOMPARE(frame, centredSquare(masks[0].cols, masks[0].rows));
        }
        QCOMPARE(centredSquare(700, 512).sidePx, 512.0);
        QCOMPARE(centredSquare(700, 512).centre, (PointPx{350, 256}));
        QCOMPARE(letterboxSquare(700, 512).sidePx, 700.0);
    }

    void wholeFilmOfItsOwnSizeIsTheFilm() {
        cv::Mat film(64, 64, CV_32FC1);
        cv::randu(film, 0, 1);
        const cv::Mat same = warpToFrame(film, centredSquare(64, 64), 64);
        QVERIFY(cv::norm(same, film, cv::NORM_INF) < 1e-6);
    }

    // Cells of 4 x 4 pixels are their means; stripes of one pixel vanish instead of flickering.
    void largeFilmsAreAveraged() {
        cv::Mat film(256, 256, CV_32FC1);
        for (int x = 0; x < film.cols; ++x) film.col(x).setTo(x % 2);
        const cv::Mat small = warpToFrame(film, centredSquare(256, 256), 64);
        QCOMPARE(small.rows, 64);
        const cv::Mat inner = small(cv::Rect(1, 1, 62, 62));
        QVERIFY2(cv::norm(inner, cv::Mat(inner.size(), CV_32FC1, cv::Scalar(0.5)), cv::NORM_INF) < 0.02, "stripes");
        cv::Mat ramp(256, 256, CV_32FC1);
        for (int x = 0; x < ramp.cols; ++x) ramp.col(x).setTo(x / 255.0);
        QVERIFY(std::abs(warpToFrame(ramp, centredSquare(256, 256), 64).at<float>(30, 20) - (80 + 1.5) / 255) < 1e-3);
    }

    void turnedSquaresShowTheTurnedFilm() {
        cv::Mat film(200, 200, CV_32FC1, cv::Scalar(0));
        film(cv::Rect(100, 20, 4, 4)).setTo(1);  // above the middle
        const cv::Mat quarter = warpToFrame(film, {{100, 100}, 200, 90, true}, 200);  // upper edge runs downwards
        cv::Point brightest;
        cv::minMaxLoc(quarter, nullptr, nullptr, nullptr, &brightest);
        QVERIFY(std::abs(brightest.x - 22) < 3 && std::abs(brightest.y - 98) < 4);
    }

    void outsideTheFilmIsBlack() {
        const cv::Mat film(100, 100, CV_32FC1, cv::Scalar(1));
        const cv::Mat box = warpToFrame(film, {{50, 50}, 200, 0, true}, 50);
        QCOMPARE(box.at<float>(5, 25), 0.0F);
        QCOMPARE(box.at<float>(25, 25), 1.0F);
        QVERIFY(std::abs(cv::mean(box)[0] - 0.25) < 0.01);
    }
};

QTEST_GUILESS_MAIN(TestThoraxFrame)
#include "tst_thorax_frame.moc"
