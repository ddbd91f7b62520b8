// Heatmaps in the main window and the compare window, with made-up networks: keys, linked pictures, one scale, differences,
// the curtain.
#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QWheelEvent>

#include "core/localize/map_geometry.h"
#include "tests/ui/main_window/window_fixture.h"
#include "tests/ui/support/control_check.h"
#include "tests/ui/support/fake_networks.h"
#include "ui/print/findings_painter.h"
#include "ui/compare/compare_window.h"
#include "ui/compare/curtain.h"
#include "ui/panels/explanation_panel.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

namespace {

Result<Analysis> judgedAtOnce(const ImagePtr& image, const AnalysisOptions& options, const RunContext& context) {
    auto analysis = measuredAtOnce(image, options, context);
    Analysis judged = std::move(analysis).value();
    judged.judgement = judgementWithMaps();
    return judged;
}

class CompareFixture : public WindowFixture {
  public:
    CompareFixture() : WindowFixture(judgedAtOnce, readFilm, networks.calls()) {}
    void open() {
        window.openPaths({writePng("film.png"), writePng("other.png")});
        if (!QTest::qWaitFor([this] { return session().measurement() && window.explanationPanel().currentMap(); }, 10000)) qFatal("no film");
    }
    CompareWindow& compare() {
        action("compare")->trigger();
        return *window.findChild<CompareWindow*>();
    }
    static FakeNetworks networks;
};
FakeNetworks CompareFixture::networks;

TileChoice mapChoice(const char* finding, const char* pack, ExplainMethod method) { return {TileChoice::Kind::Map, finding, pack, method}; }

}  // namespace

class TestCompareWindow : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Theme::Dark); }

    void xShowsTheHeatmapAndGHidesEverything() {
        CompareFixture f;
        f.open();
        QVERIFY(!f.view().heatmap());  // films open bare
        QTest::keyClick(&f.view(), Qt::Key_X);
        QVERIFY(f.view().heatmap() && f.action("heatmap")->isChecked());
        QVERIFY(f.view().heatmapValueAt({128, 128}));
        QTest::keyClick(&f.view(), Qt::Key_G);
        QVERIFY(!f.view().heatmapValueAt({128, 128}));
        QTest::keyClick(&f.view(), Qt::Key_G);
        QTest::keyPress(&f.view(), Qt::Key_Space);
        QVERIFY(!f.view().heatmapValueAt({128, 128}));
        QTest::keyRelease(&f.view(), Qt::Key_Space);
        QVERIFY(f.view().heatmapValueAt({128, 128}));
        QTest::keyClick(&f.view(), Qt::Key_X);
        QVERIFY(!f.view().heatmap());
        QTest::keyClick(&f.view(), Qt::Key_G);  // findings off; the heatmap brings overlays back
        QTest::keyClick(&f.view(), Qt::Key_X);
        QVERIFY(f.view().overlaysVisible() && f.view().heatmap());
        f.action("next")->trigger();
        QTRY_VERIFY(f.session().path().endsWith("other.png") && f.session().measurement());
        QVERIFY(!f.view().heatmap() && !f.action("heatmap")->isChecked());
    }
    // Lengths in an open window follow a calibration, and nothing else of it moves.
    void calibrationReachesTheTiles() {
        CompareFixture f;
        f.open();
        CompareWindow& compare = f.compare();
        QTRY_VERIFY(compare.tile(1).view().image() && compare.tile(2).view().heatmap());
        QVERIFY(!compare.tile(1).view().image()->spacing.isKnown());
        compare.tile(1).view().setZoom(3);
        const double zoom = compare.tile(1).view().zoom();
        QVERIFY(f.session().setCalibration(LengthCalibration{{{20, 20}, {120, 20}}, 50}).isOk());
        for (const int number : {1, 2}) {
            QCOMPARE(compare.tile(number).view().image(), f.session().calibratedImage());
            QCOMPARE(compare.tile(number).view().image()->spacing.columnMm, 0.5);
        }
        QCOMPARE(compare.tile(1).view().zoom(), zoom);
        QTRY_VERIFY(compare.tile(2).view().heatmap().has_value());
        QVERIFY(f.session().setCalibration(std::nullopt).isOk());
        QVERIFY(!compare.tile(1).view().image()->spacing.isKnown());
    }

    void aLowWindowHasItsPanelsAsTabs() {
        CompareFixture high;
        QVERIFY(high.window.tabifiedDockWidgets(high.child<QDockWidget>("dock.findings")).isEmpty());
        QTemporaryDir folder;
        Settings settings(folder.filePath("s.ini"));
        MainWindow low(settings, {readFilm, judgedAtOnce, CompareFixture::networks.calls()});
        low.resize(1366, 768);
        low.show();
        QCOMPARE(low.tabifiedDockWidgets(low.findChild<QDockWidget*>("dock.findings")).size(), 2);
    }
    void theStatusBarHasTheValueUnderTheCursor() {
        CompareFixture f;
        f.open();
        auto* field = f.child<QLabel>("statusMap");
        QVERIFY(!field->isVisible());
        QTest::keyClick(&f.view(), Qt::Key_X);
        QTRY_VERIFY(field->isVisible());
        QTest::mouseMove(&f.view(), f.view().toWidget({100, 120}).toPoint());
        QTRY_VERIFY(field->text().startsWith("map "));
        QVERIFY(field->text().endsWith("logits"));
    }
    void filmAndMapStandSideBySide() {
        CompareFixture f;
        f.open();
        CompareWindow& compare = f.compare();
        QCOMPARE(compare.tile(1).view().image(), f.session().image());
        QCOMPARE(compare.tile(2).choice(), mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::Cam));
        QTRY_VERIFY(compare.tile(2).view().heatmap());
        QVERIFY(!compare.tile(1).view().heatmap());
        QVERIFY(compare.tile(2).isVisible() && !compare.tile(3).isVisible());
        const QStringList faults = controlFaults(compare);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
        QTest::keyClick(&compare, Qt::Key_Escape);
        QVERIFY(!compare.isVisible());
    }
    void viewsMoveTogether() {
        CompareFixture f;
        f.open();
        CompareWindow& compare = f.compare();
        QTRY_VERIFY(compare.tile(2).view().heatmap());
        FilmView& left = compare.tile(1).view();
        FilmView& right = compare.tile(2).view();
        QTRY_COMPARE(right.zoom(), left.zoom());
        const QPointF at(left.width() / 3.0, left.height() / 3.0);
        QWheelEvent wheel(at, left.mapToGlobal(at), {}, {0, 480}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&left, &wheel);
        QCOMPARE(right.zoom(), left.zoom());
        QCOMPARE(right.centre().x, left.centre().x);
        right.setCentre({60, 70});
        QCOMPARE(left.centre().x, 60.0);
        VoiSetting voi = left.voi();
        voi.width *= 0.5;
        left.setVoi(voi);
        QVERIFY(right.voi() == voi);
        const QPointF to = left.toWidget({64, 71});
        QMouseEvent hover(QEvent::MouseMove, to, left.mapToGlobal(to), Qt::NoButton, Qt::NoButton, {});
        QCoreApplication::sendEvent(&left, &hover);
        QVERIFY(right.marker());
        QVERIFY(std::abs(right.marker()->x - 64) < 2 && std::abs(right.marker()->y - 71) < 2);
        QVERIFY(f.window.findChild<QLabel*>("compareCursor")->text().contains("picture 2"));
    }
    void mapsShareOneScale() {
        CompareFixture f;
        f.open();
        CompareWindow& compare = f.compare();
        compare.tile(1).setChoice(mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::Cam));  // the wider one
        compare.tile(2).setChoice(mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::Occlusion));  // .. 1
        QTRY_VERIFY(compare.tile(1).map() && compare.tile(2).map() && compare.tile(2).map()->doneShare == 1);
        const auto endOf = [&](int number) { return shownScale(*compare.tile(number).map(), compare.tile(number).view().heatmap()->style).high; };
        QTRY_VERIFY(compare.commonScale(2) && compare.commonScale(2)->high == compare.commonScale(1)->high);
        const double widest = scaleOf(*compare.tile(1).map(), false).high;
        QVERIFY(widest > 2);
        QCOMPARE(endOf(1), widest);
        QCOMPARE(endOf(2), widest);
        QVERIFY(compare.tile(1).view().voi() == f.view().voi());  // the window of the film, not of what was there before
        QTest::mouseClick(f.window.findChild<QCheckBox*>("compareLock"), Qt::LeftButton, {}, {8, 8});
        QVERIFY(endOf(2) < 1.1);
        QCOMPARE(endOf(1), widest);
    }
    void theDifferenceIsTheDifference() {
        CompareFixture f;
        f.open();
        f.window.explanationPanel().setLook({});  // nothing is pooled: values of one unit
        CompareWindow& compare = f.compare();
        compare.setLayoutKind(CompareWindow::Layout::TwoByTwo);
        compare.tile(3).setChoice({TileChoice::Kind::Difference, {}, {}});
        QTRY_VERIFY(compare.tile(3).view().message().contains("picture 1"));
        compare.tile(1).setChoice(mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::Cam));
        compare.tile(2).setChoice(mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::Occlusion));
        QTRY_VERIFY(compare.tile(3).view().heatmap() && compare.tile(2).map() && compare.tile(2).map()->doneShare == 1);
        const PointPx at{150, 90};
        QTRY_VERIFY(compare.tile(3).map() &&
                    std::abs(*valueAt(*compare.tile(3).map(), at) - (*valueAt(*compare.tile(1).map(), at) - *valueAt(*compare.tile(2).map(), at))) < 0.03);
        QCOMPARE(coloursFor(*compare.tile(3).map(), compare.tile(3).view().heatmap()->style), ColourMap::Diverging);
    }
    void priorsAndOtherFilmsLieInTheirPlace() {
        CompareFixture f;
        f.open();
        CompareWindow& compare = f.compare();
        compare.tile(1).setChoice({TileChoice::Kind::Prior, "hline", {}});
        QTRY_VERIFY(compare.tile(1).view().image() && compare.tile(1).view().image()->width() == 320);
        QCOMPARE(compare.tile(1).placeScale(), kSidePx / 320.0);
        FilmView& prior = compare.tile(1).view();
        FilmView& map = compare.tile(2).view();
        map.setZoom(4);
        map.setCentre({128, 64});
        QVERIFY(std::abs(prior.centre().x - 160) < 1e-6 && std::abs(prior.centre().y - 80) < 1e-6);
        QVERIFY(map.voi() == f.view().voi());  // the prior's window is its own
        QVERIFY(std::abs(prior.zoom() - 4 * kSidePx / 320.0) < 1e-6);
        compare.tile(1).setChoice({TileChoice::Kind::OtherFilm, f.path("other.png"), {}});
        QTRY_VERIFY(compare.tile(1).view().image() && compare.tile(1).view().image()->sourceName == "other.png");
    }
    void theCurtainShowsBothOnOnePlace() {
        CompareFixture f;
        f.open();
        CompareWindow& compare = f.compare();
        QTRY_VERIFY(compare.tile(2).view().heatmap());
        compare.setLayoutKind(CompareWindow::Layout::Curtain);
        auto* curtain = f.window.findChild<Curtain*>("curtain");
        QVERIFY(curtain->isVisible());
        QTRY_COMPARE(compare.tile(1).view().size(), curtain->size());
        QCOMPARE(compare.tile(1).view().mask().boundingRect().width(), curtain->width() / 2 + curtain->width() % 2);
        // Both pictures say what they are, each in its own part.
        QCOMPARE(compare.tile(2).view().mask().boundingRect().left(), compare.tile(1).view().mask().boundingRect().width());
        const QImage left = compare.tile(1).view().grab().toImage();
        int said = 0;
        for (int y = 0; y < left.height(); ++y) {
            for (int x = 0; x < left.width() / 2; ++x) said += left.pixelColor(x, y) == noticeColour() ? 1 : 0;
        }
        QVERIFY2(said > 50, qPrintable(QString::number(said)));
        auto* handle = f.window.findChild<QWidget*>("curtainHandle");
        QTest::mousePress(handle, Qt::LeftButton, {}, handle->rect().center());
        QMouseEvent move(QEvent::MouseMove, QPointF(107, 50), handle->mapToGlobal(QPointF(107, 50)), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(handle, &move);
        QVERIFY(curtain->share() > 0.55);
        const double before = curtain->share();
        QTest::keyClick(handle, Qt::Key_Left);
        QVERIFY(curtain->share() < before);
        compare.setLayoutKind(CompareWindow::Layout::TwoByThree);
        QVERIFY(!curtain->isVisible() && compare.tile(6).isVisible());
        QVERIFY(compare.tile(1).view().mask().isEmpty() && compare.tile(1).view().isVisible());
        QCOMPARE(compare.tile(1).view().parentWidget(), &compare.tile(1));
    }
    void anotherFilmIsFollowed() {
        CompareFixture f;
        f.open();
        CompareWindow& compare = f.compare();
        QTRY_VERIFY(compare.tile(2).view().heatmap());
        f.action("next")->trigger();
        QTRY_VERIFY(f.session().path().endsWith("other.png") && f.session().measurement());
        QTRY_COMPARE(compare.tile(1).view().image(), f.session().image());
        QTRY_VERIFY(compare.tile(2).view().heatmap());
        QCOMPARE(compare.tile(2).choice(), mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::Cam));
        f.action("closeAll")->trigger();
        QVERIFY(!compare.tile(1).view().image() && !compare.tile(2).view().image());
    }
};

QTEST_MAIN(TestCompareWindow)
#include "tst_compare_window.moc"
