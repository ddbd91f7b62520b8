// What a network reads: each framing against what it stands for, planes on one grid, where the grid lies on the film, priors.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/network_input.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/prior/heartspot.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

struct Chest {
    GrayFilm film;
    Segmentation segmentation;
};

Chest chestOf(int width, int height) {
    PhantomSpec spec;
    spec.width = width;
    spec.height = height;
    const Phantom phantom = makePhantom(spec);
    return {networkFilm(phantom.image, 2048, nullptr), test::segmentationOf(phantom)};
}

ModelInput inputOf(const std::string& framing, int size = 64, std::vector<std::string> planes = {"film"}) {
    ModelInput input;
    input.framing = framing;
    input.size = size;
    input.normalisation = "unit";
    input.planes = std::move(planes);
    return input;
}

ModelInput heartSpotInput(const std::string& prior, const std::string& framing) {
    const PriorSpec spec = priorByName(prior).value();
    ModelInput input = inputOf(framing, spec.pool ? 160 : 320);
    input.priorJson = spec.toJson();
    input.priorHash = spec.hash();
    return input;
}

// A bright square on a dark film.
GrayFilm marked(int width, int height, cv::Rect mark) {
    GrayFilm film{width, height, std::vector<float>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0.2F)};
    cv::Mat(height, width, CV_32FC1, film.values.data())(mark).setTo(1);
    return film;
}

PointPx brightest(const NetworkPlanes& planes) {
    const cv::Mat plane(planes.height, planes.width, CV_32FC1, const_cast<float*>(planes.values.data()));
    double x = 0, y = 0, count = 0;
    for (int i = 0; i < plane.rows; ++i) {
        for (int j = 0; j < plane.cols; ++j) {
            if (plane.at<float>(i, j) > 0.6F) x += j + 0.5, y += i + 0.5, ++count;
        }
    }
    return {x / count, y / count};
}

cv::Mat region(int side = 100) {
    cv::Mat gray(side, side, CV_8UC1, cv::Scalar(0));
    gray(cv::Rect(side / 4, side / 4, side / 2, side / 2)).setTo(200);
    return gray;
}

bool failsWith(const Result<NetworkInput>& result, ErrorCode code) { return !result.isOk() && result.error().code == code; }

}  // namespace

class TestNetworkInput : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void gridPointsLieOnTheFilm_data() {
        QTest::addColumn<QString>("framing");
        for (const char* framing : {"letterbox", "centre-crop", "thorax"}) QTest::newRow(framing) << framing;
    }
    // A mark on the film is found at the grid cell that the frame leads back to it.
    void gridPointsLieOnTheFilm() {
        QFETCH(QString, framing);
        Chest chest = chestOf(900, 700);
        chest.film = marked(900, 700, {480, 330, 40, 40});
        const auto made = networkInput(inputOf(framing.toStdString(), 128), chest.film, &chest.segmentation);
        QVERIFY(made.isOk());
        QCOMPARE(made.value().planes.values.size(), std::size_t{128} * 128);
        QVERIFY(made.value().frame.isTrusted);
        const PointPx cell = brightest(made.value().planes);
        const PointPx onFilm = made.value().frame.onFilm(cell.x, cell.y);
        QVERIFY2(std::hypot(onFilm.x - 500, onFilm.y - 350) < 4, qPrintable(QString("%1 %2").arg(onFilm.x).arg(onFilm.y)));
        const PlaneFrame larger = scaled(made.value().frame, 2.5);
        QVERIFY(std::abs(larger.onFilm(cell.x, cell.y).x - 2.5 * onFilm.x) < 1e-9);
    }

    void letterboxShowsAllAndCropShowsTheMiddle() {
        const GrayFilm film = marked(400, 200, {0, 0, 400, 200});
        const auto all = networkInput(inputOf("letterbox", 40), film, nullptr);
        const auto middle = networkInput(inputOf("centre-crop", 40), film, nullptr);
        QVERIFY(all.isOk() && middle.isOk());
        const cv::Mat box(40, 40, CV_32FC1, const_cast<float*>(all.value().planes.values.data()));
        const cv::Mat crop(40, 40, CV_32FC1, const_cast<float*>(middle.value().planes.values.data()));
        QVERIFY(std::abs(cv::mean(box)[0] - 0.5) < 0.01 && box.at<float>(2, 20) == 0 && box.at<float>(20, 2) > 0.99F);
        QVERIFY(cv::countNonZero(crop < 0.99) == 0);
        QCOMPARE(all.value().frame.onFilm(0, 0), (PointPx{0, -100}));
        QCOMPARE(middle.value().frame.onFilm(40, 40), (PointPx{300, 200}));
    }

    void organsLieOnTheSameGridAsTheFilm() {
        const Chest chest = chestOf(800, 800);
        const auto made = networkInput(inputOf("thorax", 96, {"film", "heart", "left_lung", "right_lung"}), chest.film, &chest.segmentation);
        QVERIFY(made.isOk());
        const NetworkPlanes& planes = made.value().planes;
        QCOMPARE(planes.channels, 4);
        const std::size_t cells = 96 * 96;
        QCOMPARE(planes.values.size(), 4 * cells);
        // Where the left lung is sure, the film is dark; its mean column is right of the heart's.
        double lungGray = 0, lungCells = 0, lungX = 0, heartX = 0, heartCells = 0;
        for (std::size_t i = 0; i < cells; ++i) {
            const auto x = static_cast<double>(i % 96);
            if (planes.values[2 * cells + i] > 0.9F) lungGray += planes.values[i], lungX += x, ++lungCells;
            if (planes.values[cells + i] > 0.9F) heartX += x, ++heartCells;
        }
        QVERIFY(lungCells > 300 && heartCells > 300);
        const cv::Mat film(96, 96, CV_32FC1, const_cast<float*>(planes.values.data()));
        QVERIFY(lungGray / lungCells < cv::mean(film)[0]);
        QVERIFY(lungX / lungCells > heartX / heartCells + 8);
    }

    void thoraxFallsBackToTheCentre() {
        Chest chest = chestOf(600, 500);
        for (Plane& plane : chest.segmentation.probability) std::fill(plane.values.begin(), plane.values.end(), 0.0F);
        const auto thorax = networkInput(inputOf("thorax"), chest.film, &chest.segmentation);
        const auto crop = networkInput(inputOf("centre-crop"), chest.film, nullptr);
        QVERIFY(thorax.isOk() && !thorax.value().frame.isTrusted && crop.value().frame.isTrusted);
        QCOMPARE(thorax.value().planes.values, crop.value().planes.values);
    }

    void heartSpotIsThePriorsPicture_data() {
        QTest::addColumn<QString>("prior");
        for (const char* prior : {"hline", "rhline+heart", "mp+rhline+heart", "heart"}) QTest::newRow(prior) << prior;
    }
    void heartSpotIsThePriorsPicture() {
        QFETCH(QString, prior);
        const Chest chest = chestOf(700, 640);
        const PriorSpec spec = priorByName(prior.toStdString()).value();
        const cv::Mat film(chest.film.height, chest.film.width, CV_32FC1, const_cast<float*>(chest.film.values.data()));
        const HeartSpot spot = applyHeartSpot(spec, film, region()).value();
        const auto picture = networkInput(heartSpotInput(prior.toStdString(), "heartspot"), chest.film, nullptr, region());
        const auto vector = networkInput(heartSpotInput(prior.toStdString(), "heartspot-vector"), chest.film, nullptr, region());
        QVERIFY(picture.isOk() && vector.isOk());
        QCOMPARE(vector.value().planes.values, spot.vector);
        QCOMPARE(vector.value().planes.width, static_cast<int>(spot.vector.size()));
        QCOMPARE(vector.value().planes.height, 1);
        QVERIFY(!vector.value().frame.isGrid && picture.value().frame.isGrid);
        const NetworkPlanes& planes = picture.value().planes;
        const cv::Mat grid(planes.height, planes.width, CV_32FC1, const_cast<float*>(planes.values.data()));
        QVERIFY(cv::norm(grid, reconstruct(spot.mask, spot.vector).value(), cv::NORM_INF) == 0);
    }

    // 160 cells after pooling by steps of two cover the crop of 320, in film pixels.
    void pooledCellsCoverTheCrop() {
        const Chest chest = chestOf(960, 640);
        const auto made = networkInput(heartSpotInput("mp+hline", "heartspot"), chest.film, nullptr);
        QVERIFY(made.isOk());
        const PointPx first = made.value().frame.onFilm(0, 0), last = made.value().frame.onFilm(160, 160);
        QVERIFY(std::hypot(first.x - 160, first.y) < 1e-6 && std::hypot(last.x - 800, last.y - 640) < 1e-6);
    }

    // The prior of the thorax square: what HeartSpot keeps of the picture that "thorax" makes, where the square lies.
    void heartSpotOfTheThorax_data() {
        QTest::addColumn<QString>("prior");
        QTest::newRow("lines") << "hline";
        QTest::newRow("pooled lines") << "mp+hline";
    }
    void heartSpotOfTheThorax() {
        QFETCH(QString, prior);
        const Chest chest = chestOf(700, 640);
        const PriorSpec spec = priorByName(prior.toStdString()).value();
        const auto posed = networkInput(inputOf("thorax", spec.size), chest.film, &chest.segmentation);
        const NetworkPlanes& square = posed.value().planes;
        const cv::Mat read(square.height, square.width, CV_32FC1, const_cast<float*>(square.values.data()));
        const HeartSpot spot = applyHeartSpot(spec, read, {}).value();
        const auto vector = networkInput(heartSpotInput(prior.toStdString(), "heartspot-thorax-vector"), chest.film, &chest.segmentation);
        const auto picture = networkInput(heartSpotInput(prior.toStdString(), "heartspot-thorax"), chest.film, &chest.segmentation);
        QVERIFY(vector.isOk() && picture.isOk());
        const cv::Mat kept(1, static_cast<int>(spot.vector.size()), CV_32FC1, const_cast<float*>(spot.vector.data()));
        const cv::Mat given(1, vector.value().planes.width, CV_32FC1, const_cast<float*>(vector.value().planes.values.data()));
        QVERIFY(kept.cols == given.cols && cv::norm(kept, given, cv::NORM_INF) < 2e-3);
        const PlaneFrame& frame = picture.value().frame;
        const PointPx corner = frame.onFilm(picture.value().planes.width, 0), wanted = posed.value().frame.onFilm(spec.size, 0);
        QVERIFY2(std::hypot(corner.x - wanted.x, corner.y - wanted.y) < 1e-6, "the pooled picture covers the thorax square");
        QVERIFY(frame.isTrusted);
        QVERIFY(failsWith(networkInput(heartSpotInput("hline", "heartspot-thorax"), chest.film, nullptr), ErrorCode::InvalidArgument));
        QVERIFY(failsWith(networkInput(heartSpotInput("heart", "heartspot-thorax"), chest.film, &chest.segmentation), ErrorCode::Unsupported));
    }

    // Without gaps on a smaller grid: the same square, no cell of the covered rows empty.
    void filledPicturesHaveNoGaps() {
        const Chest chest = chestOf(640, 640);
        ModelInput input = heartSpotInput("hline", "heartspot-filled");
        input.size = 96;
        const auto filled = networkInput(input, chest.film, nullptr), whole = networkInput(inputOf("centre-crop", 96), chest.film, nullptr);
        QVERIFY(filled.isOk());
        const NetworkPlanes& planes = filled.value().planes;
        QVERIFY(planes.width == 96 && planes.height == 96);
        const cv::Mat grid(96, 96, CV_32FC1, const_cast<float*>(planes.values.data()));
        const cv::Mat film(96, 96, CV_32FC1, const_cast<float*>(whole.value().planes.values.data()));
        const cv::Rect covered(0, 31, 96, 54);  // rows 100..290 of 320
        QVERIFY2(cv::norm(grid(covered), film(covered), cv::NORM_L1) / covered.area() < 0.05, "the film itself, a little blurred");
        QCOMPARE(grid.at<float>(2, 40), 0.0F);
        const PointPx corner = filled.value().frame.onFilm(96, 96);
        QVERIFY(std::hypot(corner.x - 640, corner.y - 640) < 1e-6);
        input.framing = "heartspot-thorax-filled";
        QVERIFY(networkInput(input, chest.film, &chest.segmentation).isOk() && needsSegmentation(input));
    }

    void anotherPriorIsNoticed() {
        const Chest chest = chestOf(400, 400);
        ModelInput input = heartSpotInput("hline", "heartspot");
        input.priorHash = priorByName("rhline").value().hash();
        QVERIFY(failsWith(networkInput(input, chest.film, nullptr), ErrorCode::Corrupt));
        input = heartSpotInput("hline", "heartspot");
        input.priorJson = "{";
        QVERIFY(failsWith(networkInput(input, chest.film, nullptr), ErrorCode::Corrupt));
        input = heartSpotInput("mp+hline", "heartspot");
        input.size = 320;
        QVERIFY(failsWith(networkInput(input, chest.film, nullptr), ErrorCode::InvalidArgument));
    }

    void refusesWhatItDoesNotKnow() {
        const Chest chest = chestOf(400, 400);
        QVERIFY(failsWith(networkInput(inputOf("fisheye"), chest.film, nullptr), ErrorCode::Unsupported));
        QVERIFY(failsWith(networkInput(inputOf("letterbox", 64, {"film", "spine"}), chest.film, &chest.segmentation), ErrorCode::Unsupported));
        QVERIFY(failsWith(networkInput(inputOf("letterbox", 64, {"heart"}), chest.film, &chest.segmentation), ErrorCode::Unsupported));
        QVERIFY(failsWith(networkInput(inputOf("thorax"), chest.film, nullptr), ErrorCode::InvalidArgument));
        QVERIFY(failsWith(networkInput(inputOf("letterbox", 64, {"film", "heart"}), chest.film, nullptr), ErrorCode::InvalidArgument));
        QVERIFY(failsWith(networkInput(inputOf("letterbox"), GrayFilm{}, nullptr), ErrorCode::InvalidArgument));
        QVERIFY(needsSegmentation(inputOf("thorax")) && !needsSegmentation(inputOf("letterbox")));
        QVERIFY(needsHeartRegion(heartSpotInput("heart", "heartspot")) && !needsHeartRegion(heartSpotInput("hline", "heartspot")));
    }

    void theShippedRegionIsFound() {
        const auto shipped = shippedHeartRegion();
        QVERIFY2(shipped.isOk(), shipped.isOk() ? "" : shipped.error().message.c_str());
        const Chest chest = chestOf(400, 400);
        const ModelInput input = heartSpotInput("rhline+heart", "heartspot-vector");
        QCOMPARE(networkInput(input, chest.film, nullptr).value().planes.values,
                 networkInput(input, chest.film, nullptr, shipped.value()).value().planes.values);
        QVERIFY(!readHeartRegion("/proc/self/status").isOk());
    }
};

QTEST_GUILESS_MAIN(TestNetworkInput)
#include "tst_network_input.moc"
