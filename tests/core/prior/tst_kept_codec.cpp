// Packed kept pixels: every prior comes back bit by bit, a prediction worked out on paper, sizes, and damaged bytes.
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "core/image/phantom.h"
#include "core/prior/heartspot.h"
#include "core/prior/kept_bytes.h"
#include "core/prior/kept_codec.h"
#include "core/prior/kept_prediction.h"
#include "core/prior/xz.h"

using namespace cxr;

namespace {

cv::Mat phantomCrop(int side) {
    PhantomSpec spec;
    spec.width = spec.height = side;
    spec.bitsStored = 8;
    cv::Mat bytes;
    makePhantom(spec).image.samples.convertTo(bytes, CV_8U);
    return bytes;
}

cv::Mat heartPicture() {
    cv::Mat region(80, 80, CV_8UC1, cv::Scalar(0));
    cv::ellipse(region, {42, 46}, {22, 18}, 20, 0, 360, cv::Scalar(255), cv::FILLED);
    return region;
}

std::vector<std::uint8_t> bytesOf(const std::vector<float>& vector) {
    std::vector<std::uint8_t> bytes;
    for (const float value : vector) bytes.push_back(cv::saturate_cast<std::uint8_t>(value));
    return bytes;
}

HeartSpot spotOf(const std::string& prior, int side = 320) {
    PriorSpec spec = priorByName(prior).value();
    spec.size = side;
    return applyHeartSpot(spec, phantomCrop(side), heartPicture()).value();
}

// What is expected of each pixel.
std::vector<int> expectedOf(const cv::Mat& mask, const std::vector<std::uint8_t>& samples) {
    std::vector<int> all;
    KeptPredictor predictor(mask.cols);
    for (int y = 0; y < mask.rows; ++y) {
        predictor.beginRow(y);
        for (int x = 0; x < mask.cols; ++x) {
            if (mask.at<std::uint8_t>(y, x) == 0) continue;
            all.push_back(predictor.expected(x).value);
            predictor.set(x, samples[all.size() - 1]);
        }
    }
    return all;
}

}  // namespace

class TestKeptCodec : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyPriorComesBack_data() {
        QTest::addColumn<QString>("prior");
        for (const std::string& name : priorNames()) QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void everyPriorComesBack() {
        QFETCH(QString, prior);
        const HeartSpot spot = spotOf(prior.toStdString());
        const std::vector<std::uint8_t> samples = bytesOf(spot.vector);
        const std::string packed = packKept(spot.mask, samples);
        const auto back = unpackKept(spot.mask, packed);
        QVERIFY(back.isOk() && back.value() == samples);
        // S1's own format: 32-bit floats under LZMA.
        const std::string_view floats(reinterpret_cast<const char*>(spot.vector.data()), spot.vector.size() * sizeof(float));
        QVERIFY2(packed.size() < 0.75 * xzCompress(floats).value().size(), qPrintable(QString::number(packed.size())));
    }

    void noiseAndExtremesComeBack() {
        std::mt19937 random(5);
        for (int round = 0; round < 20; ++round) {
            const int side = 1 + static_cast<int>(random() % 40);
            cv::Mat mask(side, side, CV_8UC1);
            std::vector<std::uint8_t> samples;
            for (int i = 0; i < side * side; ++i) {
                mask.data[i] = random() % 3 == 0 ? 1 : 0;
                if (mask.data[i] != 0) samples.push_back(round % 2 == 0 ? random() % 256 : (random() % 2) * 255);
            }
            const auto back = unpackKept(mask, packKept(mask, samples));
            QVERIFY(back.isOk() && back.value() == samples);
        }
    }

    // 10 20      first 128; then the one to the left
    // 14 22      above; median(14, 20, 14 + 20 - 10 = 24)
    void predictionOnPaper() {
        const cv::Mat all(2, 2, CV_8UC1, cv::Scalar(1));
        QCOMPARE(expectedOf(all, {10, 20, 14, 22}), (std::vector<int>{128, 10, 10, 20}));
        // A row left out: 14 + (205 * (20 - 10) + 128 >> 8).
        cv::Mat gap = cv::Mat::ones(3, 2, CV_8UC1);
        gap.row(1).setTo(0);
        QCOMPARE(expectedOf(gap, {10, 20, 14, 22}), (std::vector<int>{128, 10, 10, 22}));
        // The picture above is too far away (7 rows of 1 column): from the left.
        cv::Mat far = cv::Mat::zeros(8, 2, CV_8UC1);
        far.row(0).setTo(1);
        far.row(7).setTo(1);
        QCOMPARE(expectedOf(far, {10, 20, 14, 22}), (std::vector<int>{128, 10, 10, 14}));
    }

    // What was expected costs next to nothing: 2,500 pixels along straight lines.
    void expectedPixelsAreNearlyFree() {
        const cv::Mat all(50, 50, CV_8UC1, cv::Scalar(1));
        std::vector<std::uint8_t> ramp;
        for (int i = 0; i < 2500; ++i) ramp.push_back(static_cast<std::uint8_t>(i / 50 + i % 50));
        QVERIFY(packKept(all, ramp).size() < 60);
        QCOMPARE(unpackKept(all, packKept(all, ramp)).value(), ramp);
    }

    void damagedBytesAreRefused() {
        const HeartSpot spot = spotOf("mp+hline", 160);
        const std::string packed = packKept(spot.mask, bytesOf(spot.vector));
        QVERIFY(!unpackKept(spot.mask, packed.substr(0, packed.size() / 2)).isOk());
        QVERIFY(!unpackKept(spot.mask, packed + "x").isOk());
        QVERIFY(!unpackKept(spot.mask, "").isOk());
        QVERIFY(!unpackKept(spot.mask, std::string(packed.size() * 4, 'a')).isOk());
        QVERIFY(!unpackKept(spotOf("hline", 160).mask, packed).isOk());  // too few
        const std::string bomb = deflateBytes(std::string(1 << 24, 'a')).value();
        QVERIFY(bomb.size() < 100'000);
        const auto refused = inflateBytes(bomb, 1000);  // too many: no more than were asked for are written
        QVERIFY(!refused.isOk() && refused.error().code == ErrorCode::Corrupt);
    }

    void repeatsAreFoundWhereThereAreSome() {
        std::string text;
        for (int i = 0; i < 300; ++i) text += "the same again, ";
        const std::string packed = deflateBytes(text).value();
        QVERIFY(packed.size() < text.size() / 20);
        QCOMPARE(inflateBytes(packed, text.size()).value(), text);
        QCOMPARE(inflateBytes(deflateBytes("").value(), 0).value(), std::string());
    }

    void sizesOfAllFormats() {
        const HeartSpot spot = spotOf("mp+rhline+heart");
        const cv::Mat crop = centreCrop(phantomCrop(320), 320);
        const KeptBytes bytes = keptBytes(spot, crop).value();
        QCOMPARE(bytes.raw, spot.vector.size());
        QCOMPARE(bytes.lzma, heartSpotStatistics(spot, crop).value().vectorBytes);
        QVERIFY(bytes.lzma < bytes.floatLzma && bytes.jpegLs < bytes.raw && bytes.png < bytes.raw && bytes.jpeg > bytes.lzma);
        cv::Mat deep;
        crop.convertTo(deep, CV_16U, 257);
        const HeartSpot wide = applyHeartSpot(spot.spec, deep, heartPicture()).value();
        QCOMPARE(keptBytes(wide, deep).value().raw, 2 * spot.vector.size());
        cv::Mat floats;
        crop.convertTo(floats, CV_32F);
        QVERIFY(!keptBytes(spot, floats).isOk());
    }

    void rowsAreMovedTogether() {
        HeartSpot spot;
        spot.pooled = (cv::Mat_<float>(3, 3) << 1, 2, 3, 4, 5, 6, 7.4F, 8, 9);
        spot.mask = (cv::Mat_<std::uint8_t>(3, 3) << 0, 1, 1, 0, 0, 0, 1, 0, 0);
        const cv::Mat together = movedTogether(spot, CV_8U);
        const cv::Mat expected = (cv::Mat_<std::uint8_t>(2, 2) << 2, 3, 7, 7);
        QCOMPARE(together.size(), expected.size());
        QCOMPARE(cv::norm(together, expected, cv::NORM_INF), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestKeptCodec)
#include "tst_kept_codec.moc"
