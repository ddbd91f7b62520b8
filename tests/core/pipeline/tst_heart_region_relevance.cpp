// Regions from relevance: the rule's share, Otsu's two groups, both signs, overlap on paper, failures half-way.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/pipeline/heart_region_relevance.h"

using namespace cxr;

namespace {

constexpr int kGrid = 40;

// A disc of the given value round the middle, shifted by `shift` columns.
Plane disc(float value, int shift = 0) {
    Plane plane{kGrid, kGrid, std::vector<float>(kGrid * kGrid, 0.01F)};
    for (int y = 0; y < kGrid; ++y) {
        for (int x = 0; x < kGrid; ++x) {
            if (std::hypot(x - 20 - shift, y - 20) <= 8) plane.values[static_cast<std::size_t>(y * kGrid + x)] = value;
        }
    }
    return plane;
}

Result<RelevanceRegion> regionOf(const std::vector<Plane>& planes, const RelevanceRegionOptions& options) {
    return averageRelevanceRegion(planes.size(), [&](std::size_t i, const RunContext&) -> Result<Plane> { return planes[i]; }, options, {});
}

}  // namespace

class TestHeartRegionRelevance : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void keepsTheShareThatWasAsked() {
        for (const double share : {0.1, 0.3, 0.47, 0.8}) {
            Plane ramp{kGrid, kGrid, {}};  // no two cells alike after smoothing
            for (int i = 0; i < kGrid * kGrid; ++i) ramp.values.push_back(static_cast<float>(i % kGrid) + 0.37F * static_cast<float>(i / kGrid) + 1);
            const auto found = regionOf({ramp}, {.side = 80, .smoothing = 0.02, .keptShare = share});
            QVERIFY(found.isOk());
            const HeartRegion& region = found.value().region;
            QCOMPARE(region.gray.type(), CV_8UC1);
            QCOMPARE(region.gray.size(), cv::Size(80, 80));
            QVERIFY2(std::abs(region.keptShare - share) < 0.005, qPrintable(QString::number(region.keptShare)));
            QCOMPARE(region.keptShare, cv::countNonZero(region.gray >= 100) / 6400.0);
        }
    }

    // Two groups, the disc and the rest: Otsu's threshold parts them; a disc of radius 8 of 40 is 12.6 % of the square.
    void otsuFindsTheDisc() {
        const auto found = regionOf({disc(1), disc(0.9F)}, {.side = 40, .smoothing = 0.02, .keptShare = 0});
        QVERIFY(found.isOk());
        QVERIFY2(std::abs(found.value().region.keptShare - 0.126) < 0.02, qPrintable(QString::number(found.value().region.keptShare)));
        QVERIFY(std::abs(found.value().region.keptShare - found.value().otsuShare) < 1e-9);
        QVERIFY(found.value().region.gray.at<std::uint8_t>(20, 20) >= 100 && found.value().region.gray.at<std::uint8_t>(3, 3) < 100);
    }

    // What speaks against the disease is looked at as well: opposite signs do not cancel.
    void signsDoNotCancel() {
        const RelevanceRegionOptions options{.side = 40, .smoothing = 0.02, .keptShare = 0.12};
        const auto mixed = regionOf({disc(1), disc(-1)}, options), plain = regionOf({disc(1), disc(1)}, options);
        QVERIFY(mixed.isOk() && plain.isOk());
        QCOMPARE(cv::norm(mixed.value().region.gray, plain.value().region.gray, cv::NORM_INF), 0.0);
    }

    void overlapOnPaper() {
        cv::Mat left = cv::Mat::zeros(8, 8, CV_8UC1), middle = cv::Mat::zeros(4, 4, CV_8UC1);
        left(cv::Rect(0, 0, 4, 8)) = 100;    // columns 0..3 of 8
        middle(cv::Rect(1, 0, 2, 4)) = 255;  // columns 2..5 after doubling
        left.at<std::uint8_t>(0, 7) = 99;    // just below what is kept
        const RegionOverlap overlap = regionOverlap(left, middle);
        QCOMPARE(overlap.dice, 0.5);
        QCOMPARE(overlap.iou, 1.0 / 3);
        QCOMPARE(overlap.keptShare, 0.5);
        QCOMPARE(overlap.otherShare, 0.5);
    }

    void failsAsItsPartsDo() {
        QCOMPARE(regionOf({Plane{2, 2, {0, 0, 0, 0}}}, {}).error().code, ErrorCode::Corrupt);
        QCOMPARE(regionOf({Plane{2, 2, {1, std::nanf(""), 0, 0}}}, {}).error().code, ErrorCode::Corrupt);
        std::stop_source stop;
        int asked = 0;
        const FilmRelevance stopping = [&](std::size_t, const RunContext&) -> Result<Plane> {
            if (++asked == 2) stop.request_stop();
            return disc(1);
        };
        const auto cancelled = averageRelevanceRegion(5, stopping, {}, {stop.get_token(), {}});
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
        QCOMPARE(asked, 2);
        const FilmRelevance failing = [](std::size_t, const RunContext&) -> Result<Plane> { return Error{ErrorCode::NotFound, "x"}; };
        QCOMPARE(averageRelevanceRegion(5, failing, {}, {}).error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestHeartRegionRelevance)
#include "tst_heart_region_relevance.moc"
