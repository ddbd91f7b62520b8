// FilmPyramid: exact means, sizes, levels chosen for a zoom.
#include "core/image/film_pyramid.h"

#include <QTest>
#include <opencv2/core.hpp>

namespace cxr {

class TestFilmPyramid : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void meansOnPaper() {
        cv::Mat film(300, 300, CV_16UC1, cv::Scalar(0));
        film.at<std::uint16_t>(0, 0) = 65535;
        film.at<std::uint16_t>(0, 1) = 65535;
        film.at<std::uint16_t>(1, 0) = 65535;
        film.at<std::uint16_t>(1, 1) = 65534;
        film.at<std::uint16_t>(2, 3) = 2;  // a sum of 2 over 4 pixels rounds up to 1
        const FilmPyramid pyramid(film);
        QCOMPARE(pyramid.level(1).at<std::uint16_t>(0, 0), std::uint16_t{65535});
        QCOMPARE(pyramid.level(1).at<std::uint16_t>(1, 1), std::uint16_t{1});
        QCOMPARE(pyramid.level(1).at<std::uint16_t>(1, 0), std::uint16_t{0});
    }
    void oddSizesRepeatTheLastRowAndColumn() {
        cv::Mat film(301, 259, CV_16UC1, cv::Scalar(100));
        film.col(258).setTo(7);
        film.row(300).setTo(9);
        const FilmPyramid pyramid(film);
        const cv::Mat& half = pyramid.level(1);
        QCOMPARE(half.rows, 151);
        QCOMPARE(half.cols, 130);
        QCOMPARE(half.at<std::uint16_t>(0, 129), std::uint16_t{7});
        QCOMPARE(half.at<std::uint16_t>(150, 0), std::uint16_t{9});
    }
    void theMeanOfTheFilmIsKept() {
        cv::Mat film(1024, 512, CV_16UC1);
        cv::RNG random(3);
        random.fill(film, cv::RNG::UNIFORM, 0, 65536);
        const FilmPyramid pyramid(film);
        QCOMPARE(pyramid.levelCount(), 4);  // 1024, 512, 256, 128
        const double mean = cv::mean(film)[0];
        for (int i = 1; i < pyramid.levelCount(); ++i) QVERIFY(std::abs(cv::mean(pyramid.level(i))[0] - mean) < 1.0);
    }
    void theFilmItselfIsShared() {
        const cv::Mat film(200, 200, CV_16UC1, cv::Scalar(5));
        const FilmPyramid pyramid(film);
        QCOMPARE(pyramid.level(0).data, film.data);
        QCOMPARE(pyramid.extraBytes(), std::size_t{0});
        QCOMPARE(pyramid.level(1).cols, 100);
        QCOMPARE(pyramid.extraBytes(), std::size_t{100 * 100 * 2});
    }
    void levelsForAZoom() {
        const FilmPyramid pyramid(cv::Mat(2048, 2048, CV_16UC1, cv::Scalar(0)));
        QCOMPARE(pyramid.levelFor(0.1), 0);
        QCOMPARE(pyramid.levelFor(1), 0);
        QCOMPARE(pyramid.levelFor(1.3), 0);
        QCOMPARE(pyramid.levelFor(1.5), 1);
        QCOMPARE(pyramid.levelFor(4), 2);
        QCOMPARE(pyramid.levelFor(1e6), pyramid.levelCount() - 1);
    }
    void aFilmOfOnePixel() {
        const FilmPyramid pyramid(cv::Mat(1, 1, CV_16UC1, cv::Scalar(42)));
        QCOMPARE(pyramid.levelCount(), 1);
        QCOMPARE(pyramid.level(pyramid.levelFor(50)).at<std::uint16_t>(0, 0), std::uint16_t{42});
    }
};

}  // namespace cxr

QTEST_GUILESS_MAIN(cxr::TestFilmPyramid)
#include "tst_film_pyramid.moc"
