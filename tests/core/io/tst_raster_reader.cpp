// PNG, TIFF and JPEG files of every kind, written by OpenCV or by hand, and those that claim too much.
#include <zlib.h>

#include <QDir>
#include <QFile>
#include <QTest>
#include <array>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/io/bytes.h"
#include "core/io/image_reader.h"
#include "core/io/raster_header.h"

using namespace cxr;

namespace {

using ByteVector = std::vector<std::uint8_t>;

ByteVector encoded(const char* extension, const cv::Mat& picture, const std::vector<int>& options = {}) {
    ByteVector bytes;
    cv::imencode(extension, picture, bytes, options);
    return bytes;
}

cv::Mat ramp(int type) {
    cv::Mat picture(7, 11, type);
    for (int row = 0; row < 7; ++row) {
        for (int x = 0; x < 11; ++x) {
            if (type == CV_16UC1) {
                picture.at<std::uint16_t>(row, x) = static_cast<std::uint16_t>(row * 9000 + x * 17);
            } else {
                picture.at<std::uint8_t>(row, x) = static_cast<std::uint8_t>(row * 30 + x);
            }
        }
    }
    return picture;
}

void append32(ByteVector& out, std::uint32_t value) {
    for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void appendChunk(ByteVector& png, const std::string& name, const ByteVector& data) {
    append32(png, static_cast<std::uint32_t>(data.size()));
    const std::size_t begin = png.size();
    png.insert(png.end(), name.begin(), name.end());
    png.insert(png.end(), data.begin(), data.end());
    append32(png, static_cast<std::uint32_t>(crc32(0, png.data() + begin, static_cast<uInt>(png.size() - begin))));
}

// A PNG by hand: OpenCV writes neither palettes nor gray with alpha, nor resolutions. `rows` hold filter bytes.
ByteVector handmadePng(std::uint32_t width, std::uint32_t height, int depth, int colorType, const ByteVector& rows,
                       const ByteVector& palette = {}) {
    ByteVector png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, header;
    append32(header, width);
    append32(header, height);
    for (const int value : {depth, colorType, 0, 0, 0}) header.push_back(static_cast<std::uint8_t>(value));
    appendChunk(png, "IHDR", header);
    if (!palette.empty()) appendChunk(png, "PLTE", palette);
    ByteVector resolution;
    append32(resolution, 5000);
    append32(resolution, 5000);
    resolution.push_back(1);
    appendChunk(png, "pHYs", resolution);
    ByteVector packed(compressBound(rows.size()));
    uLongf size = packed.size();
    compress(packed.data(), &size, rows.data(), rows.size());
    packed.resize(size);
    appendChunk(png, "IDAT", packed);
    appendChunk(png, "IEND", {});
    return png;
}

Result<ImagePtr> open(const ByteVector& bytes, const ReadLimits& limits = {}) {
    return readImage(Bytes(bytes), "film", limits);
}

bool hasNote(const Image& image, const char* words) {
    return std::any_of(image.notes.begin(), image.notes.end(),
                       [&](const auto& note) { return note.find(words) != std::string::npos; });
}

int sample(const Image& image, int row, int x) { return image.samples.at<std::uint16_t>(row, x); }

}  // namespace

#define OPEN(bytes)                                                               \
    const auto result = open(bytes);                                              \
    QVERIFY2(result.isOk(), result.isOk() ? "" : result.error().message.c_str()); \
    const Image& image = *result.value()

class TestRasterReader : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void grayIsExact_data();
    void grayIsExact();
    void jpegIsMarkedLossy();
    void colorBecomesLuminance_data();
    void colorBecomesLuminance();
    void grayRgbaIsExact();
    void palettePng();
    void grayAlphaPng();
    void oneBitPng();
    void resolutionIsNotTrusted();
    void whiteIsZeroTiff();
    void manyPagesAreNoted();
    void hugeClaimsAreRefused();
    void floatTiffIsUnsupported();
    void everyTruncationIsAnErrorOrWhole_data();
    void everyTruncationIsAnErrorOrWhole();
};

void TestRasterReader::grayIsExact_data() {
    QTest::addColumn<QByteArray>("extension");
    QTest::addColumn<int>("type");
    for (const char* extension : {".png", ".tiff"}) {
        QTest::addRow("%s 8 bit", extension) << QByteArray(extension) << CV_8UC1;
        QTest::addRow("%s 16 bit", extension) << QByteArray(extension) << CV_16UC1;
    }
}

void TestRasterReader::grayIsExact() {
    QFETCH(QByteArray, extension);
    QFETCH(int, type);
    const cv::Mat picture = ramp(type);
    OPEN(encoded(extension.constData(), picture));
    cv::Mat expected;
    picture.convertTo(expected, CV_16U);
    QCOMPARE(cv::norm(expected, image.samples, cv::NORM_INF), 0.0);
    QCOMPARE(image.encoding.bitsStored, type == CV_8UC1 ? 8 : 16);
    QCOMPARE(image.encoding.format, std::string(extension == ".png" ? "PNG" : "TIFF"));
    QVERIFY(!image.encoding.isLossy && !image.encoding.wasColor && !image.isInverse);
    QVERIFY(image.notes.empty());
}

void TestRasterReader::jpegIsMarkedLossy() {
    const cv::Mat picture(64, 64, CV_8UC1, cv::Scalar(100));
    OPEN(encoded(".jpg", picture));
    QCOMPARE(sample(image, 30, 30), 100);
    QVERIFY(image.encoding.isLossy);
    QVERIFY(hasNote(image, "with loss"));
}

void TestRasterReader::colorBecomesLuminance_data() {
    QTest::addColumn<QByteArray>("extension");
    QTest::addColumn<int>("scale");
    QTest::addRow("png 8") << QByteArray(".png") << 1;
    QTest::addRow("png 16") << QByteArray(".png") << 257;
    QTest::addRow("tiff 8") << QByteArray(".tiff") << 1;
    QTest::addRow("tiff 16") << QByteArray(".tiff") << 257;
}

void TestRasterReader::colorBecomesLuminance() {
    QFETCH(QByteArray, extension);
    QFETCH(int, scale);
    cv::Mat picture(1, 3, CV_8UC3);
    picture.at<cv::Vec3b>(0, 0) = {0, 0, 255};  // red; OpenCV's order is B, G, R
    picture.at<cv::Vec3b>(0, 1) = {0, 255, 0};
    picture.at<cv::Vec3b>(0, 2) = {255, 0, 0};
    if (scale > 1) picture.convertTo(picture, CV_16U, scale);
    OPEN(encoded(extension.constData(), picture));
    QVERIFY(std::abs(sample(image, 0, 0) - 76.245 * scale) <= 0.5);
    QVERIFY(std::abs(sample(image, 0, 1) - 149.685 * scale) <= 0.5);
    QVERIFY(std::abs(sample(image, 0, 2) - 29.07 * scale) <= 0.5);
    QVERIFY(image.encoding.wasColor);
    QVERIFY(hasNote(image, "luminance"));
}

// Some films of NIH ChestX-ray14 are RGBA with equal channels: nothing may be lost.
void TestRasterReader::grayRgbaIsExact() {
    cv::Mat gray = ramp(CV_8UC1), picture;
    cv::merge(std::vector<cv::Mat>{gray, gray, gray, cv::Mat(gray.size(), CV_8UC1, cv::Scalar(255))}, picture);
    OPEN(encoded(".png", picture));
    cv::Mat expected;
    gray.convertTo(expected, CV_16U);
    QCOMPARE(cv::norm(expected, image.samples, cv::NORM_INF), 0.0);
    QVERIFY(!image.encoding.wasColor);
    QVERIFY(hasNote(image, "all its pixels are gray"));
    QVERIFY(!hasNote(image, "ransparent"));
}

void TestRasterReader::palettePng() {
    OPEN(handmadePng(2, 1, 8, 3, {0, 0, 1}, {9, 9, 9, 255, 0, 0}));
    QCOMPARE(sample(image, 0, 0), 9);
    QCOMPARE(sample(image, 0, 1), 76);
    QCOMPARE(image.encoding.photometric, std::string("palette"));
}

void TestRasterReader::grayAlphaPng() {
    OPEN(handmadePng(2, 1, 8, 4, {0, 40, 255, 90, 10}));
    QCOMPARE(sample(image, 0, 0), 40);
    QCOMPARE(sample(image, 0, 1), 90);
    QVERIFY(hasNote(image, "Transparent"));
}

void TestRasterReader::oneBitPng() {
    OPEN(handmadePng(4, 1, 1, 0, {0, 0b01010000}));
    QVERIFY(sample(image, 0, 0) == 0 && sample(image, 0, 1) > 0 && sample(image, 0, 2) == 0);
}

void TestRasterReader::resolutionIsNotTrusted() {
    OPEN(handmadePng(2, 1, 8, 0, {0, 1, 2}));  // 5,000 pixels per metre for a printer
    QVERIFY(!image.spacing.isKnown());
}

// A TIFF by hand: 2 x 1 pixels of `depth` bits, low values bright.
ByteVector whiteIsZero(int depth) {
    ByteVector tiff{'I', 'I', 42, 0, 8, 0, 0, 0};
    const auto put = [&](std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) tiff.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    const std::uint32_t pixelBytes = depth == 8 ? 2 : 4;
    const std::vector<std::array<std::uint32_t, 2>> entries{
        {256, 2}, {257, 1}, {258, static_cast<std::uint32_t>(depth)},
        {259, 1}, {262, 0}, {273, 8 + 2 + 9 * 12 + 4},
        {277, 1}, {278, 1}, {279, pixelBytes}};
    put(static_cast<std::uint32_t>(entries.size()), 2);
    for (const auto& [tag, value] : entries) {
        put(tag, 2);
        put(4, 2);
        put(1, 4);
        put(value, 4);
    }
    put(0, 4);
    for (const std::uint32_t value : {10U, 200U}) put(value, depth / 8);
    return tiff;
}

// However the decoder treats it, the film must come out with its low values bright.
void TestRasterReader::whiteIsZeroTiff() {
    for (const int depth : {8, 16}) {
        OPEN(whiteIsZero(depth));
        const bool firstIsBrighter = (sample(image, 0, 0) > sample(image, 0, 1)) != image.isInverse;
        QVERIFY2(firstIsBrighter, std::to_string(depth).c_str());
    }
}

void TestRasterReader::manyPagesAreNoted() {
    std::vector<std::uint8_t> bytes;
    const QByteArray path = (QDir::tempPath() + "/precordia_pages.tiff").toLocal8Bit();
    QVERIFY(cv::imwritemulti(path.toStdString(), std::vector<cv::Mat>{ramp(CV_8UC1), ramp(CV_8UC1)}));
    const auto film = readImage(std::filesystem::path(path.toStdString()));
    QFile::remove(path);
    QVERIFY(film.isOk());
    QCOMPARE(film.value()->encoding.frames, 2);
    QVERIFY(hasNote(*film.value(), "2 pictures; the first is shown"));
}

void TestRasterReader::hugeClaimsAreRefused() {
    const auto png = open(handmadePng(30000, 30000, 16, 0, {0}));
    QVERIFY(!png.isOk());
    QCOMPARE(png.error().code, ErrorCode::TooLarge);
    QVERIFY(png.error().message.find("30000 x 30000") != std::string::npos);
    ByteVector jpeg = encoded(".jpg", ramp(CV_8UC1));
    for (std::size_t i = 0; i + 9 < jpeg.size(); ++i) {
        if (jpeg[i] == 0xFF && jpeg[i + 1] == 0xC0)
            std::fill_n(jpeg.begin() + static_cast<long>(i) + 5, 4, std::uint8_t{0xFF});
    }
    QCOMPARE(open(jpeg).error().code, ErrorCode::TooLarge);
    const ReadLimits small{.maxPixels = 76};
    QCOMPARE(open(encoded(".tiff", ramp(CV_8UC1)), small).error().code, ErrorCode::TooLarge);
    QVERIFY(open(encoded(".tiff", ramp(CV_8UC1)), ReadLimits{.maxPixels = 77}).isOk());
}

void TestRasterReader::floatTiffIsUnsupported() {
    const auto film = open(encoded(".tiff", cv::Mat(4, 4, CV_32FC1, cv::Scalar(0.5))));
    QVERIFY(!film.isOk());
    QCOMPARE(film.error().code, ErrorCode::Unsupported);
}

void TestRasterReader::everyTruncationIsAnErrorOrWhole_data() {
    QTest::addColumn<QByteArray>("extension");
    for (const char* extension : {".png", ".tiff", ".jpg"}) QTest::addRow("%s", extension) << QByteArray(extension);
}

// A decoder may not fill the missing part with gray: a truncated film is refused, or it lacks trailing marks only.
void TestRasterReader::everyTruncationIsAnErrorOrWhole() {
    QFETCH(QByteArray, extension);
    const ByteVector whole = encoded(extension.constData(), ramp(CV_8UC1));
    const auto full = open(whole);
    QVERIFY(full.isOk());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto film = open(ByteVector(whole.begin(), whole.begin() + static_cast<long>(size)));
        if (!film.isOk()) continue;
        QVERIFY2(cv::norm(film.value()->samples, full.value()->samples, cv::NORM_INF) == 0,
                 std::to_string(size).c_str());
    }
}

QTEST_GUILESS_MAIN(TestRasterReader)
#include "tst_raster_reader.moc"
