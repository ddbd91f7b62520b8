// Polygons: squares and circles on paper, round trip mask -> outline -> mask, degenerate input.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/image/polygon.h"

using namespace cxr;

namespace {

Polygon circle(double cx, double cy, double r, int n = 360) {
    Polygon polygon;
    for (int i = 0; i < n; ++i)
        polygon.push_back({cx + r * std::cos(2 * M_PI * i / n), cy + r * std::sin(2 * M_PI * i / n)});
    return polygon;
}

}  // namespace

class TestPolygon : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void rectangleOnPaper() {
        const Polygon box{{2, 1}, {8, 1}, {8, 4}, {2, 4}};
        QCOMPARE(areaOf(box), 18.0);
        QCOMPARE(perimeterOf(box), 18.0);
        QCOMPARE(centroidOf(box).x, 5.0);
        QCOMPARE(centroidOf(box).y, 2.5);
        QCOMPARE(boundsOf(box).width(), 6.0);
        QCOMPARE(cv::countNonZero(fillPolygon(box, {10, 10})), 18);
        const auto span = rowSpan(box, 2.5);
        QVERIFY(span);
        QCOMPARE(span->left, 2.0);
        QCOMPARE(span->right, 8.0);
        QVERIFY(!rowSpan(box, 7));
    }
    void fillsByPixelCentres() {
        QCOMPARE(cv::countNonZero(fillPolygon({{2.4, 2.4}, {4.6, 2.4}, {4.6, 4.6}, {2.4, 4.6}}, {9, 9})), 9);
        QCOMPARE(cv::countNonZero(fillPolygon({{2.6, 2.6}, {4.4, 2.6}, {4.4, 4.4}, {2.6, 4.4}}, {9, 9})), 1);
    }
    void polygonBeyondThePictureIsCut() {
        const cv::Mat mask = fillPolygon({{-1e9, -1e9}, {1e9, -1e9}, {1e9, 1e9}, {-1e9, 1e9}}, {7, 5});
        QCOMPARE(cv::countNonZero(mask), 35);
    }
    void traceAndFillGiveTheMaskBack() {
        cv::Mat mask = cv::Mat::zeros(60, 80, CV_8UC1);
        cv::ellipse(mask, {40, 30}, {25, 13}, 30, 0, 360, cv::Scalar(255), cv::FILLED);
        mask(cv::Rect(0, 20, 30, 6)).setTo(255);
        const Polygon border = traceMask(mask);
        QCOMPARE(areaOf(border), static_cast<double>(cv::countNonZero(mask)));
        QCOMPARE(cv::countNonZero(fillPolygon(border, mask.size()) != mask), 0);
    }
    void traceOfOnePixelAndOfNothing() {
        cv::Mat mask = cv::Mat::zeros(3, 3, CV_8UC1);
        QVERIFY(traceMask(mask).empty());
        mask.at<std::uint8_t>(2, 2) = 1;
        QCOMPARE(areaOf(traceMask(mask)), 1.0);
    }
    void traceFollowsOnePartOfADiagonalPair() {
        cv::Mat mask = cv::Mat::zeros(4, 4, CV_8UC1);
        mask.at<std::uint8_t>(1, 1) = mask.at<std::uint8_t>(2, 2) = 1;
        QCOMPARE(areaOf(traceMask(mask)), 1.0);
    }
    void resamplingKeepsShapeAndSpacing() {
        const Polygon even = resampled(circle(50, 40, 30), 60);
        QCOMPARE(even.size(), std::size_t{60});
        const double step = 2 * M_PI * 30 / 60;
        for (std::size_t i = 0; i < even.size(); ++i) {
            const PointPx &a = even[i], &b = even[(i + 1) % even.size()];
            QVERIFY(std::abs(std::hypot(b.x - a.x, b.y - a.y) - step) < 0.02);
            QVERIFY(std::abs(std::hypot(a.x - 50, a.y - 40) - 30) < 0.01);
        }
    }
    void smoothingShrinksACircleAsComputed() {
        const Polygon soft = smoothed(circle(0, 0, 40, 2000), 5);
        for (const PointPx& p : soft) QVERIFY(std::abs(std::hypot(p.x, p.y) - (40 - 25.0 / 80)) < 0.02);
    }
    void splinePassesThroughItsPoints() {
        const Polygon points{{0, 0}, {10, 2}, {12, 9}, {3, 8}}, curve = closedSpline(points, 8);
        for (std::size_t i = 0; i < points.size(); ++i) QCOMPARE(curve[i * 8], points[i]);
        const Polygon open = openSpline(points, 8);
        QCOMPARE(open.front(), points.front());
        QCOMPARE(open.back(), points.back());
    }
    void tooFewPoints() {
        QCOMPARE(cv::countNonZero(fillPolygon({{1, 1}, {5, 5}}, {8, 8})), 0);
        QCOMPARE(areaOf({{1, 1}, {5, 5}}), 0.0);
        QCOMPARE(centroidOf({{1, 1}, {5, 5}}).x, 3.0);
    }
};

QTEST_GUILESS_MAIN(TestPolygon)
#include "tst_polygon.moc"
