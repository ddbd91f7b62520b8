// A heatmap on the film view, as a reader meets it: it follows the film, hides with the overlays, has values under the
// cursor, and its boxes are moved, resized and deleted by mouse and key.
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "core/localize/map_geometry.h"
#include "tests/ui/support/sample_heatmap.h"
#include "tests/ui/viewport/chest_sample.h"
#include "ui/print/findings_painter.h"
#include "ui/viewport/film_view.h"
#include "ui/viewport/heatmap_layer.h"

namespace cxr::ui {

namespace {

constexpr QSize kSize(900, 800);

QImage painted(FilmView& view) { return view.grab().toImage().convertToFormat(QImage::Format_RGB32); }

bool isColoured(const QImage& picture, QPointF at) {
    const QColor colour = picture.pixelColor(at.toPoint());
    return std::max({colour.red(), colour.green(), colour.blue()}) - std::min({colour.red(), colour.green(), colour.blue()}) > 24;
}

void drag(FilmView& view, QPointF from, QPointF to) {
    const auto send = [&](QPointF at, Qt::MouseButtons buttons) {
        QMouseEvent move(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, buttons, {});
        QCoreApplication::sendEvent(&view, &move);
    };
    send(from, Qt::NoButton);
    QTest::mousePress(&view, Qt::LeftButton, {}, from.toPoint());
    send((from + to) / 2, Qt::LeftButton);
    send(to, Qt::LeftButton);
    QTest::mouseRelease(&view, Qt::LeftButton, {}, to.toPoint());
}

ShownHeatmap shownHill() {
    ShownHeatmap shown;
    shown.map = std::make_shared<const Heatmap>(test::hill(20, 0.25, 0.3, {0, 0}, 1024));
    shown.style.threshold = 0.4;
    shown.boxes = {{{180, 220, 160, 180}, "Cardiomegaly", 0.47, "Class activation map", 1, false}};
    return shown;
}

// What a layer paints of a turned map with contours, after it has painted at each of `places` (widget px) in turn.
QImage paintedAt(const std::vector<QPointF>& places, double ratio, HeatmapLayer& layer) {
    ShownHeatmap shown = shownHill();
    Heatmap turned = *shown.map;
    turned.grid = {{100, 60}, {700, 90}, {-90, 700}};
    shown.map = std::make_shared<const Heatmap>(turned);
    shown.style.showContours = true;
    shown.contours = isoLines(turned, contourLevels(turned, shown.style));
    layer.set(shown);
    QImage screen(QSize(300, 260) * ratio, QImage::Format_RGB32);
    screen.setDevicePixelRatio(ratio);
    for (const QPointF& place : places) {
        screen.fill(Qt::darkGray);
        QPainter painter(&screen);
        layer.paint(painter, QTransform::fromScale(0.4, 0.4) * QTransform::fromTranslate(place.x(), place.y()), {1024, 800}, 13);
    }
    return screen;
}

int largestDifference(const QImage& a, const QImage& b) {
    int largest = a.size() == b.size() ? 0 : 256;
    for (int y = 0; y < a.height() && largest < 256; ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
            largest = std::max({largest, std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)), std::abs(qBlue(p) - qBlue(q))});
        }
    }
    return largest;
}

}  // namespace

class TestHeatmapView : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<FilmView> m_view;

  private Q_SLOTS:
    void init() {
        m_view = std::make_unique<FilmView>();
        m_view->resize(kSize);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        m_view->setImage(cxr::test::rampFilm());
        m_view->setBannerVisible(false);
    }
    void cleanup() { m_view.reset(); }

    void theMapFollowsTheFilm() {
        QVERIFY(!isColoured(painted(*m_view), m_view->toWidget({256, 300})));
        m_view->setHeatmap(shownHill());
        const PointPx top{250, 330};  // inside the hill, beside the box's frame
        const PointPx far{700, 500};
        QVERIFY(isColoured(painted(*m_view), m_view->toWidget(top)));
        QVERIFY(!isColoured(painted(*m_view), m_view->toWidget(far)));
        for (const FilmOrientation orientation : {FilmOrientation{1, false, false}, {2, true, false}, {3, false, true}}) {
            m_view->setOrientation(orientation);
            m_view->setZoom(0.5);
            m_view->setCentre(top);
            QVERIFY(isColoured(painted(*m_view), m_view->toWidget(top)));
            QVERIFY(!isColoured(painted(*m_view), m_view->toWidget({top.x + 350, top.y})));
        }
    }
    // Names of models get shorter in a narrow view, the notice never does.
    void theNoticeIsNeverCut() {
        ShownHeatmap shown = shownHill();
        Heatmap named = *shown.map;
        named.model.name = "Fourteen chest diseases, Cardiomegaly from the film, Cardiomegaly from the HeartSpot picture";
        shown.map = std::make_shared<const Heatmap>(named);
        m_view->resize(420, 300);
        m_view->setHeatmap(shown);
        const QImage picture = painted(*m_view);
        int notice = 0;
        for (int y = picture.height() - 60; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                if (picture.pixel(x, y) != noticeColour().rgb()) continue;
                QVERIFY2(x >= 6, "the notice runs into the view's edge");
                ++notice;
            }
        }
        QVERIFY(notice > 100);
    }
    void overlaysOffHidesTheMapAndItsValues() {
        m_view->setHeatmap(shownHill());
        QVERIFY(m_view->heatmapValueAt({256, 307}));
        QVERIFY(*m_view->heatmapValueAt({256, 307}) > 0.9);
        QVERIFY(!m_view->heatmapValueAt({-5, 300}));
        m_view->setOverlaysVisible(false);
        QVERIFY(!m_view->heatmapValueAt({256, 307}));
        QVERIFY(!isColoured(painted(*m_view), m_view->toWidget({250, 330})));
        m_view->setOverlaysVisible(true);
        m_view->setImage(cxr::test::rampFilm());  // another film: nothing of the old one stays
        QVERIFY(!m_view->heatmap());
    }
    void aBoxIsMovedByItsFrame() {
        m_view->setHeatmap(shownHill());
        m_view->setTool(FilmTool::EditOutlines);
        QSignalSpy edited(m_view.get(), &FilmView::boxesEdited);
        const double zoom = m_view->zoom();
        const QPointF frame = m_view->toWidget({180, 270});  // left side, away from its handles
        drag(*m_view, frame, frame + QPointF(50, 30));
        QVERIFY(edited.count() >= 2);
        QCOMPARE(edited.last().at(1).toBool(), true);
        const RectPx box = m_view->heatmap()->boxes.front().box;
        QVERIFY(std::abs(box.left - (180 + 50 / zoom)) < 3 && std::abs(box.top - (220 + 30 / zoom)) < 3);
        QCOMPARE(box.width, 160.0);
        QVERIFY(m_view->heatmap()->boxes.front().isEdited);
    }
    void aCornerResizesAndStopsAtTheFilm() {
        m_view->setHeatmap(shownHill());
        m_view->setTool(FilmTool::EditOutlines);
        drag(*m_view, m_view->toWidget({340, 400}), m_view->toWidget({440, 500}));
        RectPx box = m_view->heatmap()->boxes.front().box;
        QVERIFY(std::abs(box.right() - 440) < 4 && std::abs(box.bottom() - 500) < 4);
        QCOMPARE(box.left, 180.0);
        drag(*m_view, m_view->toWidget({180, 220}), m_view->toWidget({-300, -300}));
        box = m_view->heatmap()->boxes.front().box;
        QCOMPARE(box.left, 0.0);
        QCOMPARE(box.top, 0.0);
    }
    void escapeTakesAMoveBackAndDeleteRemoves() {
        m_view->setHeatmap(shownHill());
        m_view->setTool(FilmTool::EditOutlines);
        const QPointF frame = m_view->toWidget({180, 270});
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, frame.toPoint());
        const QPointF to = frame + QPointF(60, 0);
        QMouseEvent move(QEvent::MouseMove, to, m_view->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_view.get(), &move);
        QVERIFY(m_view->heatmap()->boxes.front().box.left > 200);
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(m_view->heatmap()->boxes.front().box.left, 180.0);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, frame.toPoint());
        QTest::keyClick(m_view.get(), Qt::Key_Delete);
        QVERIFY(m_view->heatmap()->boxes.empty());
    }
    void boxesAreNotGrabbedByOtherToolsNorWhileHidden() {
        m_view->setHeatmap(shownHill());
        const QPointF frame = m_view->toWidget({180, 270});
        drag(*m_view, frame, frame + QPointF(50, 30));
        QCOMPARE(m_view->heatmap()->boxes.front().box.left, 180.0);
        ShownHeatmap hidden = shownHill();
        hidden.style.showBoxes = false;
        m_view->setHeatmap(hidden);
        m_view->setTool(FilmTool::EditOutlines);
        drag(*m_view, frame, frame + QPointF(50, 30));
        QCOMPARE(m_view->heatmap()->boxes.front().box.left, 180.0);
    }
    void aMarkerStandsWhereTheLinkedCursorIs() {
        const QImage before = painted(*m_view);
        m_view->setMarker(PointPx{512, 512});
        const QImage after = painted(*m_view);
        const QPoint arm = m_view->toWidget({512, 512}).toPoint() + QPoint(9, 0);
        QVERIFY(after.pixel(arm) != before.pixel(arm));
        m_view->setMarker({});
        QCOMPARE(painted(*m_view), before);
    }

    void aMovedLayerLooksAsIfPaintedAnew_data() {
        QTest::addColumn<double>("ratio");
        QTest::addColumn<QPointF>("moved");
        QTest::newRow("not at all") << 1.0 << QPointF();
        QTest::newRow("right and down") << 1.0 << QPointF(17, 5);
        QTest::newRow("left") << 1.0 << QPointF(-40, 0);
        QTest::newRow("up, fine screen") << 2.0 << QPointF(-3.5, -20.5);
        QTest::newRow("part of a pixel") << 1.0 << QPointF(2.5, 0.25);
        QTest::newRow("out of sight") << 1.0 << QPointF(5000, 0);
    }
    void aMovedLayerLooksAsIfPaintedAnew() {
        QFETCH(double, ratio);
        QFETCH(QPointF, moved);
        HeatmapLayer first, second;
        const QPointF start(-31.3, -12.6);
        const QImage shifted = paintedAt({start, start + moved, start + 2 * moved}, ratio, first);
        const QImage anew = paintedAt({start + 2 * moved}, ratio, second);
        QVERIFY2(largestDifference(shifted, anew) <= 2, qPrintable(QString::number(largestDifference(shifted, anew))));
        if (moved.isNull()) QVERIFY(largestDifference(shifted, paintedAt({start + QPointF(9, 4)}, ratio, second)) > 20);
    }
};

}  // namespace cxr::ui

QTEST_MAIN(cxr::ui::TestHeatmapView)
#include "tst_heatmap_view.moc"
