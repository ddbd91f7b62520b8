// Pixels as headers can describe them: depth, sign, byte order, planes, palettes, overlays, LUTs; all on paper.
#include <QTest>
#include <bit>
#include <cmath>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using namespace cxr::test;

namespace {

constexpr std::uint32_t kPixels = 0x7FE00010;

Result<ImagePtr> open(const DicomBytes& film, const char* syntax = kExplicitLittle) {
    return readImage(std::span<const std::uint8_t>(dicomFile(film.bytes, syntax)), "film");
}

std::vector<int> samplesOf(const Image& image) {
    std::vector<int> values;
    for (int row = 0; row < image.height(); ++row) {
        for (int x = 0; x < image.width(); ++x) values.push_back(image.samples.at<std::uint16_t>(row, x));
    }
    return values;
}

// The modality values of the film, rounded.
std::vector<int> valuesOf(const Image& image) {
    std::vector<int> values = samplesOf(image);
    for (int& value : values) value = static_cast<int>(std::lround(modalityValue(image, value)));
    return values;
}

bool hasNote(const Image& image, const char* words) {
    return std::any_of(image.notes.begin(), image.notes.end(),
                       [&](const auto& note) { return note.find(words) != std::string::npos; });
}

using Ints = std::vector<int>;
using Words = std::vector<std::uint16_t>;

}  // namespace

#define OPEN(film, ...)                                                           \
    const auto result = open(film __VA_OPT__(, ) __VA_ARGS__);                    \
    QVERIFY2(result.isOk(), result.isOk() ? "" : result.error().message.c_str()); \
    const Image& image = *result.value()

class TestDicomPixels : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyDepth_data();
    void everyDepth();
    void signedTwelveBits();
    void highBitAboveStoredBits();
    void eightBitBigEndianWords();
    void oneBitPixels();
    void framesOfSingleBitsHaveNoGap();
    void thirtyTwoBits();
    void thirtyTwoBitColours();
    void thirtyTwoBitsNarrowIsExact();
    void floatPixels();
    void colorInterleavedAndPlanar();
    void grayStoredAsColor();
    void ybrTakesTheLuminance();
    void ybr422();
    void palette();
    void firstOfManyPictures();
    void mono1AndLutShape();
    void padding();
    void modalityLutSequence();
    void voiLutSequenceComesFirst();
    void signedVoiLutAfterRescale();
    void windowsWithExplanations();
    void senselessWindowsAreLeftOut();
    void senselessRescaleIsLeftOut();
    void separateOverlay();
    void embeddedOverlay();
    void damagedOverlay();
    void contradictoryBitsAreRefused();
};

void TestDicomPixels::everyDepth_data() {
    QTest::addColumn<int>("stored");
    for (int stored = 1; stored <= 16; ++stored) QTest::addRow("%d bits", stored) << stored;
}

// Bits above the stored ones hold rubbish (old overlays) and must not be seen.
void TestDicomPixels::everyDepth() {
    QFETCH(int, stored);
    const int largest = (1 << stored) - 1, rubbish = 0xFFFF ^ largest;
    DicomBytes film;
    film.picture(1, 3, 16, stored)
        .words(kPixels, Words{static_cast<std::uint16_t>(rubbish), static_cast<std::uint16_t>(largest | rubbish), 1});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{0, largest, 1}));
    QCOMPARE(image.storedOffset, 0);
    QCOMPARE(image.encoding.bitsStored, stored);
}

void TestDicomPixels::signedTwelveBits() {
    for (const bool isBig : {false, true}) {
        DicomBytes film(true, isBig);
        film.picture(1, 4, 16, 12, true).words(kPixels, Words{0x0FFF, 0x0800, 0x07FF, 0xF001});
        OPEN(film, isBig ? kExplicitBig : kExplicitLittle);
        QCOMPARE(image.storedOffset, 32768);
        QCOMPARE(valuesOf(image), (Ints{-1, -2048, 2047, 1}));
    }
}

void TestDicomPixels::highBitAboveStoredBits() {
    DicomBytes film;
    film.us(0x00280002, {1}).text(0x00280004, "CS", "MONOCHROME2").us(0x00280010, {1}).us(0x00280011, {2});
    film.us(0x00280100, {16}).us(0x00280101, {12}).us(0x00280102, {15}).us(0x00280103, {0});
    film.words(kPixels, Words{0xABCF, 0x001F});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{0xABC, 0x001}));
}

void TestDicomPixels::eightBitBigEndianWords() {
    DicomBytes film(true, true);
    film.picture(1, 3, 8, 8).words(kPixels, Words{0x0201, 0x0003});  // words: the first pixel is the low byte
    OPEN(film, kExplicitBig);
    QCOMPARE(samplesOf(image), (Ints{1, 2, 3}));
}

void TestDicomPixels::oneBitPixels() {
    DicomBytes film;
    film.picture(2, 5, 1, 1).data(kPixels, "OB", ByteVector{0b10110001, 0b00000010});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{1, 0, 0, 0, 1, 1, 0, 1, 0, 1}));
}

// PS3.5 8.1.1: two frames of 3 x 3 bits are 18 bits, 3 bytes, not twice 2.
void TestDicomPixels::framesOfSingleBitsHaveNoGap() {
    DicomBytes film;
    film.text(0x00280008, "IS", "2").picture(3, 3, 1, 1);
    film.data(kPixels, "OB", ByteVector{0b10010001, 0b00000001, 0});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{1, 0, 0, 0, 1, 0, 0, 1, 1}));
    DicomBytes cut;
    cut.text(0x00280008, "IS", "3").picture(3, 3, 1, 1);  // 27 bits
    cut.data(kPixels, "OB", ByteVector{1, 2});
    QVERIFY(!open(cut).isOk());
}

// The upper 16 bits of each luminance; modality values keep their size.
void TestDicomPixels::thirtyTwoBitColours() {
    DicomBytes film;
    film.picture(1, 2, 32, 32, false, "RGB", 3);
    film.words(kPixels, Words{0, 0x8000, 0, 0x8000, 0, 0x8000, 0xFFFF, 0xFFFF, 0, 0, 0, 0});  // gray; pure red
    OPEN(film);
    const int red = static_cast<int>(0.299 * 65535.99);
    QCOMPARE(samplesOf(image), (Ints{0x8000, red}));
    QCOMPARE(modalityValue(image, 0x8000), 2147483648.0);
    QVERIFY(image.encoding.wasColor);
}

void TestDicomPixels::thirtyTwoBits() {
    DicomBytes film;
    film.text(0x00281052, "DS", "10").text(0x00281053, "DS", "2");
    film.picture(1, 3, 32, 32).header(kPixels, "OW", 12);
    for (const std::uint32_t value : {0U, 1'000'000'000U, 4'000'000'000U}) film.number32(value);
    OPEN(film);
    QCOMPARE(samplesOf(image).back(), 65535);
    const double middle = modalityValue(image, image.samples.at<std::uint16_t>(0, 1));
    QVERIFY(std::abs(middle - 2'000'000'010.0) < 2 * 4e9 / 65535);
    QVERIFY(hasNote(image, "32-bit values; they were rescaled"));
}

void TestDicomPixels::thirtyTwoBitsNarrowIsExact() {
    DicomBytes film;
    film.picture(1, 3, 32, 32, true).header(kPixels, "OW", 12);
    for (const int value : {-70'000, -69'999, -10'000}) film.number32(static_cast<std::uint32_t>(value));
    OPEN(film);
    QCOMPARE(valuesOf(image), (Ints{-70'000, -69'999, -10'000}));
}

void TestDicomPixels::floatPixels() {
    DicomBytes film;
    film.us(0x00280002, {1})
        .text(0x00280004, "CS", "MONOCHROME2")
        .us(0x00280010, {1})
        .us(0x00280011, {3})
        .us(0x00280100, {32});
    film.header(0x7FE00008, "OF", 12);
    for (const float value : {-1.5F, 0.25F, std::numeric_limits<float>::quiet_NaN()})
        film.number32(std::bit_cast<std::uint32_t>(value));
    OPEN(film);
    QVERIFY(std::abs(modalityValue(image, image.samples.at<std::uint16_t>(0, 0)) + 1.5) < 1e-4);
    QVERIFY(std::abs(modalityValue(image, image.samples.at<std::uint16_t>(0, 1)) - 0.25) < 1e-4);
}

void TestDicomPixels::colorInterleavedAndPlanar() {
    const ByteVector interleaved{255, 0, 0, 0, 255, 0}, planar{255, 0, 0, 255, 0, 0};
    for (const int isPlanar : {0, 1}) {
        DicomBytes film;
        film.us(0x00280002, {3})
            .text(0x00280004, "CS", "RGB")
            .us(0x00280006, {isPlanar})
            .us(0x00280010, {1})
            .us(0x00280011, {2});
        film.us(0x00280100, {8}).us(0x00280101, {8}).us(0x00280102, {7}).us(0x00280103, {0});
        film.data(kPixels, "OB", isPlanar != 0 ? planar : interleaved);
        OPEN(film);
        QCOMPARE(samplesOf(image), (Ints{76, 150}));  // 0.299 x 255 = 76.2, 0.587 x 255 = 149.7
        QVERIFY(image.encoding.wasColor);
        QVERIFY(hasNote(image, "luminance"));
    }
}

void TestDicomPixels::grayStoredAsColor() {
    DicomBytes film;
    film.picture(1, 2, 8, 8, false, "RGB", 3).data(kPixels, "OB", ByteVector{7, 7, 7, 200, 200, 200});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{7, 200}));
    QVERIFY(!image.encoding.wasColor);
}

void TestDicomPixels::ybrTakesTheLuminance() {
    DicomBytes film;
    film.picture(1, 2, 8, 8, false, "YBR_FULL", 3).data(kPixels, "OB", ByteVector{10, 1, 2, 20, 3, 4});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{10, 20}));
}

void TestDicomPixels::ybr422() {
    DicomBytes film;
    film.picture(2, 2, 8, 8, false, "YBR_FULL_422", 3)
        .data(kPixels, "OB", ByteVector{10, 20, 128, 128, 30, 40, 128, 128});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{10, 20, 30, 40}));
}

void TestDicomPixels::palette() {
    DicomBytes film;
    film.picture(1, 3, 8, 8, false, "PALETTE COLOR");
    for (std::uint32_t channel = 0; channel < 3; ++channel) film.us(0x00281101 + channel, {2, 5, 16});
    film.words(0x00281201, Words{0, 65535}).words(0x00281202, Words{0, 0}).words(0x00281203, Words{0, 65535});
    film.data(kPixels, "OB", ByteVector{0, 5, 6});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{0, 0, 27066}));  // (299 + 114) x 65535 / 1000
    QVERIFY(hasNote(image, "palette"));
}

void TestDicomPixels::firstOfManyPictures() {
    DicomBytes film;
    film.text(0x00280008, "IS", "3").picture(1, 2).words(kPixels, Words{1, 2, 3, 4, 5, 6});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{1, 2}));
    QCOMPARE(image.encoding.frames, 3);
    QVERIFY(hasNote(image, "3 pictures; the first is shown"));
}

// The two say the same thing in digital radiographs (C.8.11.3.1.2): MONOCHROME1 goes with INVERSE.
void TestDicomPixels::mono1AndLutShape() {
    struct Case {
        const char* photometric;
        const char* shape;
        bool isInverse, isContradiction;
    };
    for (const Case& c : {Case{"MONOCHROME2", "", false, false},
                          {"MONOCHROME2", "IDENTITY", false, false},
                          {"MONOCHROME2", "INVERSE", true, true},
                          {"MONOCHROME1", "", true, false},
                          {"MONOCHROME1", "INVERSE", true, false},
                          {"MONOCHROME1", "IDENTITY", true, true}}) {
        DicomBytes film;
        film.picture(1, 2, 16, 12, false, c.photometric);
        if (*c.shape != '\0') film.text(0x20500020, "CS", c.shape);
        film.words(kPixels, Words{0, 1});
        OPEN(film);
        QCOMPARE(image.isInverse, c.isInverse);
        QCOMPARE(hasNote(image, "contradicts"), c.isContradiction);
    }
}

void TestDicomPixels::padding() {
    DicomBytes film;
    film.picture(1, 3, 16, 16, true)
        .us(0x00280120, {-2000}, "SS")
        .us(0x00280121, {-1990}, "SS")
        .words(kPixels, Words{0xF830, 5, 9});
    OPEN(film);
    QVERIFY(image.padding.has_value());
    QCOMPARE(image.padding->low, -2000);
    QCOMPARE(image.padding->high, -1990);
    QCOMPARE(modalityRange(image).low, 5.0);
}

DicomBytes lutItem(const DicomBytes& content) {
    DicomBytes item;
    item.header(0xFFFEE000, "", static_cast<std::uint32_t>(content.bytes.size())).append(content);
    return item;
}

void TestDicomPixels::modalityLutSequence() {
    DicomBytes content;
    content.us(0x00283002, {3, 10, 16}).text(0x00283003, "LO", "Optical density").text(0x00283004, "LO", "OD");
    content.words(0x00283006, Words{500, 400, 300});
    const DicomBytes item = lutItem(content);
    DicomBytes film;
    film.picture(1, 3)
        .header(0x00283000, "SQ", static_cast<std::uint32_t>(item.bytes.size()))
        .append(item)
        .words(kPixels, Words{0, 11, 4000});
    OPEN(film);
    QCOMPARE(valuesOf(image), (Ints{500, 400, 300}));
    QCOMPARE(image.modality.units, std::string("OD"));
}

void TestDicomPixels::voiLutSequenceComesFirst() {
    DicomBytes content;
    content.us(0x00283002, {4, 0, 8}).text(0x00283003, "LO", "Hard").words(0x00283006, Words{0, 10, 20, 255}, "US");
    const DicomBytes item = lutItem(content);
    DicomBytes film;
    film.picture(1, 2).text(0x00281050, "DS", "5").text(0x00281051, "DS", "10");
    film.header(0x00283010, "SQ", static_cast<std::uint32_t>(item.bytes.size()))
        .append(item)
        .words(kPixels, Words{0, 3});
    OPEN(film);
    QCOMPARE(image.presets.size(), std::size_t{2});
    QCOMPARE(image.presets[0].name, std::string("Hard"));
    QVERIFY(image.defaultVoi.table != nullptr);
    QCOMPARE(applyVoi(image.defaultVoi, 2), 20.0 / 255);
    QCOMPARE(image.defaultVoiOrigin, std::string("header: Hard"));
}

// After a rescale below zero the first input is a signed number, although it is written as US (C.11.2.1.1).
void TestDicomPixels::signedVoiLutAfterRescale() {
    DicomBytes content;
    content.us(0x00283002, {2, -1024, 8}).words(0x00283006, Words{0, 255}, "US");
    const DicomBytes item = lutItem(content);
    DicomBytes film;
    film.picture(1, 2).text(0x00281052, "DS", "-1024").text(0x00281053, "DS", "1");
    film.header(0x00283010, "SQ", static_cast<std::uint32_t>(item.bytes.size()))
        .append(item)
        .words(kPixels, Words{0, 1});
    OPEN(film);
    QCOMPARE(renderGray8(image, image.defaultVoi).at<std::uint8_t>(0, 0), std::uint8_t{0});
    QCOMPARE(renderGray8(image, image.defaultVoi).at<std::uint8_t>(0, 1), std::uint8_t{255});
}

void TestDicomPixels::windowsWithExplanations() {
    DicomBytes film;
    film.picture(1, 2)
        .text(0x00281050, "DS", "100\\200.5")
        .text(0x00281051, "DS", "50\\1e2")
        .text(0x00281055, "LO", "NORMAL\\HARDER");
    film.text(0x00281056, "CS", "SIGMOID").words(kPixels, Words{0, 3});
    OPEN(film);
    QCOMPARE(image.presets.size(), std::size_t{2});
    QCOMPARE(image.presets[1].name, std::string("HARDER"));
    QCOMPARE(image.presets[1].setting.center, 200.5);
    QCOMPARE(image.presets[1].setting.width, 100.0);
    QCOMPARE(image.presets[1].setting.function, VoiFunction::Sigmoid);
}

void TestDicomPixels::senselessWindowsAreLeftOut() {
    for (const auto& [center, width] :
         {std::pair{"100", "0"}, {"100", "-5"}, {"abc", "50"}, {"1e300", "50"}, {"100", "nan"}, {"1\\2", "50"}}) {
        DicomBytes film;
        film.picture(1, 2).text(0x00281050, "DS", center).text(0x00281051, "DS", width).words(kPixels, Words{0, 3});
        OPEN(film);
        QVERIFY(image.presets.empty());
        QVERIFY(hasNote(image, "window"));
        QCOMPARE(image.defaultVoiOrigin, std::string("percentiles 0.5-99.5 of the film"));
    }
}

void TestDicomPixels::senselessRescaleIsLeftOut() {
    DicomBytes film;
    film.picture(1, 2).text(0x00281052, "DS", "5").text(0x00281053, "DS", "0").words(kPixels, Words{0, 3});
    OPEN(film);
    QCOMPARE(valuesOf(image), (Ints{0, 3}));
    QVERIFY(hasNote(image, "rescale"));
}

void TestDicomPixels::separateOverlay() {
    for (const bool isBig : {false, true}) {
        DicomBytes film(true, isBig);
        film.picture(1, 2)
            .us(0x60020010, {3})
            .us(0x60020011, {3})
            .text(0x60020022, "LO", "Marks")
            .text(0x60020040, "CS", "G");
        film.us(0x60020050, {-1, 2}, "SS").us(0x60020100, {1}).us(0x60020102, {0});
        film.words(0x60023000, Words{0b1'0001'0001}).words(kPixels, Words{0, 3});
        OPEN(film, isBig ? kExplicitBig : kExplicitLittle);
        QCOMPARE(image.overlays.size(), std::size_t{1});
        const OverlayPlane& plane = image.overlays.front();
        QCOMPARE(plane.group, 0x6002);
        QCOMPARE(plane.originRow, -1);
        QCOMPARE(plane.originColumn, 2);
        QCOMPARE(plane.description, std::string("Marks"));
        for (int i = 0; i < 9; ++i)
            QCOMPARE(plane.mask.at<std::uint8_t>(i / 3, i % 3), std::uint8_t(i % 4 == 0 ? 255 : 0));
    }
}

void TestDicomPixels::embeddedOverlay() {
    DicomBytes film;
    film.picture(1, 3).us(0x60000010, {1}).us(0x60000011, {3}).text(0x60000040, "CS", "G").us(0x60000050, {1, 1}, "SS");
    film.us(0x60000100, {16}).us(0x60000102, {14}).words(kPixels, Words{0x4005, 0x0006, 0x4FFF});
    OPEN(film);
    QCOMPARE(samplesOf(image), (Ints{5, 6, 0xFFF}));
    QCOMPARE(image.overlays.size(), std::size_t{1});
    const cv::Mat& mask = image.overlays.front().mask;
    QCOMPARE(int(mask.at<std::uint8_t>(0, 0)), 255);
    QCOMPARE(int(mask.at<std::uint8_t>(0, 1)), 0);
    QCOMPARE(int(mask.at<std::uint8_t>(0, 2)), 255);
}

void TestDicomPixels::damagedOverlay() {
    DicomBytes film;
    film.picture(1, 2).us(0x60000010, {60000}).us(0x60000011, {60000}).us(0x60000100, {1}).us(0x60000102, {0});
    film.words(0x60003000, Words{1}).words(kPixels, Words{0, 3});
    OPEN(film);
    QVERIFY(image.overlays.empty());
    QVERIFY(hasNote(image, "overlay plane"));
}

void TestDicomPixels::contradictoryBitsAreRefused() {
    for (const auto& [allocated, stored] : {std::pair{16, 0}, {16, 17}, {3, 3}, {48, 12}, {8, 12}}) {
        DicomBytes film;
        film.picture(1, 2, allocated, stored).words(kPixels, Words{0, 3, 0, 0, 0, 0});
        QVERIFY(!open(film).isOk());
    }
}

QTEST_GUILESS_MAIN(TestDicomPixels)
#include "tst_dicom_pixels.moc"
