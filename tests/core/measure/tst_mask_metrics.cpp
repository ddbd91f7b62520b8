// Dice, IoU, HD95: squares on paper, symmetry and scaling, brute force as the second opinion, empty masks.
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/measure/bootstrap.h"
#include "core/measure/mask_metrics.h"

using namespace cxr;

namespace {

cv::Mat square(int x, int y, int side, cv::Size size = {64, 48}) {
    cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
    mask(cv::Rect(x, y, side, side)).setTo(255);
    return mask;
}

cv::Mat blobs(std::uint64_t seed) {
    cv::RNG random(seed);
    cv::Mat mask = cv::Mat::zeros(37, 53, CV_8UC1);
    for (int i = 0; i < 4; ++i) {
        cv::circle(mask, {random.uniform(0, 53), random.uniform(0, 37)}, random.uniform(2, 11), 1, cv::FILLED);
    }
    return mask;
}

bool isBoundary(const cv::Mat& mask, int y, int x) {
    const auto outside = [&](int r, int c) {
        return r < 0 || c < 0 || r >= mask.rows || c >= mask.cols || mask.at<std::uint8_t>(r, c) == 0;
    };
    return !outside(y, x) && (outside(y - 1, x) || outside(y + 1, x) || outside(y, x - 1) || outside(y, x + 1));
}

std::vector<cv::Point> boundaryPoints(const cv::Mat& mask) {
    std::vector<cv::Point> points;
    for (int y = 0; y < mask.rows; ++y)
        for (int x = 0; x < mask.cols; ++x)
            if (isBoundary(mask, y, x)) points.emplace_back(x, y);
    return points;
}

double bruteDirected(const std::vector<cv::Point>& from, const std::vector<cv::Point>& to, PixelSize pixel) {
    std::vector<double> distances;
    for (const auto& p : from) {
        double best = 1e300;
        for (const auto& q : to) best = std::min(best, std::hypot((p.x - q.x) * pixel.x, (p.y - q.y) * pixel.y));
        distances.push_back(best);
    }
    return quantileOf(distances, 0.95);
}

}  // namespace

class TestMaskMetrics : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void halfOverlappingSquares() {
        const cv::Mat a = square(10, 10, 10), b = square(15, 10, 10);  // 100 px each, 50 shared
        QCOMPARE(diceOf(a, b), 0.5);
        QCOMPARE(iouOf(a, b), 50.0 / 150.0);
        QCOMPARE(hausdorff95(a, b), 5.0);
        const MaskAgreement all = compareMasks(a, b);
        QCOMPARE(all.dice, 0.5);
        QCOMPARE(all.hausdorff95, 5.0);
    }
    void equalMasksAgreeFully() {
        const cv::Mat a = square(3, 4, 20);
        QCOMPARE(diceOf(a, a), 1.0);
        QCOMPARE(iouOf(a, a), 1.0);
        QCOMPARE(hausdorff95(a, a), 0.0);
    }
    void anyNonZeroValueIsInside() {
        cv::Mat ones = square(3, 4, 20) / 255;
        QCOMPARE(diceOf(ones, square(3, 4, 20)), 1.0);
        QCOMPARE(hausdorff95(ones, square(3, 4, 20)), 0.0);
    }
    void emptyMasksHaveDefinedValues() {
        const cv::Mat none = cv::Mat::zeros(48, 64, CV_8UC1), some = square(3, 4, 5);
        QCOMPARE(diceOf(none, none), 1.0);
        QCOMPARE(iouOf(none, none), 1.0);
        QCOMPARE(hausdorff95(none, none), 0.0);
        QCOMPARE(diceOf(none, some), 0.0);
        QCOMPARE(iouOf(some, none), 0.0);
        QCOMPARE(hausdorff95(none, some), 80.0);  // hypot(64, 48)
        QCOMPARE(hausdorff95(some, none, {0.5, 0.5}), 40.0);
    }
    void oneOutlierInAHundredIsForgiven() {
        cv::Mat a = square(5, 5, 30), b = a.clone();
        b.at<std::uint8_t>(47, 63) = 255;
        QVERIFY(hausdorff95(a, b) < 1);
        QVERIFY(diceOf(a, b) < 1);
    }
    void symmetricAndScalesWithThePixel() {
        const cv::Mat a = blobs(1), b = blobs(2);
        QCOMPARE(hausdorff95(a, b), hausdorff95(b, a));
        QCOMPARE(diceOf(a, b), diceOf(b, a));
        QVERIFY(std::abs(hausdorff95(a, b, {0.35, 0.35}) - 0.35 * hausdorff95(a, b)) < 1e-9);
        const double dice = diceOf(a, b);
        QVERIFY(std::abs(iouOf(a, b) - dice / (2 - dice)) < 1e-12);
    }
    void agreesWithBruteForce() {
        for (std::uint64_t seed = 1; seed < 12; ++seed) {
            const cv::Mat a = blobs(seed), b = blobs(seed + 100);
            for (const PixelSize pixel : {PixelSize{1, 1}, PixelSize{0.2, 0.7}}) {
                const auto edgeA = boundaryPoints(a), edgeB = boundaryPoints(b);
                const double expected =
                    std::max(bruteDirected(edgeA, edgeB, pixel), bruteDirected(edgeB, edgeA, pixel));
                QVERIFY(std::abs(hausdorff95(a, b, pixel) - expected) < 1e-9);
            }
        }
    }
    void singlePixelAndFullMask() {
        cv::Mat dot = cv::Mat::zeros(9, 9, CV_8UC1), full(9, 9, CV_8UC1, cv::Scalar(255));
        dot.at<std::uint8_t>(4, 4) = 255;
        QCOMPARE(diceOf(dot, full), 2.0 / 82.0);
        QVERIFY(hausdorff95(dot, full) > 5 && hausdorff95(dot, full) < 5.66);  // corners of the frame are sqrt(32) away
    }
};

QTEST_GUILESS_MAIN(TestMaskMetrics)
#include "tst_mask_metrics.moc"
