// Gaps of a prior's picture: kept pixels stay, a gap is the mean of its neighbours, nothing comes from dropped pixels.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/prior/gap_filling.h"
#include "core/prior/heartspot.h"

using namespace cxr;

class TestGapFilling : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // Two lines at equal distance from a gap: their mean; on a line itself: the line; far away: 0.
    void onPaper() {
        cv::Mat mask = cv::Mat::zeros(81, 64, CV_8UC1), picture = cv::Mat::zeros(81, 64, CV_32FC1);
        mask.row(30) = 255;
        mask.row(34) = 255;
        picture.row(30) = 0.2F;
        picture.row(34) = 0.8F;
        const cv::Mat filled = fillGaps(mask, picture, 2);
        QVERIFY(std::abs(filled.at<float>(32, 20) - 0.5F) < 1e-5F);
        QCOMPARE(filled.at<float>(30, 20), 0.2F);
        QCOMPARE(filled.at<float>(34, 0), 0.8F);
        QVERIFY(filled.at<float>(31, 20) > 0.2F && filled.at<float>(31, 20) < 0.5F);
        QCOMPARE(filled.at<float>(75, 20), 0.0F);
    }

    void aConstantStaysOne() {
        const HeartSpot spot = applyHeartSpot(priorByName("hline").value(), cv::Mat(320, 320, CV_32FC1, cv::Scalar(0.4)), {}).value();
        const cv::Mat filled = fillGaps(spot.mask, reconstruct(spot.mask, spot.vector).value(), 5);
        double low = 0, high = 0;
        cv::minMaxLoc(filled(cv::Rect(0, 100, 320, 190)), &low, &high);
        QVERIFY(std::abs(low - 0.4) < 1e-5 && std::abs(high - 0.4) < 1e-5);
    }

    void droppedPixelsDoNotCount() {
        cv::Mat mask = cv::Mat::zeros(40, 40, CV_8UC1), picture(40, 40, CV_32FC1);
        cv::randu(picture, 0, 1);
        mask(cv::Rect(0, 10, 40, 2)).setTo(255);
        cv::Mat other = picture.clone();
        other.setTo(7, mask == 0);
        QCOMPARE(cv::norm(fillGaps(mask, picture, 3), fillGaps(mask, other, 3), cv::NORM_INF), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestGapFilling)
#include "tst_gap_filling.moc"
