// The pixel chain against values worked out on paper from DICOM PS3.3 C.11, and what must hold for any film.
#include "core/image/pixel_chain.h"

#include <QTest>
#include <cmath>

using namespace cxr;

namespace {

Image filmOf(std::initializer_list<int> samples) {
    Image image;
    image.samples.create(1, static_cast<int>(samples.size()), CV_16UC1);
    int x = 0;
    for (const int sample : samples) image.samples.at<std::uint16_t>(0, x++) = static_cast<std::uint16_t>(sample);
    return image;
}

VoiSetting window(double center, double width, VoiFunction function = VoiFunction::Linear) {
    return {.center = center, .width = width, .function = function, .table = nullptr};
}

std::shared_ptr<const LookupTable> table(int first, int bits, std::vector<std::uint16_t> values) {
    return std::make_shared<LookupTable>(LookupTable{first, bits, std::move(values), ""});
}

bool isClose(double a, double b) { return std::abs(a - b) < 1e-9; }

}  // namespace

class TestPixelChain : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void linearWindow_data();
    void linearWindow();
    void linearExactWindow();
    void sigmoidWindow();
    void voiTable();
    void rescaleAndSignedSamples();
    void modalityTable();
    void inversion();
    void paddingIsBlackAndNotCounted();
    void paddingOnlyFilm();
    void percentiles();
    void percentilesOfARegion();
    void negativeSlope();
    void constantFilmHasAWindow();
    void fractionalSlopeKeepsItsContrast();
    void tablesAgreeWithRenderings();
    void monotone();
};

// C.11.2.1.2.1, with the standard's own three examples.
void TestPixelChain::linearWindow_data() {
    QTest::addColumn<double>("center");
    QTest::addColumn<double>("width");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("gray");
    QTest::newRow("4096: lowest") << 2048.0 << 4096.0 << 0.0 << 0.0;
    QTest::newRow("4096: one") << 2048.0 << 4096.0 << 1.0 << 1.0 / 4095;
    QTest::newRow("4096: middle") << 2048.0 << 4096.0 << 2047.5 << 0.5;
    QTest::newRow("4096: highest") << 2048.0 << 4096.0 << 4095.0 << 1.0;
    QTest::newRow("4096: above") << 2048.0 << 4096.0 << 5000.0 << 1.0;
    QTest::newRow("1: below") << 2048.0 << 1.0 << 2047.0 << 0.0;
    QTest::newRow("1: at the threshold") << 2048.0 << 1.0 << 2047.5 << 0.0;
    QTest::newRow("1: above") << 2048.0 << 1.0 << 2048.0 << 1.0;
    QTest::newRow("100: lowest") << 0.0 << 100.0 << -50.0 << 0.0;
    QTest::newRow("100: highest") << 0.0 << 100.0 << 49.0 << 1.0;
    QTest::newRow("100: inside") << 0.0 << 100.0 << 24.25 << 0.75;
}

void TestPixelChain::linearWindow() {
    QFETCH(double, center);
    QFETCH(double, width);
    QFETCH(double, value);
    QFETCH(double, gray);
    QVERIFY(isClose(applyVoi(window(center, width), value), gray));
}

void TestPixelChain::linearExactWindow() {
    const VoiSetting wide = window(2048, 4096, VoiFunction::LinearExact);
    QVERIFY(isClose(applyVoi(wide, 0), 0));
    QVERIFY(isClose(applyVoi(wide, 1024), 0.25));
    QVERIFY(isClose(applyVoi(wide, 2048), 0.5));
    QVERIFY(isClose(applyVoi(wide, 4096), 1));
    const VoiSetting narrow = window(0.5, 0.1, VoiFunction::LinearExact);  // widths below 1 are allowed here
    QVERIFY(isClose(applyVoi(narrow, 0.45), 0));
    QVERIFY(isClose(applyVoi(narrow, 0.525), 0.75));
}

void TestPixelChain::sigmoidWindow() {
    const VoiSetting voi = window(100, 40, VoiFunction::Sigmoid);
    QVERIFY(isClose(applyVoi(voi, 100), 0.5));
    QVERIFY(isClose(applyVoi(voi, 110), 1 / (1 + std::exp(-1.0))));
    QVERIFY(isClose(applyVoi(voi, 60), 1 / (1 + std::exp(4.0))));
}

void TestPixelChain::voiTable() {
    const VoiSetting voi{
        .center = 0, .width = 1, .function = VoiFunction::Linear, .table = table(-2, 8, {0, 51, 102, 255})};
    QVERIFY(isClose(applyVoi(voi, -100), 0));
    QVERIFY(isClose(applyVoi(voi, -1), 0.2));
    QVERIFY(isClose(applyVoi(voi, 0), 0.4));
    QVERIFY(isClose(applyVoi(voi, 100), 1));
}

void TestPixelChain::rescaleAndSignedSamples() {
    Image image = filmOf({32768 - 1000, 32768 + 1000});
    image.storedOffset = 32768;
    image.modality.slope = 2;
    image.modality.intercept = -24;
    QCOMPARE(modalityValue(image, 32768 - 1000), -2024.0);
    const ValueRange range = modalityRange(image);
    QCOMPARE(range.low, -2024.0);
    QCOMPARE(range.high, 1976.0);
}

void TestPixelChain::modalityTable() {
    Image image = filmOf({9, 10, 11, 50});
    image.modality.table = table(10, 12, {4000, 3000, 100});
    QCOMPARE(modalityValue(image, 9), 4000.0);
    QCOMPARE(modalityValue(image, 11), 3000.0);
    QCOMPARE(modalityValue(image, 50), 100.0);
    QCOMPARE(modalityRange(image).low, 100.0);
}

void TestPixelChain::inversion() {
    Image image = filmOf({0, 255});
    const VoiSetting voi = window(128, 256);
    QCOMPARE(grayTable8(image, voi)[255], std::uint8_t{255});
    QCOMPARE(grayTable8(image, voi, true)[255], std::uint8_t{0});
    image.isInverse = true;
    QCOMPARE(grayTable8(image, voi)[255], std::uint8_t{0});
    QCOMPARE(grayTable8(image, voi, true)[255], std::uint8_t{255});
}

void TestPixelChain::paddingIsBlackAndNotCounted() {
    Image image = filmOf({0, 0, 0, 0, 0, 0, 100, 200});
    image.padding = PaddingRange{0, 5};
    image.isInverse = true;  // padding stays black on a MONOCHROME1 film too
    QCOMPARE(modalityRange(image).low, 100.0);
    const VoiSetting full = fullRangeVoi(image);
    const auto gray = grayTable(image, full);
    QCOMPARE(gray[0], 0.0F);
    QCOMPARE(gray[5], 0.0F);
    QCOMPARE(gray[100], 1.0F);
    QCOMPARE(gray[200], 0.0F);
    QCOMPARE(grayTable(image, full, true)[0], 0.0F);
}

void TestPixelChain::paddingOnlyFilm() {
    Image image = filmOf({7, 7, 7});
    image.padding = PaddingRange{7, 7};
    QCOMPARE(modalityRange(image).high, 7.0);
    QVERIFY(percentileVoi(image).width > 0);
}

void TestPixelChain::percentiles() {
    Image image;
    image.samples.create(1, 1001, CV_16UC1);  // 0, 1, ... 1000: the q quantile is 1000 q
    for (int i = 0; i <= 1000; ++i) image.samples.at<std::uint16_t>(0, i) = static_cast<std::uint16_t>(i);
    const VoiSetting voi = percentileVoi(image, 0.1, 0.9);
    QVERIFY(isClose(voi.center - voi.width / 2, 100));
    QVERIFY(isClose(voi.center + voi.width / 2, 900));
    const VoiSetting defaults = percentileVoi(image);
    QVERIFY(isClose(defaults.center - defaults.width / 2, 5));
    QVERIFY(isClose(defaults.center + defaults.width / 2, 995));
}

void TestPixelChain::percentilesOfARegion() {
    const Image image = filmOf({0, 10, 20, 60000});
    const cv::Mat region = (cv::Mat_<std::uint8_t>(1, 4) << 0, 255, 255, 0);
    const VoiSetting voi = percentileVoi(image, 0, 1, region);
    QVERIFY(isClose(voi.center, 15));
    QVERIFY(isClose(voi.width, 10));
    const VoiSetting whole =
        percentileVoi(image, 0, 1, cv::Mat::zeros(1, 4, CV_8UC1));  // an empty region counts as none
    QVERIFY(isClose(whole.width, 60000));
}

void TestPixelChain::negativeSlope() {
    Image image = filmOf({10, 20, 30, 40, 50});
    image.modality.slope = -1;
    QCOMPARE(modalityRange(image).low, -50.0);
    const VoiSetting voi = percentileVoi(image, 0.25, 0.75);
    QVERIFY(isClose(voi.center - voi.width / 2, -40));
    QVERIFY(isClose(voi.center + voi.width / 2, -20));
}

void TestPixelChain::constantFilmHasAWindow() {
    const Image image = filmOf({500, 500});
    for (const VoiSetting& voi : {percentileVoi(image), fullRangeVoi(image)}) {
        QVERIFY(isClose(voi.width, 1));
        QVERIFY(isClose(voi.center, 500));
    }
}

void TestPixelChain::fractionalSlopeKeepsItsContrast() {
    Image image = filmOf({0, 1000});
    image.modality.slope = 1e-6;
    const auto gray = grayTable(image, fullRangeVoi(image));
    QCOMPARE(gray[0], 0.0F);
    QVERIFY(std::abs(gray[500] - 0.5F) < 1e-3F);
    QCOMPARE(gray[1000], 1.0F);
}

void TestPixelChain::tablesAgreeWithRenderings() {
    Image image;
    image.samples.create(37, 53, CV_16UC1);
    for (int row = 0; row < 37; ++row) {
        for (int x = 0; x < 53; ++x)
            image.samples.at<std::uint16_t>(row, x) = static_cast<std::uint16_t>(row * 997 + x * 31);
    }
    const VoiSetting voi = window(20000, 30000);
    const auto table8 = grayTable8(image, voi);
    const auto table32 = grayTable(image, voi);
    const cv::Mat gray8 = renderGray8(image, voi), gray32 = renderGray(image, voi);
    QCOMPARE(gray8.size(), image.samples.size());
    QCOMPARE(gray32.type(), CV_32FC1);
    for (int row = 0; row < 37; ++row) {
        for (int x = 0; x < 53; ++x) {
            const std::uint16_t sample = image.samples.at<std::uint16_t>(row, x);
            QCOMPARE(gray8.at<std::uint8_t>(row, x), table8[sample]);
            QCOMPARE(gray32.at<float>(row, x), table32[sample]);
        }
    }
}

void TestPixelChain::monotone() {
    const Image image = filmOf({0});
    for (const VoiFunction function : {VoiFunction::Linear, VoiFunction::LinearExact, VoiFunction::Sigmoid}) {
        const auto gray = grayTable(image, window(30000, 12345, function));
        QVERIFY(std::is_sorted(gray.begin(), gray.end()));
        QVERIFY(gray.front() >= 0 && gray.back() <= 1);
    }
}

QTEST_GUILESS_MAIN(TestPixelChain)
#include "tst_pixel_chain.moc"
