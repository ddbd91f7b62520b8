// The proposed heart outline: on phantoms of known hearts, on real films with masks, and what is refused.
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"
#include "core/measure/heart_label.h"
#include "core/measure/mask_metrics.h"
#include "core/measure/polygon_text.h"
#include "tests/support/test_data.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

GrayFilm filmOf(const cv::Mat& gray8) {
    GrayFilm film{gray8.cols, gray8.rows, {}};
    cv::Mat values;
    gray8.convertTo(values, CV_32F, 1.0 / 255);
    film.values.assign(values.begin<float>(), values.end<float>());
    return film;
}

HeartBounds rowsOf(const cv::Mat& mask) {
    const cv::Rect box = cv::boundingRect(mask);
    return {static_cast<double>(box.y), static_cast<double>(box.y + box.height), {}, {}};
}

// A bright disc on a dark ground.
GrayFilm discFilm(int side, cv::Point centre, int radius) {
    cv::Mat gray(side, side, CV_8U, cv::Scalar(40));
    cv::circle(gray, centre, radius, 200, cv::FILLED);
    return filmOf(gray);
}

}  // namespace

class TestHeartLabel : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void disc_data() {
        QTest::addColumn<int>("side");
        for (const int side : {200, 600, 2000}) QTest::addRow("%d px", side) << side;
    }
    void disc() {
        QFETCH(int, side);
        const int radius = side / 5;
        const auto proposal = proposeHeart(discFilm(side, {side / 2, side / 2}, radius), {side / 2.0 - radius, side / 2.0 + radius, {}, {}});
        QVERIFY2(proposal.isOk(), proposal.isOk() ? "" : proposal.error().message.c_str());
        cv::Mat truth(side, side, CV_8U, cv::Scalar(0));
        cv::circle(truth, {side / 2, side / 2}, radius, 255, cv::FILLED);
        const double dice = diceOf(proposal.value().mask, truth);
        QVERIFY2(dice > 0.97, qPrintable(QString::number(dice)));
        QVERIFY(proposal.value().outline.size() < 80);
    }

    void staysBetweenTheBounds() {
        const HeartBounds bounds{90, 170, 80, 160};
        const auto proposal = proposeHeart(discFilm(240, {120, 120}, 60), bounds);
        QVERIFY(proposal.isOk());
        const BoundsPx box = boundsOf(proposal.value().outline);
        QVERIFY(box.top >= 90 && box.bottom <= 170 && box.left >= 80 && box.right <= 160);
        QVERIFY(box.width() > 70);
    }

    void maskIsTheOutlineFilled() {
        const auto proposal = proposeHeart(discFilm(240, {120, 120}, 50), {70, 170, {}, {}});
        QVERIFY(proposal.isOk());
        const auto again = parsePolygon(polygonText(proposal.value().outline));
        QVERIFY(again.isOk());
        QCOMPARE(again.value(), proposal.value().outline);
        QCOMPARE(cv::countNonZero(fillPolygon(again.value(), {240, 240}) != proposal.value().mask), 0);
    }

    void phantom() {
        const Phantom film = makePhantom();
        const auto proposal = proposeHeart(filmOf(renderGray8(film.image, fullRangeVoi(film.image))), rowsOf(film.heart));
        QVERIFY2(proposal.isOk(), proposal.isOk() ? "" : proposal.error().message.c_str());
        const double dice = diceOf(proposal.value().mask, film.heart);
        QVERIFY2(dice > 0.85, qPrintable(QString::number(dice)));
    }

    void refusals_data() {
        QTest::addColumn<double>("upper");
        QTest::addColumn<double>("lower");
        QTest::addColumn<double>("left");
        QTest::addColumn<double>("right");
        QTest::newRow("above the film") << -1.0 << 100.0 << 0.0 << 200.0;
        QTest::newRow("below the film") << 50.0 << 201.0 << 0.0 << 200.0;
        QTest::newRow("wrong order") << 100.0 << 50.0 << 0.0 << 200.0;
        QTest::newRow("too thin") << 100.0 << 110.0 << 0.0 << 200.0;
        QTest::newRow("columns in wrong order") << 50.0 << 150.0 << 120.0 << 80.0;
        QTest::newRow("right of the film") << 50.0 << 150.0 << 100.0 << 300.0;
        QTest::newRow("not a number") << std::nan("") << 100.0 << 0.0 << 200.0;
    }
    void refusals() {
        QFETCH(double, upper);
        QFETCH(double, lower);
        QFETCH(double, left);
        QFETCH(double, right);
        const auto proposal = proposeHeart(discFilm(200, {100, 100}, 50), {upper, lower, left, right});
        QVERIFY(!proposal.isOk());
        QVERIFY(proposal.error().code == ErrorCode::InvalidArgument);
    }

    void aBlankFilmHasNoHeart() {
        for (const int gray : {0, 128, 255}) {
            QVERIFY(!proposeHeart(filmOf(cv::Mat(200, 200, CV_8U, cv::Scalar(gray))), {50, 150, {}, {}}).isOk());
        }
    }

    void badTraces_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << "";
        QTest::newRow("two vertices") << "1 2\n3 4\n";
        QTest::newRow("one number") << "1 2\n3\n5 6\n7 8\n";
        QTest::newRow("three numbers") << "1 2 3\n3 4\n5 6\n";
        QTest::newRow("words") << "x y\n1 2\n3 4\n5 6\n";
        QTest::newRow("infinite") << "inf 2\n3 4\n5 6\n";
        QTest::newRow("far away") << "1e9 2\n3 4\n5 6\n";
    }
    void badTraces() {
        QFETCH(QString, text);
        const auto parsed = parsePolygon(text.toStdString());
        QVERIFY(!parsed.isOk());
        QVERIFY(parsed.error().code == ErrorCode::Corrupt);
    }

    void tracesOfOthers() {
        const auto parsed = parsePolygon("# x, y\r\n1.5, 2\r\n\r\n 3\t4 \r\n5 6");
        QVERIFY(parsed.isOk());
        QCOMPARE(parsed.value(), (Polygon{{1.5, 2}, {3, 4}, {5, 6}}));
    }

    void realHearts_data() {
        QTest::addColumn<QString>("site");
        QTest::addColumn<double>("leastMean");
        QTest::newRow("jsrt") << "jsrt" << 0.90;
        QTest::newRow("wingspan") << "wingspan" << 0.86;
    }
    // Rows from the true masks; 40 films of each site.
    void realHearts() {
        QFETCH(QString, site);
        QFETCH(double, leastMean);
        const fs::path folder = test::dataFolder() / "heart" / site.toStdString();
        if (!fs::exists(folder)) QSKIP("there are no real hearts here; set CXR_DATA_DIR");
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder / "heart")) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        std::vector<double> dices;
        for (std::size_t i = 1; i < files.size() && dices.size() < 40; i += 4) {
            const cv::Mat truth = cv::imread(files[i].string(), cv::IMREAD_GRAYSCALE) > 0;
            const cv::Mat gray = cv::imread((folder / "image" / files[i].filename()).string(), cv::IMREAD_GRAYSCALE);
            if (cv::countNonZero(truth) == 0 || gray.size() != truth.size()) continue;
            const auto proposal = proposeHeart(filmOf(gray), rowsOf(truth));
            QVERIFY2(proposal.isOk(), proposal.isOk() ? "" : proposal.error().message.c_str());
            dices.push_back(diceOf(proposal.value().mask, truth));
        }
        QCOMPARE(dices.size(), std::size_t{40});
        const double mean = std::accumulate(dices.begin(), dices.end(), 0.0) / static_cast<double>(dices.size());
        qInfo("%s: mean Dice %.3f, smallest %.3f", qPrintable(site), mean, *std::min_element(dices.begin(), dices.end()));
        QVERIFY2(mean > leastMean, qPrintable(QString::number(mean)));
    }
};

QTEST_GUILESS_MAIN(TestHeartLabel)
#include "tst_heart_label.moc"
