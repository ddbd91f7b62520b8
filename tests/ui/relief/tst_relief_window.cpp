// The relief view with made-up networks: landscapes of chosen maps, one scale, one camera, values under the mouse, pictures.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QWheelEvent>

#include "core/localize/map_geometry.h"
#include "tests/ui/main_window/window_fixture.h"
#include "tests/ui/support/control_check.h"
#include "tests/ui/support/fake_networks.h"
#include "ui/panels/explanation_panel.h"
#include "ui/relief/relief_window.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

namespace {

// With maps that rise to the lower right; an even one of Infiltration has nothing that speaks for it: the film is less probable than most.
Result<Analysis> judgedAtOnce(const ImagePtr& image, const AnalysisOptions& options, const RunContext& context) {
    Analysis judged = measuredAtOnce(image, options, context).value();
    auto judgement = std::make_shared<Judgement>(*judgementWithMaps());
    for (PackJudgement& pack : judgement->packs) {
        Plane plane{8, 8, {}};
        for (int i = 0; i < 64; ++i) plane.values.push_back(static_cast<float>(i) / 21);
        if (pack.hasGrid) pack.cams.assign(pack.findings.size(), plane);
        for (std::size_t k = 0; k < pack.cams.size(); ++k)
            if (pack.findings[k].name == "Infiltration") pack.cams[k].values.assign(64, 0.0F);
    }
    judged.judgement = judgement;
    return judged;
}

class ReliefFixture : public WindowFixture {
  public:
    ReliefFixture() : WindowFixture(judgedAtOnce, readFilm, networks.calls()) {}
    ReliefWindow& open(int films = 1) {
        QStringList paths;
        for (int i = 0; i < films; ++i) paths << writePng(QStringLiteral("film%1.png").arg(i));
        window.openPaths(paths);
        if (!QTest::qWaitFor([this] { return session().measurement() && window.explanationPanel().currentWish(); }, 10000)) qFatal("no film");
        action("relief")->trigger();
        return *window.findChild<ReliefWindow*>();
    }
    static FakeNetworks networks;
};
FakeNetworks ReliefFixture::networks;

TileChoice mapChoice(const char* finding, const char* pack, ExplainMethod method = ExplainMethod::Cam) { return {TileChoice::Kind::Map, finding, pack, method}; }

bool isDrawn(ReliefTile& tile) { return tile.landscape() && !tile.canvas().frame().isNull(); }

void send(QWidget& widget, QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
    QMouseEvent event(type, at, widget.mapToGlobal(at), button, buttons, {});
    QCoreApplication::sendEvent(&widget, &event);
}

void dragWith(ReliefCanvas& canvas, Qt::MouseButton button, QPointF by) {
    const QPointF from(60, 60);
    send(canvas, QEvent::MouseButtonPress, from, button, button);
    send(canvas, QEvent::MouseMove, from + by, Qt::NoButton, button);
    send(canvas, QEvent::MouseButtonRelease, from + by, button, Qt::NoButton);
}

}  // namespace

class TestReliefWindow : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (const auto made = ReliefRenderer::create(); !made) QSKIP(qPrintable(QString::fromStdString(made.error().message)));
        applyTheme(*qApp, Theme::Dark);
    }
    void cleanup() { ReliefFixture::networks.waits = false; }

    void theCurrentMapAndOthersStandSideBySide() {
        ReliefFixture f;
        ReliefWindow& relief = f.open();
        const auto wish = *f.window.explanationPanel().currentWish();
        QCOMPARE(relief.tile(1).choice().name.toStdString(), wish.output);
        QVERIFY(relief.tile(1).choice().method == wish.options.method);
        for (int number = 1; number <= ReliefWindow::kMostTiles; ++number) QTRY_VERIFY_WITH_TIMEOUT(relief.tile(number).landscape(), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(isDrawn(relief.tile(1)) && isDrawn(relief.tile(2)), 20000);
        const QStringList faults = controlFaults(relief);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
        relief.setLayoutKind(ReliefWindow::Layout::One);
        QVERIFY(relief.tile(1).isVisible() && !relief.tile(2).isVisible());
        QTest::keyClick(&relief, Qt::Key_Escape);
        QVERIFY(!relief.isVisible());
    }
    void allMapsOfAUnitShareOneHeightScale() {
        ReliefFixture f;
        ReliefWindow& relief = f.open();
        relief.setLayoutKind(ReliefWindow::Layout::OneByTwo);
        relief.tile(1).setChoice(mapChoice("Cardiomegaly", "cardiomegaly"));
        relief.tile(2).setChoice(mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::Occlusion));  // a hill of about 1
        QTRY_VERIFY(relief.tile(1).landscape() && relief.tile(2).landscape());
        const auto endOf = [&](int number) { return shownScale(*relief.tile(number).landscape()->shown->map, relief.tile(number).landscape()->shown->style).high; };
        const double own1 = scaleOf(*relief.tile(1).map(), false).high, own2 = scaleOf(*relief.tile(2).map(), false).high;
        QVERIFY(own1 > own2 * 1.5);
        QTRY_COMPARE(endOf(1), own1);
        QTRY_COMPARE(endOf(2), own1);
        const auto highestOf = [&](int number) {
            const auto& heights = relief.tile(number).landscape()->fine.heights;
            return static_cast<double>(*std::max_element(heights.begin(), heights.end()));
        };
        QVERIFY(std::abs(highestOf(2) / highestOf(1) - own2 / own1) < 0.05);
        QTest::mouseClick(f.window.findChild<QCheckBox*>("reliefLock"), Qt::LeftButton, {}, {8, 8});
        QTRY_COMPARE(endOf(2), own2);
        QVERIFY(std::abs(highestOf(2) - highestOf(1)) < 0.02);
    }
    void mouseKeysAndWheelMoveAllCameras() {
        ReliefFixture f;
        ReliefWindow& relief = f.open();
        QTRY_VERIFY_WITH_TIMEOUT(isDrawn(relief.tile(1)) && isDrawn(relief.tile(2)), 20000);
        const QImage before1 = relief.tile(1).canvas().frame(), before2 = relief.tile(2).canvas().frame();
        ReliefCanvas& canvas = relief.tile(2).canvas();
        dragWith(canvas, Qt::LeftButton, {50, 25});
        QVERIFY(relief.camera().azimuthDeg < ReliefCamera().azimuthDeg && relief.camera().elevationDeg > ReliefCamera().elevationDeg);
        QTRY_VERIFY(relief.tile(1).canvas().frame() != before1 && relief.tile(2).canvas().frame() != before2);
        const ReliefCamera turnedView = relief.camera();
        dragWith(canvas, Qt::RightButton, {30, 0});
        QVERIFY(relief.camera().panX < 0 && relief.camera().azimuthDeg == turnedView.azimuthDeg);
        dragWith(canvas, Qt::MiddleButton, {0, 30});
        QVERIFY(relief.camera().panY > 0);
        QTest::keyClick(&canvas, Qt::Key_Right);
        QVERIFY(relief.camera().azimuthDeg != turnedView.azimuthDeg);
        QWheelEvent wheel({50, 50}, canvas.mapToGlobal(QPointF(50, 50)), {}, {0, 240}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&canvas, &wheel);
        QVERIFY(relief.camera().zoom > 1.3);
        f.window.findChild<QSlider*>("reliefHeight")->setValue(200);
        QCOMPARE(relief.camera().height, 2.0);
        QTest::mouseDClick(&canvas, Qt::LeftButton, {}, {50, 50});
        QVERIFY(relief.camera() == ReliefCamera{});
        QCOMPARE(f.window.findChild<QSlider*>("reliefHeight")->value(), 100);
    }
    void theValueUnderTheMouseIsTheMapsAndHasAPlace() {
        ReliefFixture f;
        ReliefWindow& relief = f.open();
        relief.setLayoutKind(ReliefWindow::Layout::OneByTwo);
        relief.tile(1).setChoice(mapChoice("Cardiomegaly", "cardiomegaly"));
        relief.setCamera({0, 90, 1, 0, 0, 1});
        QTRY_VERIFY_WITH_TIMEOUT(isDrawn(relief.tile(1)), 20000);
        ReliefCanvas& canvas = relief.tile(1).canvas();
        auto* pointed = f.window.findChild<QLabel*>("reliefPointed");
        const PointPx at{150, 140};
        QTRY_VERIFY(viewPointOf(*canvas.landscape(), relief.camera(), QSizeF(canvas.size()), at));
        const QPointF place = *viewPointOf(*canvas.landscape(), relief.camera(), QSizeF(canvas.size()), at);
        const auto isThere = [&] {
            send(canvas, QEvent::MouseMove, place, Qt::NoButton, Qt::NoButton);
            return std::abs(pointed->text().section(' ', 1, 1).toInt() - 150) <= 2;  // the frame of this camera is there
        };
        QTRY_VERIFY(isThere());
        const double value = *valueAt(*canvas.landscape()->shown->map, at);
        const double told = pointed->text().section("1: ", 1).section(' ', 0, 0).toDouble();
        QVERIFY2(std::abs(told - value) < 0.05, qPrintable(pointed->text() + QString(" against %1").arg(value)));
        QVERIFY2(pointed->text().contains("logits") && pointed->text().endsWith(anatomyAt(f.session().measurement(), at)), qPrintable(pointed->text()));
        send(canvas, QEvent::MouseButtonPress, place, Qt::LeftButton, Qt::LeftButton);
        send(canvas, QEvent::MouseButtonRelease, place, Qt::LeftButton, Qt::NoButton);
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(&canvas, &leave);
        QVERIFY(pointed->text().startsWith("x 1"));  // the marked point stays
        send(canvas, QEvent::MouseButtonPress, {2, 2}, Qt::LeftButton, Qt::LeftButton);
        send(canvas, QEvent::MouseButtonRelease, {2, 2}, Qt::LeftButton, Qt::NoButton);
        QVERIFY(pointed->text().isEmpty());
    }
    void anEmptyMapHasASentence() {
        ReliefFixture f;
        ReliefWindow& relief = f.open();
        relief.tile(1).setChoice(mapChoice("Infiltration", "chest14"));
        QTRY_VERIFY(relief.tile(1).landscape() && relief.tile(1).landscape()->shown);
        QTRY_VERIFY2(!relief.tile(1).landscape()->sentence.isEmpty(), qPrintable(relief.tile(1).choice().name));
        QVERIFY(relief.tile(1).canvas().frame().isNull());
    }
    void computingIsStoppedAndGoesOn() {
        ReliefFixture f;
        ReliefWindow& relief = f.open();
        relief.setLayoutKind(ReliefWindow::Layout::One);
        QTRY_VERIFY(relief.tile(1).landscape());
        QTRY_VERIFY(!f.window.workbench().explanations().isBusy());
        ReliefFixture::networks.waits = true;
        relief.tile(1).setChoice(mapChoice("Cardiomegaly", "cardiomegaly", ExplainMethod::IntegratedGradients));
        auto* stop = f.window.findChild<QToolButton*>("reliefStop");
        QTRY_VERIFY(stop->isEnabled() && relief.tile(1).isWaiting());
        QTest::mouseClick(stop, Qt::LeftButton);
        QTRY_VERIFY(relief.tile(1).isStopped());
        QTRY_VERIFY(!f.window.workbench().explanations().isBusy());
        ReliefFixture::networks.waits = false;
        QTRY_COMPARE(stop->text(), QString("Go on"));
        QTest::mouseClick(stop, Qt::LeftButton);
        QTRY_VERIFY(!relief.tile(1).isWaiting() && relief.tile(1).landscape() && relief.tile(1).landscape()->shown->map->doneShare == 1);
        QVERIFY(!stop->isEnabled());
    }
    void aPictureIsSavedAndGoesIntoTheReport() {
        ReliefFixture f;
        ReliefWindow& relief = f.open();
        relief.setLayoutKind(ReliefWindow::Layout::OneByTwo);
        QTRY_VERIFY(relief.tile(1).landscape() && relief.tile(1).landscape()->shown && relief.tile(2).landscape());
        QSignalSpy saved(&relief, &ReliefWindow::saved);
        relief.savePicture(f.path("relief.png"));
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 30000);
        const QImage picture(f.path("relief.png"));
        QVERIFY(picture.width() == 2200);
        relief.savePicture(f.path("nowhere/relief.png"));
        auto* status = f.window.findChild<QLabel*>("reliefStatus");
        QTRY_VERIFY_WITH_TIMEOUT(!status->text().startsWith("Drawing"), 30000);
        QCOMPARE(saved.count(), 1);
        ReportPicture added;
        connect(&relief, &ReliefWindow::pictureAdded, this, [&](const ReportPicture& given) { added = given; });
        QTest::mouseClick(f.window.findChild<QToolButton*>("reliefAdd"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!added.png.empty(), 30000);
        QVERIFY(QString::fromStdString(added.caption).contains("Picture 1: "));
        f.action("export")->trigger();
        auto* check = f.window.findChild<QCheckBox*>("exportPictures");
        QVERIFY(check && check->isChecked() && check->toolTip().contains(QString::fromStdString(added.title)));
    }
    void anotherFilmIsFollowed() {
        ReliefFixture f;
        ReliefWindow& relief = f.open(2);
        relief.tile(1).setChoice(mapChoice("Mass", "chest14"));
        QTRY_VERIFY(relief.tile(1).landscape() && relief.tile(1).landscape()->shown);
        const ImagePtr first = relief.tile(1).landscape()->film->image;
        f.action("next")->trigger();
        QTRY_VERIFY(relief.tile(1).landscape() && relief.tile(1).landscape()->film->image != first && relief.tile(1).landscape()->shown);
        QCOMPARE(relief.tile(1).choice(), mapChoice("Mass", "chest14"));
        f.action("closeAll")->trigger();
        QVERIFY(!relief.tile(1).landscape());
        QCOMPARE(f.window.findChild<QLabel*>("reliefStatus")->text(), QString("Open a film first."));
    }
};

QTEST_MAIN(TestReliefWindow)
#include "tst_relief_window.moc"
