// ViewGeometry: film <-> widget under zoom, turns and mirroring.
#include "ui/viewport/view_geometry.h"

#include <QTest>

namespace cxr::ui {

namespace {
ViewGeometry fitted(FilmOrientation orientation = {}) {
    ViewGeometry view;
    view.filmSize = {1000, 500};
    view.widgetSize = {400, 400};
    view.orientation = orientation;
    view.fit();
    return view;
}
bool isNear(QPointF a, QPointF b) { return (a - b).manhattanLength() < 1e-9; }
}  // namespace

class TestViewGeometry : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void fitShowsTheWholeFilm() {
        const ViewGeometry view = fitted();
        QCOMPARE(view.zoom, 0.4);
        QVERIFY(isNear(view.toWidget({0, 0}), {0, 100}));
        QVERIFY(isNear(view.toWidget({1000, 500}), {400, 300}));
    }
    void aQuarterTurnIsClockwise() {
        const ViewGeometry view = fitted({1, false, false});
        QCOMPARE(view.zoom, 0.4);
        // what was the film's upper left corner is now the upper right one
        QVERIFY(isNear(view.toWidget({0, 0}), {300, 0}));
        QVERIFY(isNear(view.toWidget({1000, 0}), {300, 400}));
    }
    void mirroringComesAfterTurning() {
        const ViewGeometry view = fitted({1, true, false});
        QVERIFY(isNear(view.toWidget({0, 0}), {100, 0}));
        const ViewGeometry upsideDown = fitted({0, false, true});
        QVERIFY(isNear(upsideDown.toWidget({0, 0}), {0, 300}));
    }
    void thereAndBack() {
        for (int turns = 0; turns < 4; ++turns) {
            for (const bool flip : {false, true}) {
                ViewGeometry view = fitted({turns, flip, !flip});
                view.zoom = 1.7;
                const PointPx back = view.toFilm(view.toWidget({123.25, 77.5}));
                QVERIFY(std::abs(back.x - 123.25) < 1e-9 && std::abs(back.y - 77.5) < 1e-9);
            }
        }
    }
    void zoomKeepsThePointUnderTheCursor() {
        for (int turns = 0; turns < 4; ++turns) {
            ViewGeometry view = fitted({turns, true, false});
            const QPointF cursor(180, 220);
            const PointPx before = view.toFilm(cursor);
            view.zoomAbout(cursor, 3.0);
            QCOMPARE(view.zoom, 3.0);
            const PointPx after = view.toFilm(cursor);
            QVERIFY(std::abs(after.x - before.x) < 1e-9 && std::abs(after.y - before.y) < 1e-9);
        }
    }
    void zoomIsClamped() {
        ViewGeometry view = fitted();
        view.zoomAbout({200, 200}, 1e9);
        QCOMPARE(view.zoom, kLargestZoom);
        view.zoomAbout({200, 200}, 1e-9);
        QCOMPARE(view.zoom, kSmallestZoom);
    }
    void panFollowsTheMouseAndStaysOnTheFilm() {
        ViewGeometry view = fitted({1, false, true});
        const PointPx grabbed = view.toFilm({200, 200});
        view.panBy({30, -20});
        QVERIFY(isNear(view.toWidget(grabbed), {230, 180}));
        view.panBy({1e6, 1e6});
        QVERIFY(view.centre.x >= 0 && view.centre.x <= 1000 && view.centre.y >= 0 && view.centre.y <= 500);
    }
    void denseScreens() {
        ViewGeometry view = fitted();
        view.devicePixelRatio = 2;
        view.zoom = 1;  // one film pixel on one device pixel: half a logical pixel
        QCOMPARE(view.deviceSize(), QSize(800, 800));
        QCOMPARE(view.filmToWidget().m11(), 0.5);
        QCOMPARE(view.filmToDevice().m11(), 1.0);
    }
};

}  // namespace cxr::ui

QTEST_GUILESS_MAIN(cxr::ui::TestViewGeometry)
#include "tst_view_geometry.moc"
