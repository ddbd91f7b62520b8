// resampleVisible: against a double-precision bilinear of the same level, and against flipping and turning by hand.
#include "ui/viewport/film_resampler.h"

#include <QTest>
#include <opencv2/core.hpp>

#include "ui/viewport/view_geometry.h"

namespace cxr::ui {

namespace {

cv::Mat randomFilm(int rows, int columns) {
    cv::Mat film(rows, columns, CV_16UC1);
    cv::RNG random(7);
    random.fill(film, cv::RNG::UNIFORM, 0, 65536);
    return film;
}

double bilinear(const cv::Mat& level, double x, double y) {
    const double cx = std::clamp(x - 0.5, 0.0, level.cols - 1.0);
    const double cy = std::clamp(y - 0.5, 0.0, level.rows - 1.0);
    const int x0 = static_cast<int>(cx), y0 = static_cast<int>(cy);
    const int x1 = std::min(x0 + 1, level.cols - 1), y1 = std::min(y0 + 1, level.rows - 1);
    const double fx = cx - x0, fy = cy - y0;
    const auto at = [&](int r, int c) { return static_cast<double>(level.at<std::uint16_t>(r, c)); };
    return (1 - fy) * ((1 - fx) * at(y0, x0) + fx * at(y0, x1)) + fy * ((1 - fx) * at(y1, x0) + fx * at(y1, x1));
}

ViewGeometry geometry(const cv::Mat& film, double zoom, FilmOrientation orientation = {}) {
    ViewGeometry view;
    view.filmSize = {film.cols, film.rows};
    view.widgetSize = {200, 160};
    view.zoom = zoom;
    view.centre = {film.cols / 2.0 + 0.3, film.rows / 2.0 - 0.2};
    view.orientation = orientation;
    return view;
}

}  // namespace

class TestFilmResampler : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void agreesWithDoublePrecision_data() {
        QTest::addColumn<double>("zoom");
        QTest::addColumn<int>("turns");
        for (const double zoom : {0.2, 0.37, 0.8, 1.0, 2.5, 7.9}) {
            for (int turns = 0; turns < 4; ++turns) {
                QTest::newRow(qPrintable(QStringLiteral("zoom %1 turns %2").arg(zoom).arg(turns))) << zoom << turns;
            }
        }
    }
    void agreesWithDoublePrecision() {
        QFETCH(double, zoom);
        QFETCH(int, turns);
        const FilmPyramid film(randomFilm(331, 400));
        const ViewGeometry view = geometry(film.level(0), zoom, {turns, turns == 1, turns > 1});
        ResampledFilm result;
        resampleVisible(film, view.filmToDevice(), view.deviceSize(), result);
        QVERIFY(!result.deviceRect.isEmpty());
        const int level = film.levelFor(1 / zoom);
        for (int y = 0; y < result.samples.rows; y += 3) {
            for (int x = 0; x < result.samples.cols; x += 3) {
                const PointPx at = view.toFilm(QPointF(result.deviceRect.x() + x + 0.5, result.deviceRect.y() + y + 0.5));
                const double expected = bilinear(film.level(level), at.x / (1 << level), at.y / (1 << level));
                const double got = result.samples.at<std::uint16_t>(y, x);
                QVERIFY2(std::abs(got - expected) < 6, qPrintable(QStringLiteral("%1 %2: %3 %4").arg(x).arg(y).arg(got).arg(expected)));
            }
        }
    }
    void oneToOneIsTheFilm() {
        const cv::Mat samples = randomFilm(160, 200);
        ViewGeometry view = geometry(samples, 1);
        view.centre = {100, 80};
        ResampledFilm result;
        resampleVisible(FilmPyramid(samples), view.filmToDevice(), view.deviceSize(), result);
        QCOMPARE(result.deviceRect, QRect(0, 0, 200, 160));
        QCOMPARE(cv::countNonZero(result.samples != samples), 0);
    }
    void pixelsAreSeenFromEightTimesOn() {
        const cv::Mat samples = randomFilm(300, 300);
        const ViewGeometry view = geometry(samples, 16);
        ResampledFilm result;
        resampleVisible(FilmPyramid(samples), view.filmToDevice(), view.deviceSize(), result);
        for (int x = 0; x < 200; ++x) {
            const PointPx at = view.toFilm(QPointF(x + 0.5, 40.5));
            QCOMPARE(result.samples.at<std::uint16_t>(40, x),
                     samples.at<std::uint16_t>(static_cast<int>(at.y), static_cast<int>(at.x)));
        }
    }
    void onlyTheFilmIsPainted() {
        const cv::Mat samples = randomFilm(100, 100);
        ViewGeometry view = geometry(samples, 1);
        view.centre = {0, 0};
        ResampledFilm result;
        resampleVisible(FilmPyramid(samples), view.filmToDevice(), view.deviceSize(), result);
        QCOMPARE(result.deviceRect, QRect(100, 80, 100, 80));
    }
    void aFilmOfOnePixelIsThere() {
        const cv::Mat one(1, 1, CV_16UC1, cv::Scalar(1234));
        ViewGeometry view = geometry(one, 4);
        ResampledFilm result;
        resampleVisible(FilmPyramid(one), view.filmToDevice(), view.deviceSize(), result);
        QCOMPARE(result.deviceRect.size(), QSize(4, 4));
        QCOMPARE(cv::countNonZero(result.samples != 1234), 0);
    }
    void outOfViewIsEmpty() {
        ResampledFilm result;
        resampleVisible(FilmPyramid(randomFilm(50, 50)), QTransform::fromTranslate(1000, 0), {200, 160}, result);
        QVERIFY(result.deviceRect.isEmpty());
    }
};

}  // namespace cxr::ui

QTEST_GUILESS_MAIN(cxr::ui::TestFilmResampler)
#include "tst_film_resampler.moc"
