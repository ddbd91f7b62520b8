// Ruler, CTR lines, outlines and magnifier: dragged with the mouse on the real widget.
#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/viewport/chest_sample.h"
#include "ui/viewport/film_view.h"
#include "ui/viewport/tools/ruler_tool.h"

namespace cxr::ui {

namespace {

void moveTo(FilmView& view, QPointF at, Qt::MouseButtons buttons) {
    QMouseEvent move(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, buttons, {});
    QCoreApplication::sendEvent(&view, &move);
}

void pressAndMove(FilmView& view, QPointF from, QPointF to) {
    moveTo(view, from, Qt::NoButton);
    QTest::mousePress(&view, Qt::LeftButton, {}, from.toPoint());
    moveTo(view, (from + to) / 2, Qt::LeftButton);
    moveTo(view, to, Qt::LeftButton);
}

void drag(FilmView& view, QPointF from, QPointF to) {
    pressAndMove(view, from, to);
    QTest::mouseRelease(&view, Qt::LeftButton, {}, to.toPoint());
}

const Outline& heartOf(const ChestMeasurement& chest) { return chest.outlines[0]; }

}  // namespace

class TestFilmTools : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<FilmView> m_view;

  private Q_SLOTS:
    void initTestCase() { qRegisterMetaType<ChestMeasurement>(); }
    void init() {
        m_view = std::make_unique<FilmView>();
        m_view->resize(1024, 1024);  // zoom 1: a widget pixel is a film pixel
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        m_view->setImage(test::phantomFilm());
        m_view->setMeasurement(test::chestSample(), QStringLiteral("Heart and lungs 1.0"));
        QCOMPARE(m_view->zoom(), 1.0);
    }
    void cleanup() { m_view.reset(); }

    void rulerIsDrawnMovedAndDeleted() {
        m_view->setTool(FilmTool::Ruler);
        QSignalSpy changed(m_view.get(), &FilmView::rulersChanged);
        drag(*m_view, {400, 200}, {700, 240});
        QCOMPARE(m_view->rulers().size(), std::size_t{1});
        QCOMPARE(m_view->rulers()[0].from, (PointPx{400, 200}));
        QCOMPARE(m_view->rulers()[0].to, (PointPx{700, 240}));
        QVERIFY(changed.count() >= 1);
        drag(*m_view, {700, 240}, {700, 200});
        QCOMPARE(m_view->rulers().size(), std::size_t{1});
        QCOMPARE(m_view->rulers()[0].length(), 300.0);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {550, 202});  // marks it
        QTest::keyClick(m_view.get(), Qt::Key_Delete);
        QVERIFY(m_view->rulers().empty());
        QTest::keyClick(m_view.get(), Qt::Key_Delete);  // nothing left to delete
    }
    void escapeTakesARulerBack() {
        m_view->setTool(FilmTool::Ruler);
        pressAndMove(*m_view, {400, 200}, {700, 240});
        QCOMPARE(m_view->rulers().size(), std::size_t{1});
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QVERIFY(m_view->rulers().empty());
    }
    void rulerLengthsOnPaper() {
        // 3-4-5 triangle: 30 columns of 0.2 mm and 20 rows of 0.4 mm are 6 mm and 8 mm
        const LinePx line{{0, 0}, {30, 20}};
        QCOMPARE(rulerText(line, {0.4, 0.2, SpacingSource::PixelSpacing}), QStringLiteral("10 mm"));
        QCOMPARE(rulerText(line, {0.4, 0.2, SpacingSource::ImagerPixelSpacing}), QStringLiteral("10 mm (at the detector)"));
        QCOMPARE(rulerText({{0, 0}, {30, 40}}, {}), QStringLiteral("50 px"));
    }
    void aCtrLineEndMovesTheRatio() {
        QSignalSpy edited(m_view.get(), &FilmView::measurementEdited);
        drag(*m_view, {720, 640}, {800, 700});
        QVERIFY(edited.count() >= 2);
        QCOMPARE(edited.last().at(1).toBool(), true);
        const ChestMeasurement chest = *m_view->measurement();
        QCOMPARE(chest.heartLine.to, (PointPx{800, 640}));  // the end moves horizontally only
        QCOMPARE(chest.ratio, 0.6);
        QCOMPARE(chest.verdict, Verdict::Enlarged);
        QVERIFY(chest.linesEdited);
        QCOMPARE(edited.last().at(0).value<ChestMeasurement>().ratio, 0.6);
    }
    void theWholeLineMovesVertically() {
        drag(*m_view, {450, 640}, {480, 600});
        QCOMPARE(m_view->measurement()->heartLine.from.y, 640.0);  // nobody moves it by accident
        m_view->setTool(FilmTool::EditOutlines);
        drag(*m_view, {450, 640}, {480, 600});
        const ChestMeasurement chest = *m_view->measurement();
        QCOMPARE(chest.heartLine, (LinePx{{320, 600}, {720, 600}}));
        QCOMPARE(chest.ratio, 0.5);
    }
    void anEndDoesNotPassTheOther() {
        drag(*m_view, {320, 640}, {900, 640});
        const ChestMeasurement chest = *m_view->measurement();
        QVERIFY(chest.heartLine.from.x < chest.heartLine.to.x);
    }
    void escapeDuringADragRestores() {
        QSignalSpy edited(m_view.get(), &FilmView::measurementEdited);
        pressAndMove(*m_view, {720, 640}, {800, 640});
        QCOMPARE(m_view->measurement()->ratio, 0.6);
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(m_view->measurement()->ratio, 0.5);
        QVERIFY(!m_view->measurement()->linesEdited);
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {800, 640});
        QCOMPARE(m_view->measurement()->ratio, 0.5);
        QTRY_COMPARE(edited.last().at(0).value<ChestMeasurement>().ratio, 0.5);
        for (const auto& told : edited) QCOMPARE(told.at(1).toBool(), false);
    }
    void hiddenOverlaysAreNotGrabbed() {
        m_view->setOverlaysVisible(false);
        const VoiSetting before = m_view->voi();
        drag(*m_view, {720, 640}, {800, 640});
        QCOMPARE(m_view->measurement()->ratio, 0.5);
        QVERIFY(!(m_view->voi() == before));  // the press went to the window/level tool
    }
    void aHandleMovesTheOutlineAndTheRatio() {
        m_view->setTool(FilmTool::EditOutlines);
        QSignalSpy edited(m_view.get(), &FilmView::measurementEdited);
        const ChestMeasurement before = *m_view->measurement();
        // the first handle is the first outline point: the rightmost one, where a CTR line ends too; the fourth is free
        const PointPx handle = heartOf(before).points[0];
        QCOMPARE(handle, (PointPx{720, 640}));
        drag(*m_view, {handle.x, handle.y}, {handle.x + 60, handle.y});
        const ChestMeasurement after = *m_view->measurement();
        QCOMPARE(edited.last().at(1).toBool(), true);
        QVERIFY(heartOf(after).edited);
        QVERIFY(std::abs(heartOf(after).points[0].x - 780) < 1e-6);
        QVERIFY(heartOf(after).points[45] == heartOf(before).points[45]);  // the far side stays
        QVERIFY(after.heartLine.length() > before.heartLine.length() + 50);
        QVERIFY(after.ratio > before.ratio + 0.05);
        QVERIFY(!after.linesEdited);
    }
    void escapeTakesAnOutlineBack() {
        m_view->setTool(FilmTool::EditOutlines);
        pressAndMove(*m_view, {720, 640}, {790, 640});
        QVERIFY(m_view->measurement()->ratio > 0.55);
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(m_view->measurement()->ratio, 0.5);
        QVERIFY(!heartOf(*m_view->measurement()).edited);
    }
    void besideTheHandlesTheWindowIsSet() {
        m_view->setTool(FilmTool::EditOutlines);
        const VoiSetting before = m_view->voi();
        drag(*m_view, {520, 700}, {560, 720});
        QVERIFY(!(m_view->voi() == before));
        QVERIFY(!heartOf(*m_view->measurement()).edited);
    }
    void aTurnedFilmIsEditedInFilmDirections() {
        m_view->setOrientation({1, false, false});
        const QPointF end = m_view->toWidget({720, 640});
        drag(*m_view, end, end + QPointF(0, 80));  // down the screen is along the film's rows
        QCOMPARE(m_view->measurement()->heartLine.to, (PointPx{800, 640}));
    }
    void theLoupeEnlarges() {
        m_view->setOverlaysVisible(false);
        m_view->setBannerVisible(false);
        m_view->setTool(FilmTool::Magnifier);
        const QImage plain = m_view->grab().toImage();
        moveTo(*m_view, {500, 400}, Qt::NoButton);
        const QImage loupe = m_view->grab().toImage();
        QVERIFY(loupe != plain);
        QCOMPARE(loupe.pixel(500, 700), plain.pixel(500, 700));  // outside the loupe nothing changes
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {500, 400});
        QVERIFY(m_view->grab().toImage() != loupe);  // 3x now
        m_view->setTool(FilmTool::Pan);
        QCOMPARE(m_view->grab().toImage(), plain);
    }
};

}  // namespace cxr::ui

QTEST_MAIN(cxr::ui::TestFilmTools)
#include "tst_film_tools.moc"
