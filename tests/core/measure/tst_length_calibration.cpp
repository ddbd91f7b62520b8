// A line of known length gives a film its spacing.
#include <QTest>

#include "core/measure/film_notes.h"
#include "core/measure/length_calibration.h"

using namespace cxr;

class TestLengthCalibration : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void squarePixels() {
        const auto spacing = calibratedSpacing({{{10, 10}, {310, 410}}, 100}, {});  // 500 px
        QVERIFY(spacing.isOk());
        QCOMPARE(spacing.value().columnMm, 0.2);
        QCOMPARE(spacing.value().rowMm, 0.2);
        QCOMPARE(spacing.value().source, SpacingSource::UserCalibration);
        QCOMPARE(originText(spacing.value()), std::string("calibrated by the user, 100 mm line"));
        QCOMPARE(lengthText({{0, 0}, {500, 0}}, spacing.value()), std::string("100 mm (calibrated by the user, 100 mm line)"));
    }

    void theHeadersShapeOfPixelsStays() {
        const Spacing header{0.4, 0.2, SpacingSource::PixelSpacing, 0};
        const auto spacing = calibratedSpacing({{{0, 0}, {300, 200}}, 50}, header);  // 60 x 80 mm before: 100
        QVERIFY(spacing.isOk());
        QCOMPARE(spacing.value().columnMm, 0.1);
        QCOMPARE(spacing.value().rowMm, 0.2);
    }

    void limits() {
        const LinePx line{{0, 0}, {500, 0}};
        QVERIFY(!calibratedSpacing({{{0, 0}, {9, 0}}, 100}, {}).isOk());
        for (const double mm : {0.0, -5.0, 0.5, 1001.0, std::nan("")}) QVERIFY(!calibratedSpacing({line, mm}, {}).isOk());
        QVERIFY(!calibratedSpacing({line, 2}, {}).isOk());                  // 0.004 mm a pixel
        QVERIFY(!calibratedSpacing({{{0, 0}, {20, 0}}, 900}, {}).isOk());   // 45 mm a pixel
    }

    void notesFollowTheSpacing() {
        auto film = std::make_shared<Image>();
        film->samples = cv::Mat::zeros(4, 4, CV_16UC1);
        film->spacing = {0.143, 0.143, SpacingSource::ImagerPixelSpacing};
        const ImagePtr known = withSpacing(film, {0.2, 0.2, SpacingSource::UserCalibration, 100});
        QCOMPARE(known->samples.data, film->samples.data);
        ChestMeasurement chest;
        chest.notes = filmNotes(*film);
        chest.filmNotes = chest.notes.size();
        chest.notes.emplace_back("The heart reaches the film's edge.");
        const ChestMeasurement there = withSpacing(chest, *film, *known);
        QVERIFY(std::find(there.notes.begin(), there.notes.end(), filmNotes(*known).back()) != there.notes.end());
        QCOMPARE(there.notes.size() - there.filmNotes, std::size_t{1});
        QCOMPARE(withSpacing(there, *film, *known).notes, there.notes);
        QCOMPARE(withSpacing(there, *known, *film).notes, chest.notes);
        QCOMPARE(withSpacing(there, *known, *film).filmNotes, chest.filmNotes);
    }
};

QTEST_GUILESS_MAIN(TestLengthCalibration)
#include "tst_length_calibration.moc"
