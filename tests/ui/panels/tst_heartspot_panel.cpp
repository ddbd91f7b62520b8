// HeartSpotPanel: sliders change what is kept, the newest move wins, film and picture move together.
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QToolButton>
#include <QWheelEvent>
#include <QtTest>

#include "core/base/atomic_file.h"
#include "core/prior/vector_bytes.h"
#include "core/prior/xz.h"
#include "tests/ui/support/control_check.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/panels/heart_region.h"
#include "ui/panels/heartspot_files.h"
#include "ui/panels/heartspot_panel.h"
#include "ui/panels/heartspot_picture.h"
#include "ui/panels/heartspot_preview.h"
#include "ui/panels/prior_editor.h"
#include "ui/viewport/film_view.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

PriorSpec named(const char* name) { return priorByName(name).value(); }

// A panel with a pool of its own, as the window has it.
struct Fixture {
    QThreadPool pool;
    test::SampleFilm sample = test::sampleFilm();
    HeartSpotPanel panel{pool};
    QSignalSpy updated{&panel, &HeartSpotPanel::pictureUpdated};

    HeartSpotPreview* preview() { return panel.findChild<HeartSpotPreview*>(); }
    QString text(const char* name) { return panel.findChild<QLabel*>(QLatin1String(name))->text(); }
    void show(const PriorSpec& spec) {
        panel.setPopulationRegion({});
        panel.setSpec(spec);
        panel.setFilm(sample.image, sample.image->defaultVoi);
    }
    QImage expected(const PriorSpec& spec) {
        return makeHeartSpotPicture({sample.image, sample.image->defaultVoi, false, spec, {}, nullptr}, {})
            .value()
            .picture;
    }
    ~Fixture() { pool.waitForDone(); }
};

}  // namespace

class TestHeartSpotPanel : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void keepsWhatThePaperSays();
    void startsWithTheDefaultPrior();
    void aSliderChangesWhatIsKept();
    void theNewestMoveWins();
    void poolingIsCachedUntilItsParametersChange();
    void pictureShowsKeptPixelsOnly();
    void heartOfThisFilmIsWaitedFor();
    void heartRegionComesFromTheOutline();
    void aChangedRegionForgetsTheStatistics();
    void regionFilesAreChecked();
    void everySpecSurvivesTheControls();
    void filmAndPictureZoomTogether();
    void anotherFilmDropsTheOldPicture();
    void filesAreWrittenWholeOrNotAtAll();
    void hashIsCopied();
    void neverPromisesTooMuch();
    void everyControlIsNamed();
};

void TestHeartSpotPanel::keepsWhatThePaperSays() {
    Fixture f;
    f.show(named("hline"));
    QTRY_VERIFY(f.panel.facts().has_value());
    QCOMPARE(f.panel.facts()->keptPixels, 6400);  // Table II: 20 rows of 320
    QCOMPARE(f.panel.facts()->cropPixels, 102400);
    QCOMPARE(f.text("keptText"), QStringLiteral("Keeps 6.3 % of the pixels"));
    QVERIFY(f.panel.facts()->vectorBytes > 0);
    QCOMPARE(QString::fromStdString(f.panel.facts()->priorHash), QString::fromStdString(named("hline").hash()));
}

void TestHeartSpotPanel::startsWithTheDefaultPrior() {
    Fixture f;
    QCOMPARE(f.panel.spec(), defaultPrior());
}

void TestHeartSpotPanel::aSliderChangesWhatIsKept() {
    Fixture f;
    f.show(named("hline"));
    QTRY_COMPARE(f.updated.count(), 1);
    const QString before = f.text("keptText");
    auto* slider = f.panel.findChild<QSlider*>(QStringLiteral("hlineStepSlider"));
    QTest::keyClick(slider, Qt::Key_Right);
    QCOMPARE(f.panel.spec().hline->step, 11);
    QCOMPARE(f.panel.findChild<QSpinBox*>(QStringLiteral("hlineStepSpin"))->value(), 11);
    QTRY_VERIFY(f.text("keptText") != before);
    QTRY_VERIFY(f.panel.facts().has_value());
    QCOMPARE(f.panel.facts()->keptPixels, 19 * 320);  // rows 100, 111, ... 298
}

void TestHeartSpotPanel::theNewestMoveWins() {
    Fixture f;
    f.show(named("rline"));
    auto* slider = f.panel.findChild<QSlider*>(QStringLiteral("rlineCountSlider"));
    for (int count = 1; count <= 300; ++count) slider->setValue(count);
    QTRY_VERIFY(f.panel.facts().has_value());
    PriorSpec last = named("rline");
    last.rline->count = 300;
    QCOMPARE(f.preview()->picture(), f.expected(last));
    QCOMPARE(QString::fromStdString(f.panel.facts()->priorHash), QString::fromStdString(last.hash()));
    QVERIFY(f.updated.count() < 300);  // moves in between were skipped, not queued
}

void TestHeartSpotPanel::poolingIsCachedUntilItsParametersChange() {
    const auto sample = test::sampleFilm();
    PictureRequest request{sample.image, sample.image->defaultVoi, false, named("mp+rline"), {}, nullptr};
    const auto first = makeHeartSpotPicture(request, {});
    QVERIFY(bool(first));
    request.cached = first.value().pooled;
    request.spec.rline->count = 20;
    const auto second = makeHeartSpotPicture(request, {});
    QCOMPARE(second.value().pooled.get(), first.value().pooled.get());
    QVERIFY(second.value().keptPixels < first.value().keptPixels);
    request.spec.pool->kernel = 24;
    const auto third = makeHeartSpotPicture(request, {});
    QVERIFY(third.value().pooled.get() != first.value().pooled.get());
}

void TestHeartSpotPanel::pictureShowsKeptPixelsOnly() {
    const auto sample = test::sampleFilm();
    PictureRequest request{sample.image, sample.image->defaultVoi, false, named("hline"), {}, nullptr};
    const PictureResult made = makeHeartSpotPicture(request, {}).value();
    int bright = 0;
    for (int y = 0; y < 320; ++y)
        for (int x = 0; x < 320; ++x) {
            const int gray = qGray(made.picture.pixel(x, y));
            if (!made.mask.at<std::uint8_t>(y, x))
                QCOMPARE(gray, 0);
            else
                bright += gray > 0;
        }
    QVERIFY(bright > 3000);
    request.showDropped = true;
    QVERIFY(makeHeartSpotPicture(request, {}).value().picture != made.picture);
}

void TestHeartSpotPanel::heartOfThisFilmIsWaitedFor() {
    Fixture f;
    f.show(named("rhline+heart"));
    QVERIFY(f.preview()->picture().isNull());
    QVERIFY2(f.preview()->hint().contains(QStringLiteral("analysis")), qPrintable(f.preview()->hint()));
    QVERIFY(!f.panel.facts());
    f.panel.setMeasurement(f.sample.chest);
    QTRY_VERIFY(!f.preview()->picture().isNull());
    QTRY_VERIFY(f.panel.facts().has_value());
    QVERIFY(f.panel.facts()->keptPixels > 100);
    QVERIFY(f.panel.facts()->keptPixels < 20000);
}

void TestHeartSpotPanel::heartRegionComesFromTheOutline() {
    HeartRegionChooser chooser;
    auto sample = test::sampleFilm();
    chooser.setFilm(sample.image);
    QVERIFY(chooser.region().empty());
    QVERIFY(chooser.missing().contains(QStringLiteral("not known yet")));
    chooser.setMeasurement(sample.chest);
    const cv::Mat region = chooser.region();
    QVERIFY(!region.empty());
    QVERIFY(chooser.missing().isEmpty());
    const double inside = cv::countNonZero(region >= 100) / double(region.total());
    QVERIFY2(inside > 0.05 && inside < 0.4, qPrintable(QString::number(inside)));
    sample.chest.outlines[0].points.clear();
    chooser.setMeasurement(sample.chest);
    QVERIFY(chooser.region().empty());
    QVERIFY(chooser.missing().contains(QStringLiteral("No reliable heart")));
}

void TestHeartSpotPanel::aChangedRegionForgetsTheStatistics() {
    Fixture f;
    f.show(named("heart"));
    f.panel.setMeasurement(f.sample.chest);
    QTRY_VERIFY(f.panel.facts().has_value());
    const int before = f.panel.facts()->keptPixels;
    ChestMeasurement larger = f.sample.chest;
    for (PointPx& point : larger.outlines[0].points) point.x += point.x > f.sample.image->width() / 2.0 ? 60 : -60;
    f.panel.setMeasurement(larger);
    QVERIFY(!f.panel.facts());  // numbers of the former heart are not shown as those of the new one
    QTRY_VERIFY(f.panel.facts().has_value());
    QVERIFY(f.panel.facts()->keptPixels > before);
}

void TestHeartSpotPanel::regionFilesAreChecked() {
    QTemporaryDir folder;
    const QString good = folder.filePath(QStringLiteral("region.png")),
                  bad = folder.filePath(QStringLiteral("bad.png"));
    QImage picture(40, 30, QImage::Format_Grayscale8);
    picture.fill(200);
    QVERIFY(picture.save(good));
    QFile text(bad);
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write("no picture") > 0);
    text.close();
    const auto region = readHeartRegion(good.toStdString());
    QVERIFY(bool(region));
    QCOMPARE(region.value().cols, 40);
    QCOMPARE(int(region.value().at<std::uint8_t>(29, 39)), 200);
    QCOMPARE(readHeartRegion(bad.toStdString()).error().code, ErrorCode::Unsupported);
    QCOMPARE(readHeartRegion("/no/such/file.png").error().code, ErrorCode::NotFound);
    HeartRegionChooser chooser;
    QSignalSpy changed(&chooser, &HeartRegionChooser::regionChanged);
    QVERIFY(!chooser.loadFile(bad));
    QCOMPARE(changed.count(), 0);
    QVERIFY(chooser.loadFile(good));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(chooser.region().rows, 30);
}

void TestHeartSpotPanel::everySpecSurvivesTheControls() {
    PriorEditor editor;
    std::vector<PriorSpec> specs;
    for (const std::string& name : priorNames()) specs.push_back(priorByName(name).value());
    PriorSpec odd = named("rhline+heart");
    odd.size = 777;
    odd.rline = RLineSpec{9999, 4'000'000'000U};
    odd.hline = HLineSpec{3, 17, 2};
    odd.heart = HeartSpec{7};
    odd.pool = PoolSpec{31, 3, 1.0 / 3, PoolPadding::Valid};
    specs.push_back(odd);
    QSignalSpy changed(&editor, &PriorEditor::specChanged);
    for (const PriorSpec& spec : specs) {
        editor.setSpec(spec);
        QCOMPARE(QString::fromStdString(editor.spec().toJson()), QString::fromStdString(spec.toJson()));
    }
    QCOMPARE(changed.count(), 0);
}

void TestHeartSpotPanel::filmAndPictureZoomTogether() {
    Fixture f;
    FilmView main;
    main.resize(900, 700);
    main.show();
    QVERIFY(QTest::qWaitForWindowExposed(&main));
    main.setImage(f.sample.image);
    f.panel.resize(320, 800);
    f.panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&f.panel));
    f.show(named("hline"));
    f.panel.linkView(&main);
    QTRY_VERIFY(!f.preview()->picture().isNull());
    const double fit = main.zoom();
    main.setZoom(4 * fit);
    main.setCentre({300, 400});
    const ViewGeometry& view = f.preview()->geometryOfFilm();
    QTRY_VERIFY(std::abs(view.zoom / view.fitZoom() - 4) < 0.05);
    QTRY_COMPARE(view.centre, main.centre());
    QSignalSpy moves(&main, &FilmView::viewChanged);
    QWheelEvent wheel(QPointF(100, 100), f.preview()->mapToGlobal(QPointF(100, 100)), {}, {0, 120}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(f.preview(), &wheel);
    QTRY_VERIFY(main.zoom() > 4.2 * fit);
    QTRY_COMPARE(main.centre(), view.centre);
    QCoreApplication::processEvents();
    QVERIFY2(moves.count() <= 3, qPrintable(QString::number(moves.count())));  // no echo between the two
    f.panel.linkView(nullptr);
    const double kept = view.zoom;
    main.setZoom(fit);
    QCOMPARE(view.zoom, kept);
}

void TestHeartSpotPanel::anotherFilmDropsTheOldPicture() {
    Fixture f;
    f.show(named("hline"));
    QTRY_VERIFY(f.panel.facts().has_value());
    f.panel.setFilm(nullptr, {});
    QVERIFY(f.preview()->picture().isNull());
    QVERIFY(!f.panel.facts());
    QVERIFY(f.preview()->hint().contains(QStringLiteral("Open a film")));
}

void TestHeartSpotPanel::filesAreWrittenWholeOrNotAtAll() {
    QTemporaryDir folder;
    const auto sample = test::sampleFilm();
    const PriorSpec spec = named("rhline");
    const PictureResult made =
        makeHeartSpotPicture({sample.image, sample.image->defaultVoi, true, spec, {}, nullptr}, {}).value();
    const std::filesystem::path root(folder.path().toStdString());
    QVERIFY(bool(savePicturePng(made, sample.image->defaultVoi, root / "a.png")));
    const QImage read(folder.filePath(QStringLiteral("a.png")));
    QCOMPARE(read.size(), QSize(320, 320));
    for (int y = 0; y < 320; ++y)  // dropped pixels are never saved, whatever the screen shows
        for (int x = 0; x < 320; ++x)
            if (!made.mask.at<std::uint8_t>(y, x)) QCOMPARE(qGray(read.pixel(x, y)), 0);
    QVERIFY(read.text(QStringLiteral("Comment")).contains(QLatin1String(kNotDiagnostic)));
    QVERIFY(bool(savePriorJson(spec, root / "a.json")));
    const auto loaded = loadPriorJson(root / "a.json");
    QVERIFY(bool(loaded));
    QVERIFY(loaded.value() == spec);
    QVERIFY(bool(saveVectorXz(made, root / "a.xz")));
    const auto bytes = xzDecompress(readWholeFile(root / "a.xz").value(), 1 << 20);
    QVERIFY(bool(bytes));
    const auto back = vectorFromBytes(bytes.value(), 16);
    QVERIFY(bool(back));
    QCOMPARE(int(back.value().size()), made.keptPixels);
    QVERIFY(back.value() == heartSpotOf(made).vector);
    QVERIFY(!saveVectorXz(made, root / "missing" / "a.xz"));
    QVERIFY(!savePriorJson(spec, root / "missing" / "a.json"));
    QVERIFY(!savePicturePng(made, sample.image->defaultVoi, root / "missing" / "a.png"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 3);
    QVERIFY(!loadPriorJson(root / "a.png"));
}

void TestHeartSpotPanel::hashIsCopied() {
    Fixture f;
    f.show(named("rhline"));
    f.panel.findChild<QToolButton*>(QStringLiteral("copyHashButton"))->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromStdString(named("rhline").hash()));
}

void TestHeartSpotPanel::neverPromisesTooMuch() {
    Fixture f;
    f.show(named("hline"));
    QTRY_COMPARE(f.updated.count(), 1);
    QVERIFY(f.text("riskText").contains(QStringLiteral("risk not measured")));
    for (const QLabel* label : f.panel.findChildren<QLabel*>())
        QVERIFY(!label->text().contains(QStringLiteral("anonym"), Qt::CaseInsensitive));
}

void TestHeartSpotPanel::everyControlIsNamed() {
    Fixture f;
    const QStringList faults = test::controlFaults(f.panel);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestHeartSpotPanel)
#include "tst_heartspot_panel.moc"
