// Heart regions for the priors, facts about HeartSpot pictures, report files: geometry, agreement, failure half-way.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/pipeline/film_results.h"
#include "core/pipeline/heartspot_film.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

Phantom phantomOf(int width, int height) {
    PhantomSpec spec;
    spec.width = width;
    spec.height = height;
    return makePhantom(spec);
}

double dice(const cv::Mat& a, const cv::Mat& b) {
    return 2.0 * cv::countNonZero(a & b) / (cv::countNonZero(a) + cv::countNonZero(b));
}

}  // namespace

class TestFilmResults : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void heartRegionLiesWhereTheCropPutsTheHeart() {
        for (const auto& [w, h] : {std::pair{500, 500}, std::pair{700, 500}, std::pair{501, 640}}) {
            const Phantom phantom = phantomOf(w, h);
            const ChestMeasurement chest = measureChest(test::segmentationOf(phantom), phantom.image);
            const cv::Mat region = heartRegionOf(chest, w, h, 320);
            QCOMPARE(region.type(), CV_8UC1);
            QCOMPARE(region.size(), cv::Size(320, 320));
            const double agreement = dice(region, centreCrop(phantom.heart, 320) > 127);
            QVERIFY2(agreement > 0.98, qPrintable(QString::number(agreement)));
        }
    }
    void noHeartNoRegion() {
        const Phantom phantom = phantomOf(256, 256);
        ChestMeasurement chest = measureChest(test::segmentationOf(phantom), phantom.image);
        chest.isUncertain = true;
        QVERIFY(heartRegionOf(chest, 256, 256).empty());
        QVERIFY(heartRegionOf({}, 256, 256).empty());
    }
    void factsStateWhatTheStatisticsSay() {
        const Phantom phantom = phantomOf(400, 400);
        const PriorSpec spec = priorByName("hline").value();
        const auto facts = heartSpotFacts(spec, phantom.image, {});
        QVERIFY(facts.isOk());
        QCOMPARE(facts.value().keptPixels, 6400);
        QCOMPARE(facts.value().cropPixels, 102400);
        QCOMPARE(facts.value().inMemoryRatio, 0.0625);
        QCOMPARE(facts.value().priorName, std::string("hline"));
        QCOMPARE(facts.value().priorHash, spec.hash());
        QVERIFY(facts.value().vectorBytes > 0 && facts.value().jpegBytes > 0);
    }
    // The same film stored as MONOCHROME1 gives the same HeartSpot picture, and nobody writes into a shared film.
    void monochrome1GivesTheSameVectorAndStaysAsItWas() {
        PhantomSpec spec;
        spec.width = spec.height = 320;
        const Phantom dark = makePhantom(spec);
        spec.mono1 = true;
        const Phantom bright = makePhantom(spec);
        const cv::Mat before = bright.image.samples.clone();
        QVERIFY(heartSpotFacts(priorByName("rhline").value(), bright.image, {}).isOk());
        const cv::Mat film = heartSpotFilm(bright.image);
        QCOMPARE(cv::norm(bright.image.samples, before, cv::NORM_INF), 0.0);
        QVERIFY(film.data != bright.image.samples.data);
        QCOMPARE(film.type(), heartSpotFilm(dark.image).type());
        QVERIFY(cv::norm(film, heartSpotFilm(dark.image), cv::NORM_INF) <= 1);
    }
    void aPriorWithoutItsHeartIsAnError() {
        const auto facts = heartSpotFacts(priorByName("heart").value(), phantomOf(128, 128).image, {});
        QVERIFY(!facts.isOk());
        QCOMPARE(facts.error().code, ErrorCode::InvalidArgument);
    }
    void reportsAreWrittenWholeOrNotAtAll() {
        const Phantom phantom = phantomOf(128, 128);
        const Report report =
            buildReport(phantom.image, measureChest(test::segmentationOf(phantom), phantom.image), {}, {});
        QTemporaryDir folder;
        const std::filesystem::path base(folder.path().toStdString());
        QVERIFY(writeReport(report, ReportFormat::Html, base / "a.html").isOk());
        QVERIFY(writeReport(report, ReportFormat::Json, base / "a.json").isOk());
        QVERIFY(writeCsv({report, report}, base / "a.csv").isOk());
        QFile csv(folder.filePath("a.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll().count("\r\n"), 3);
        const auto failed = writeReport(report, ReportFormat::Json, base / "absent" / "a.json");
        QVERIFY(!failed.isOk());
        QCOMPARE(failed.error().code, ErrorCode::WriteFailed);
        QVERIFY(!std::filesystem::exists(base / "absent"));
    }
};

QTEST_GUILESS_MAIN(TestFilmResults)
#include "tst_film_results.moc"
