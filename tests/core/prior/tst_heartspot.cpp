// HeartSpot end to end: kept pixels of the paper's Table II, round trips, statistics, refusals.
#include <QTest>
#include <opencv2/core.hpp>

#include "core/prior/heartspot.h"
#include "core/prior/vector_bytes.h"

using namespace cxr;

namespace {

// A gray disc in the middle: a region of known size for the priors with a heart.
cv::Mat discRegion() {
    cv::Mat region(150, 160, CV_8UC1, cv::Scalar(0));
    for (int y = 0; y < region.rows; ++y) {
        for (int x = 0; x < region.cols; ++x) {
            if ((x - 80) * (x - 80) + (y - 75) * (y - 75) < 50 * 50) region.at<std::uint8_t>(y, x) = 200;
        }
    }
    return region;
}

cv::Mat ramp(cv::Size size, int type, double factor) {
    cv::Mat film(size, type);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const double value = (x * 3 + y * 5) % 251 * factor;
            if (type == CV_8UC1) film.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(value);
            if (type == CV_16UC1) film.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(value);
            if (type == CV_32FC1) film.at<float>(y, x) = static_cast<float>(value);
        }
    }
    return film;
}

}  // namespace

class TestHeartSpot : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void keptPixelsOfThePaper() {
        QCOMPARE(cv::countNonZero(priorMask(priorByName("hline").value()).value()), 6400);
        QCOMPARE(cv::countNonZero(priorMask(priorByName("rline").value()).value()), 28246);
        QCOMPARE(cv::countNonZero(priorMask(priorByName("rhline").value()).value()), 32797);
        const cv::Mat pooled = priorMask(priorByName("mp+hline").value()).value();
        QCOMPARE(pooled.size(), cv::Size(160, 160));
        QCOMPARE(cv::countNonZero(pooled), 3200);
    }

    void rowsScaleWithTheSize() {
        PriorSpec spec = priorByName("hline").value();
        spec.size = 64;  // rows 20, 22, ... 58
        const cv::Mat mask = priorMask(spec).value();
        for (int row = 0; row < 64; ++row) {
            const bool kept = row >= 20 && row < 60 && row % 2 == 0;
            QCOMPARE(cv::countNonZero(mask.row(row)), kept ? 64 : 0);
        }
        spec.size = 16;  // a step below one row becomes one row
        QCOMPARE(cv::countNonZero(priorMask(spec).value()), 10 * 16);
    }

    void unionAndIntersection() {
        const cv::Mat region = discRegion();
        const auto mask = [&](const char* name) { return priorMask(priorByName(name).value(), region).value(); };
        const cv::Mat lines = mask("hline") | mask("rline");
        QCOMPARE(cv::countNonZero(lines != mask("rhline")), 0);
        QCOMPARE(cv::countNonZero((lines & mask("heart")) != mask("rhline+heart")), 0);
    }

    void heartRegionIsResizedToTheNearest() {
        cv::Mat region(2, 2, CV_8UC1, cv::Scalar(99));
        region.at<std::uint8_t>(0, 1) = 100;
        const cv::Mat mask = priorMask(priorByName("heart").value(), region).value();
        QCOMPARE(cv::countNonZero(mask), 160 * 160);
        QCOMPARE(int{mask.at<std::uint8_t>(159, 160)}, 1);
        QCOMPARE(int{mask.at<std::uint8_t>(160, 160)}, 0);
        QCOMPARE(int{mask.at<std::uint8_t>(159, 159)}, 0);
    }

    void refusals() {
        QCOMPARE(priorMask(priorByName("heart").value()).error().code, ErrorCode::InvalidArgument);
        const cv::Mat dark(10, 10, CV_8UC1, cv::Scalar(99));
        QVERIFY(priorMask(priorByName("heart").value(), dark).error().message.find("nothing would be kept") != std::string::npos);
        QVERIFY(!priorMask(PriorSpec{}).isOk());
        PriorSpec tooLarge = priorByName("mp+hline").value();
        tooLarge.size = 16;
        tooLarge.pool->kernel = 17;
        QVERIFY(!priorMask(tooLarge).isOk());
        QVERIFY(!applyHeartSpot(priorByName("hline").value(), cv::Mat()).isOk());
        QVERIFY(!applyHeartSpot(priorByName("hline").value(), cv::Mat(9, 9, CV_8UC3)).isOk());
        QVERIFY(!reconstruct(cv::Mat(4, 4, CV_8UC1, cv::Scalar(1)), std::vector<float>(15)).isOk());
    }

    void cropIsCentredAndKeepsTheDepth() {
        for (const int type : {CV_8UC1, CV_16UC1, CV_32FC1}) {
            const cv::Mat film = ramp({400, 320}, type, 1);
            const cv::Mat crop = centreCrop(film, 320);
            QCOMPARE(crop.type(), type);
            QCOMPARE(cv::countNonZero(crop != film.colRange(40, 360)), 0);
        }
        // Shrinking averages areas: 2 x 2 blocks of 0, 0, 100, 100.
        cv::Mat film(32, 32, CV_8UC1, cv::Scalar(0));
        for (int row = 1; row < 32; row += 2) film.row(row).setTo(100);
        QCOMPARE(cv::countNonZero(centreCrop(film, 16) != 50), 0);
    }

    void vectorGoesBackToItsPlaces() {
        const cv::Mat film = ramp({320, 320}, CV_16UC1, 200);
        const auto spot = applyHeartSpot(priorByName("rhline+heart").value(), film, discRegion());
        QVERIFY(spot.isOk());
        const cv::Mat picture = reconstruct(spot.value().mask, spot.value().vector, -1).value();
        cv::Mat expected;
        film.convertTo(expected, CV_32F);
        expected.setTo(-1, spot.value().mask == 0);
        QCOMPARE(cv::countNonZero(picture != expected), 0);
        const std::string bytes = vectorBytes(spot.value().vector, 16);
        QCOMPARE(vectorFromBytes(bytes, 16).value(), spot.value().vector);
        QVERIFY(!vectorFromBytes(bytes.substr(1), 16).isOk());
        QVERIFY(!vectorFromBytes(bytes, 12).isOk());
    }

    void statistics() {
        const cv::Mat film = ramp({320, 320}, CV_8UC1, 1);
        const HeartSpot spot = applyHeartSpot(priorByName("mp+hline").value(), film).value();
        const auto statistics = heartSpotStatistics(spot, centreCrop(film, 320));
        QVERIFY(statistics.isOk());
        QCOMPARE(statistics.value().keptPixels, 3200);
        QCOMPARE(statistics.value().cropPixels, 102400);
        QCOMPARE(statistics.value().inMemoryRatio, 0.03125);
        QVERIFY(statistics.value().vectorBytes > 0 && statistics.value().vectorBytes < 3200);
        QCOMPARE(statistics.value().onDiskRatio, static_cast<double>(statistics.value().vectorBytes) / statistics.value().jpegBytes);
        QVERIFY(!heartSpotStatistics(spot, cv::Mat()).isOk());
    }

    void cancelled() {
        std::stop_source source;
        source.request_stop();
        const auto stopped = applyHeartSpot(priorByName("mp+hline").value(), ramp({320, 320}, CV_8UC1, 1), {},
                                            {source.get_token(), {}});
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestHeartSpot)
#include "tst_heartspot.moc"
