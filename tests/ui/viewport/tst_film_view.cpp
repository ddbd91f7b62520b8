// FilmView as a user meets it: real mouse, wheel and keys on the real widget, pixels of what it paints.
#include "ui/viewport/film_view.h"

#include <QDropEvent>
#include <QImage>
#include <QMimeData>
#include <QPointingDevice>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>
#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <cmath>

#include "tests/ui/viewport/chest_sample.h"

namespace cxr::ui {

namespace {

constexpr QSize kSize(600, 500);

QImage painted(FilmView& view) { return view.grab().toImage().convertToFormat(QImage::Format_RGB32); }

int grayAt(const QImage& picture, QPointF at) { return qGray(picture.pixel(at.toPoint())); }

void drag(FilmView& view, Qt::MouseButton button, QPoint from, QPoint to) {
    QTest::mousePress(&view, button, {}, from);
    // QTest::mouseMove carries no button on some platforms: send what a real drag sends
    for (const QPoint at : {from + (to - from) / 2, to}) {
        QMouseEvent move(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, button, {});
        QCoreApplication::sendEvent(&view, &move);
    }
    QTest::mouseRelease(&view, button, {}, to);
}

void hover(FilmView& view, QPointF at) {
    QMouseEvent move(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QCoreApplication::sendEvent(&view, &move);
}

QPointingDevice* touchScreen() {
    static QPointingDevice* const kScreen = QTest::createTouchDevice();
    return kScreen;
}

void tap(FilmView& view, QPoint at) {
    QTest::touchEvent(&view, touchScreen()).press(0, at, &view);
    QTest::touchEvent(&view, touchScreen()).release(0, at, &view);
}

// Two fingers go down and then, in small steps, from `from` to `to`.
void touch(FilmView& view, std::array<QPointF, 2> from, std::array<QPointF, 2> to) {
    constexpr int kSteps = 20;
    QTest::touchEvent(&view, touchScreen()).press(0, from[0].toPoint(), &view);
    QTest::touchEvent(&view, touchScreen()).move(0, from[0].toPoint(), &view).press(1, from[1].toPoint(), &view);
    const auto at = [&](std::size_t finger, int step) {
        return (from[finger] + (to[finger] - from[finger]) * step / kSteps).toPoint();
    };
    for (int i = 0; i <= kSteps; ++i)
        QTest::touchEvent(&view, touchScreen()).move(0, at(0, i), &view).move(1, at(1, i), &view);
    QTest::touchEvent(&view, touchScreen()).release(0, at(0, kSteps), &view).release(1, at(1, kSteps), &view);
}

void wheel(FilmView& view, QPointF at, int steps) {
    QWheelEvent event(at, view.mapToGlobal(at), {}, {0, 120 * steps}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&view, &event);
}

}  // namespace

class TestFilmView : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<FilmView> m_view;

  private Q_SLOTS:
    void initTestCase() { qRegisterMetaType<PointPx>(); }
    void init() {
        m_view = std::make_unique<FilmView>();
        m_view->resize(kSize);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void emptyViewTellsHowToOpen() {
        const QImage before = painted(*m_view);
        QVERIFY(qGray(before.pixel(5, 5)) < 20);
        int bright = 0;
        for (int x = 0; x < before.width(); ++x) bright = std::max(bright, qGray(before.pixel(x, 300)));
        m_view->setMessage(QStringLiteral("a.dcm: the file ends before its pixel data."));
        QCOMPARE(m_view->message(), QStringLiteral("a.dcm: the file ends before its pixel data."));
        QVERIFY(painted(*m_view) != before);
        m_view->setImage(test::rampFilm());
        QVERIFY(m_view->message().isEmpty());
    }
    void aFilmIsFittedWithItsDefaultWindow() {
        const ImagePtr film = test::rampFilm();
        m_view->setImage(film);
        QCOMPARE(m_view->image(), film);
        QCOMPARE(m_view->voi(), film->defaultVoi);
        QCOMPARE(m_view->zoom(), 500.0 / 1024);
        m_view->setBannerVisible(false);
        const QImage picture = painted(*m_view);
        const auto table = grayTable8(*film, film->defaultVoi);
        for (const PointPx at : {PointPx{300, 200}, PointPx{512, 700}, PointPx{800, 400}}) {
            const int expected = table[static_cast<std::size_t>(16 * (at.x - 0.5) + at.y / 4)];
            QVERIFY(std::abs(grayAt(picture, m_view->toWidget(at)) - expected) <= 2);
        }
    }
    void leftDragSetsTheWindow() {
        m_view->setImage(test::rampFilm());
        const QImage before = painted(*m_view);
        const VoiSetting voi = m_view->voi();
        QSignalSpy changed(m_view.get(), &FilmView::voiChanged);
        drag(*m_view, Qt::LeftButton, {300, 250}, {360, 200});
        QVERIFY(changed.count() >= 1);
        QVERIFY(m_view->voi().width > voi.width);    // right: wider
        QVERIFY(m_view->voi().center < voi.center);  // up: brighter
        const QImage after = painted(*m_view);
        QVERIFY(grayAt(after, {300, 250}) > grayAt(before, {300, 250}));
    }
    void upIsBrighterOnAMonochrome1FilmToo() {
        m_view->setImage(test::phantomFilm(true));
        const QImage before = painted(*m_view);
        drag(*m_view, Qt::LeftButton, {300, 250}, {300, 200});
        QVERIFY(grayAt(painted(*m_view), {300, 300}) > grayAt(before, {300, 300}));
    }
    void escapeTakesTheWindowBack() {
        m_view->setImage(test::rampFilm());
        const VoiSetting before = m_view->voi();
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {300, 250});
        QMouseEvent move(QEvent::MouseMove, QPointF(360, 300), m_view->mapToGlobal(QPointF(360, 300)), Qt::NoButton,
                         Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_view.get(), &move);
        QVERIFY(!(m_view->voi() == before));
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(m_view->voi(), before);
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {360, 300});
        QCOMPARE(m_view->voi(), before);
    }
    void wheelKeepsThePointUnderTheCursor() {
        m_view->setImage(test::rampFilm());
        QSignalSpy changed(m_view.get(), &FilmView::viewChanged);
        const QPointF cursor(380, 190);
        const PointPx before = m_view->toFilm(cursor);
        const double zoom = m_view->zoom();
        wheel(*m_view, cursor, 3);
        QVERIFY(m_view->zoom() > 1.5 * zoom);
        const PointPx after = m_view->toFilm(cursor);
        QVERIFY(std::abs(after.x - before.x) < 1e-6 && std::abs(after.y - before.y) < 1e-6);
        QCOMPARE(changed.count(), 1);
        wheel(*m_view, cursor, -3);
        QVERIFY(std::abs(m_view->zoom() - zoom) < 1e-9);
    }
    void middlePansRightZoomsDoubleClickFits() {
        m_view->setImage(test::rampFilm());
        m_view->setZoom(2);
        const PointPx grabbed = m_view->toFilm(QPointF(300, 250));
        drag(*m_view, Qt::MiddleButton, {300, 250}, {340, 210});
        QVERIFY((m_view->toWidget(grabbed) - QPointF(340, 210)).manhattanLength() < 1e-6);
        QSignalSpy menu(m_view.get(), &FilmView::contextMenuWanted);
        drag(*m_view, Qt::RightButton, {300, 250}, {300, 110});
        QVERIFY(std::abs(m_view->zoom() - 4) < 1e-9);
        QCOMPARE(menu.count(), 0);
        QTest::mouseClick(m_view.get(), Qt::RightButton, {}, {300, 250});
        QCOMPARE(menu.count(), 1);
        QTest::mouseDClick(m_view.get(), Qt::LeftButton, {}, {300, 250});
        QCOMPARE(m_view->zoom(), 500.0 / 1024);
    }
    void arrowsPan() {
        m_view->setImage(test::rampFilm());
        m_view->setZoom(1);
        const PointPx before = m_view->centre();
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(m_view->centre().x, before.x + 48);
        QTest::keyClick(m_view.get(), Qt::Key_Up);
        QCOMPARE(m_view->centre().y, before.y - 48);
    }
    void fitFollowsTheWindowUntilTheUserZooms() {
        m_view->setImage(test::rampFilm());
        m_view->resize(900, 800);
        QTRY_COMPARE(m_view->zoom(), 800.0 / 1024);
        m_view->setZoom(1);
        m_view->resize(500, 400);
        QTRY_COMPARE(m_view->size(), QSize(500, 400));
        QCOMPARE(m_view->zoom(), 1.0);
    }
    void turnsAndFlipsMoveThePixels() {
        m_view->setImage(test::rampFilm());
        m_view->setBannerVisible(false);
        const QImage upright = painted(*m_view);
        const PointPx at{700, 300};
        const int gray = grayAt(upright, m_view->toWidget(at));
        QSignalSpy turned(m_view.get(), &FilmView::orientationChanged);
        for (const FilmOrientation orientation : {FilmOrientation{1, false, false}, FilmOrientation{0, true, false},
                                                  FilmOrientation{3, true, true}}) {
            m_view->setOrientation(orientation);
            QVERIFY(std::abs(grayAt(painted(*m_view), m_view->toWidget(at)) - gray) <= 2);
        }
        QCOMPARE(turned.count(), 3);
        m_view->setOrientation({0, true, false});
        QVERIFY(m_view->toWidget({0, 0}).x() > m_view->toWidget({1024, 0}).x());
    }
    void invertedIsTheNegative() {
        m_view->setImage(test::rampFilm());
        m_view->setBannerVisible(false);
        const int before = grayAt(painted(*m_view), {300, 250});
        m_view->setInverted(true);
        QVERIFY(std::abs(grayAt(painted(*m_view), {300, 250}) - (255 - before)) <= 1);
    }
    void monochrome1And2LookTheSame() {
        m_view->setBannerVisible(false);
        m_view->setImage(test::phantomFilm(false));
        const QImage two = painted(*m_view);
        m_view->setImage(test::phantomFilm(true));
        const QImage one = painted(*m_view);
        int largest = 0;
        for (int y = 0; y < one.height(); y += 2) {
            for (int x = 0; x < one.width(); x += 2) largest = std::max(largest, std::abs(qGray(one.pixel(x, y)) - qGray(two.pixel(x, y))));
        }
        QVERIFY2(largest <= 3, qPrintable(QString::number(largest)));
    }
    void twoFingersZoomAboutThePointBetweenThem() {
        m_view->setImage(test::rampFilm());
        const VoiSetting voi = m_view->voi();
        const double before = m_view->zoom();
        const PointPx between = m_view->toFilm({300, 200});
        touch(*m_view, {QPointF(260, 200), QPointF(340, 200)}, {QPointF(180, 200), QPointF(420, 200)});
        QVERIFY2(std::abs(m_view->zoom() / before - 3) < 0.05, qPrintable(QString::number(m_view->zoom() / before)));
        const QPointF now = m_view->toWidget(between);
        QVERIFY2(std::hypot(now.x() - 300, now.y() - 200) < 2, qPrintable(QString("%1 %2").arg(now.x()).arg(now.y())));
        QCOMPARE(m_view->voi(), voi);  // the first finger does not change the window meanwhile
    }
    void twoFingersPan() {
        m_view->setImage(test::rampFilm());
        const VoiSetting voi = m_view->voi();
        m_view->setZoom(1);
        const PointPx under = m_view->toFilm({300, 200});
        touch(*m_view, {QPointF(260, 200), QPointF(340, 200)}, {QPointF(320, 240), QPointF(400, 240)});
        QVERIFY(std::abs(m_view->zoom() - 1) < 0.01);
        const QPointF now = m_view->toWidget(under);
        QVERIFY2(std::hypot(now.x() - 360, now.y() - 240) < 2, qPrintable(QString("%1 %2").arg(now.x()).arg(now.y())));
        QCOMPARE(m_view->voi(), voi);
    }
    void theFilmStaysUnderBothFingers() {
        m_view->setImage(test::rampFilm());
        const std::array<QPointF, 2> from{QPointF(220, 180), QPointF(340, 260)}, to{QPointF(160, 240), QPointF(400, 400)};
        const std::array<PointPx, 2> under{m_view->toFilm(from[0]), m_view->toFilm(from[1])};
        touch(*m_view, from, to);
        for (std::size_t i = 0; i < 2; ++i) {
            const QPointF now = m_view->toWidget(under[i]);
            QVERIFY2(std::hypot(now.x() - to[i].x(), now.y() - to[i].y()) < 4,
                     qPrintable(QString("%1 %2").arg(now.x()).arg(now.y())));
        }
    }
    void oneFingerDoesWhatTheLeftButtonDoes() {
        m_view->setImage(test::rampFilm());
        const VoiSetting before = m_view->voi();
        drag(*m_view, Qt::LeftButton, {300, 200}, {360, 240});
        const VoiSetting byMouse = m_view->voi();
        QVERIFY(byMouse != before);
        m_view->setVoi(before);
        QTest::touchEvent(m_view.get(), touchScreen()).press(0, {300, 200}, m_view.get());
        for (const QPoint at : {QPoint(330, 220), QPoint(360, 240)})
            QTest::touchEvent(m_view.get(), touchScreen()).move(0, at, m_view.get());
        QTest::touchEvent(m_view.get(), touchScreen()).release(0, {360, 240}, m_view.get());
        QCOMPARE(m_view->voi(), byMouse);
    }
    void aDoubleTapFits() {
        m_view->setImage(test::rampFilm());
        const double fitted = m_view->zoom();
        m_view->setZoom(2);
        tap(*m_view, {300, 200});
        QCOMPARE(m_view->zoom(), 2.0);
        tap(*m_view, {302, 201});
        QCOMPARE(m_view->zoom(), fitted);
        m_view->setZoom(2);
        tap(*m_view, {100, 100});  // the third tap begins anew
        tap(*m_view, {400, 300});  // far from the one before
        QCOMPARE(m_view->zoom(), 2.0);
    }
    void theCursorIsReported() {
        m_view->setImage(test::rampFilm());
        QSignalSpy moved(m_view.get(), &FilmView::cursorMoved);
        const QPoint at = m_view->toWidget({400.5, 300.5}).toPoint();
        hover(*m_view, at);
        QCOMPARE(moved.count(), 1);
        const QList<QVariant> inside = moved.last();
        const PointPx film = m_view->toFilm(at);
        QCOMPARE(inside.at(0).toBool(), true);
        QCOMPARE(inside.at(1).toInt(), static_cast<int>(film.x));
        QCOMPARE(inside.at(3).toDouble(), 16.0 * inside.at(1).toInt() + inside.at(2).toInt() / 4);
        hover(*m_view, {5, 5});  // beside the fitted film
        QCOMPARE(moved.last().at(0).toBool(), false);
    }
    void theBannerIsOnTheFilm() {
        m_view->setImage(test::phantomFilm());
        const QImage with = painted(*m_view);
        m_view->setBannerVisible(false);
        const QImage without = painted(*m_view);
        QVERIFY(with.copy(0, 0, 250, 80) != without.copy(0, 0, 250, 80));
        // the notice stays, whatever is hidden
        const QRect notice(kSize.width() - 190, kSize.height() - 34, 180, 24);
        QCOMPARE(with.copy(notice), without.copy(notice));
        int amber = 0;
        const QImage corner = without.copy(notice);
        for (int y = 0; y < corner.height(); ++y) {
            for (int x = 0; x < corner.width(); ++x) {
                const QColor colour = corner.pixelColor(x, y);
                if (colour.red() > 230 && colour.blue() < 140) ++amber;
            }
        }
        QVERIFY(amber > 50);
    }
    void overlaysCanBeHidden() {
        m_view->setImage(test::phantomFilm());
        const QImage plain = painted(*m_view);
        m_view->setMeasurement(test::chestSample(), QStringLiteral("Heart and lungs 1.0"));
        const QImage with = painted(*m_view);
        const QPointF onHeart = m_view->toWidget({520, 490});
        QVERIFY(with.pixelColor(onHeart.toPoint()).red() > with.pixelColor(onHeart.toPoint()).blue() + 60);
        m_view->setOverlaysVisible(false);
        QCOMPARE(painted(*m_view), plain);
    }
    void overlayPlanesAreDrawn() {
        Image image = *test::rampFilm();
        OverlayPlane plane;
        plane.originColumn = 101;
        plane.originRow = 201;
        plane.mask = cv::Mat(100, 200, CV_8UC1, cv::Scalar(255));
        image.overlays.push_back(plane);
        m_view->setImage(std::make_shared<const Image>(image));
        const QColor on = painted(*m_view).pixelColor(m_view->toWidget({200, 250}).toPoint());
        QVERIFY(on.green() > on.red() + 40);
        const QColor off = painted(*m_view).pixelColor(m_view->toWidget({320, 250}).toPoint());
        QCOMPARE(off.green(), off.red());
        m_view->setOverlaysVisible(false);
        const QColor hidden = painted(*m_view).pixelColor(m_view->toWidget({200, 250}).toPoint());
        QCOMPARE(hidden.green(), hidden.red());
    }
    void droppedFilesAreTold() {
        QSignalSpy dropped(m_view.get(), &FilmView::filesDropped);
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(QStringLiteral("/films/a.dcm")), QUrl(QStringLiteral("https://example.org/b"))});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &files, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_view.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &files, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_view.get(), &drop);
        QCOMPARE(dropped.count(), 1);
        QCOMPARE(dropped.at(0).at(0).toStringList(), QStringList{QStringLiteral("/films/a.dcm")});
    }
    void aPyramidFromAWorkerPaintsTheSame() {
        const ImagePtr film = test::phantomFilm();
        m_view->setImage(film);
        const QImage own = painted(*m_view);
        FilmPyramid pyramid(film->samples);
        (void)pyramid.level(pyramid.levelCount() - 1);
        m_view->setImage(test::rampFilm());
        QVERIFY(painted(*m_view) != own);
        m_view->setImage(film, pyramid);
        QCOMPARE(painted(*m_view), own);
    }
    void anotherFilmStartsAfresh() {
        m_view->setImage(test::phantomFilm());
        m_view->setMeasurement(test::chestSample(), QStringLiteral("m"));
        m_view->setInverted(true);
        m_view->setOrientation({1, true, false});
        m_view->setImage(test::rampFilm());
        QVERIFY(!m_view->measurement() && !m_view->isInverted() && m_view->orientation() == FilmOrientation{});
        m_view->setImage(nullptr);
        QVERIFY(!m_view->image());
        QVERIFY(!painted(*m_view).isNull());
    }
};

}  // namespace cxr::ui

QTEST_MAIN(cxr::ui::TestFilmView)
#include "tst_film_view.moc"
