// Files that lie: every bomb is refused with a reason before a library or an allocation sees it.
#include "core/io/dicom_prescan.h"

#include <zlib.h>

#include <QTest>
#include <random>

#include "core/io/dicom_walker.h"
#include "core/io/image_reader.h"
#include "tests/support/bombs.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using namespace cxr::test;

namespace {

constexpr std::uint32_t kPixels = 0x7FE00010, kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;

DicomBytes smallFilm(bool isExplicit = true, bool isBigEndian = false) {
    DicomBytes film(isExplicit, isBigEndian);
    film.text(0x00080060, "CS", "DX").picture(2, 2);
    return film.words(kPixels, std::vector<std::uint16_t>{1, 2, 3, 4});
}

ByteVector deflated(const ByteVector& plain) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    ByteVector out(deflateBound(&stream, plain.size()) + 64);
    stream.next_in = const_cast<Bytef*>(plain.data());
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

// `depth` sequences inside each other, then a film.
DicomBytes nested(int depth, bool isOpen, bool isExplicit = true) {
    DicomBytes film(isExplicit);
    film.text(0x00080060, "CS", "DX");
    constexpr std::uint32_t kContentSequence = 0x0040A730;
    for (int level = 0; level < depth; ++level) {
        // Eight bytes of item header and, below, the element headers of the deeper levels.
        const auto inner = static_cast<std::uint32_t>((depth - 1 - level) * (isExplicit ? 20 : 16));
        film.header(kContentSequence, "SQ", isOpen ? DicomBytes::kUndefined : inner + 8);
        film.header(kItem, "", isOpen ? DicomBytes::kUndefined : inner);
    }
    for (int level = 0; isOpen && level < depth; ++level) film.header(kItemEnd, "", 0).header(kSequenceEnd, "", 0);
    return film.append(smallFilm(isExplicit));
}

Error refusalOf(const ByteVector& file) {
    const auto film = readImage(Bytes(file), "film");
    return film.isOk() ? Error{ErrorCode::Internal, "it was opened"} : film.error();
}

bool says(const Error& error, const char* words) {
    const bool found = error.message.find(words) != std::string::npos;
    if (!found) qWarning("message was: %s", error.message.c_str());
    return found;
}

}  // namespace

class TestDicomPrescan : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void opensEveryPlainCoding_data();
    void opensEveryPlainCoding();
    void opensFilesWithoutMetaHeader();
    void followsTheBytesWhenTheMetaHeaderLies();
    void aDamagedTypeInTheMetaHeaderHarmsNobody();
    void unknownTypesInSequencesAreMeasuredAsDcmtkDoes();
    void headersNeedNoPixels();
    void acceptsNestingUpToTheLimit();
    void refusesDeepNesting_data();
    void refusesDeepNesting();
    void refusesLengthsBeyondTheFile();
    void refusesElementsBeyondTheirItem();
    void refusesHugePictures();
    void refusesAMillionPictures();
    void refusesTooManyElements();
    void inflatesDeflatedFilms();
    void refusesDeflateBombs();
    void refusesDamagedDeflate();
    void refusesLyingFragments();
    void saysWhatAFileWithoutPictureIs();
    void everyTruncationIsAnError();
    void randomDamageNeverCrashes();
};

void TestDicomPrescan::opensEveryPlainCoding_data() {
    QTest::addColumn<bool>("isExplicit");
    QTest::addColumn<bool>("isBig");
    QTest::addColumn<QString>("uid");
    QTest::newRow("implicit little") << false << false << kImplicitLittle;
    QTest::newRow("explicit little") << true << false << kExplicitLittle;
    QTest::newRow("explicit big") << true << true << kExplicitBig;
}

void TestDicomPrescan::opensEveryPlainCoding() {
    QFETCH(bool, isExplicit);
    QFETCH(bool, isBig);
    QFETCH(QString, uid);
    const auto film = readImage(Bytes(dicomFile(smallFilm(isExplicit, isBig).bytes, uid.toStdString())), "film");
    QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
    const Image& image = *film.value();
    QCOMPARE(image.width(), 2);
    QCOMPARE(image.samples.at<std::uint16_t>(1, 0), std::uint16_t{3});
    QCOMPARE(image.encoding.transferSyntaxUid, uid.toStdString());
    QCOMPARE(image.study.modality, std::string("DX"));
}

void TestDicomPrescan::opensFilesWithoutMetaHeader() {
    for (const auto& [isExplicit, isBig] : {std::pair{true, false}, {false, false}, {true, true}}) {
        const auto film = readImage(Bytes(smallFilm(isExplicit, isBig).bytes), "film");
        QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
        QCOMPARE(film.value()->samples.at<std::uint16_t>(1, 1), std::uint16_t{4});
        QVERIFY(!film.value()->notes.empty());
    }
}

void TestDicomPrescan::followsTheBytesWhenTheMetaHeaderLies() {
    const auto film = readImage(Bytes(dicomFile(smallFilm(false).bytes, kExplicitLittle)), "film");
    QVERIFY(film.isOk());
    QCOMPARE(film.value()->encoding.transferSyntaxUid, std::string(kImplicitLittle));
    QVERIFY(!film.value()->notes.empty());
}

// The VR of (0002,0010) is nonsense: its length stands where that of every short VR stands.
void TestDicomPrescan::aDamagedTypeInTheMetaHeaderHarmsNobody() {
    for (const char* vr : {"99", "ui", "\xFF\xFF", "  "}) {
        ByteVector file = dicomFile(smallFilm().bytes, kExplicitLittle);
        file[136] = static_cast<std::uint8_t>(vr[0]);
        file[137] = static_cast<std::uint8_t>(vr[1]);
        const auto film = readImage(Bytes(file), "film");
        QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
        QCOMPARE(film.value()->width(), 2);
    }
}

// Two capitals that are no type: DCMTK takes the length of such a value from the four bytes behind the two that seem to be one, here
// 1.1 GiB. Found by fuzz_dicomdir.
void TestDicomPrescan::unknownTypesInSequencesAreMeasuredAsDcmtkDoes() {
    for (const char* vr : {"CK", "ZZ", "ox"}) {
        DicomBytes inner, film;
        inner.text(0x00080100, vr, "IMAGE ");
        film.header(0x00081140, "SQ", static_cast<std::uint32_t>(inner.bytes.size() + 8));
        film.header(kItem, "", static_cast<std::uint32_t>(inner.bytes.size())).append(inner).append(smallFilm());
        const Error refusal = refusalOf(dicomFile(film.bytes, kExplicitLittle));
        QVERIFY2(says(refusal, "claims 1195461961 bytes"), refusal.message.c_str());
    }
    const auto isAlike = [](const ByteVector& file) { return isReadAlike(prescanDicomObject(Bytes(file), {}).value()); };
    QVERIFY(isAlike(dicomFile(smallFilm().bytes, kExplicitLittle)));
    QVERIFY(!isAlike(dicomFile(DicomBytes().text(0x00080060, "CS", "DX").text(0x00080100, "CK", "IMAGE ").bytes, kExplicitLittle)));
}

// A file's beginning is enough for its header; what ends before the pixel data is not.
void TestDicomPrescan::headersNeedNoPixels() {
    const ByteVector file = dicomFile(smallFilm().bytes, kExplicitLittle);
    const auto whole = prescanDicomHeader(Bytes(file), {});
    QVERIFY(whole.isOk() && whole.value().pixels.element.tag == kPixels);
    const std::size_t withoutValue = file.size() - 8;
    const auto header = prescanDicomHeader(Bytes(file).first(withoutValue), {});
    QVERIFY(header.isOk() && header.value().pixels.element.tag == kPixels);
    QCOMPARE(header.value().text(0x00080060), std::string("DX"));
    QVERIFY(!prescanDicomObject(Bytes(file).first(withoutValue), {}).isOk());
    QVERIFY(!prescanDicomHeader(Bytes(file).first(withoutValue - 20), {}).isOk());
}

void TestDicomPrescan::acceptsNestingUpToTheLimit() {
    for (const bool isOpen : {true, false}) {
        QVERIFY(readImage(Bytes(dicomFile(nested(64, isOpen).bytes, kExplicitLittle)), "film").isOk());
        QVERIFY(readImage(Bytes(dicomFile(nested(64, isOpen, false).bytes, kImplicitLittle)), "film").isOk());
    }
}

void TestDicomPrescan::refusesDeepNesting_data() {
    QTest::addColumn<int>("depth");
    QTest::addColumn<bool>("isOpen");
    QTest::addColumn<bool>("isExplicit");
    for (const int depth : {65, 10'000}) {
        QTest::addRow("%d open explicit", depth) << depth << true << true;
        QTest::addRow("%d closed explicit", depth) << depth << false << true;
        QTest::addRow("%d open implicit", depth) << depth << true << false;
        QTest::addRow("%d closed implicit", depth) << depth << false << false;
    }
}

void TestDicomPrescan::refusesDeepNesting() {
    QFETCH(int, depth);
    QFETCH(bool, isOpen);
    QFETCH(bool, isExplicit);
    const ByteVector file =
        dicomFile(nested(depth, isOpen, isExplicit).bytes, isExplicit ? kExplicitLittle : kImplicitLittle);
    const Error error = refusalOf(file);
    QCOMPARE(error.code, ErrorCode::TooLarge);
    QVERIFY(says(error, "nested deeper than 64"));
}

void TestDicomPrescan::refusesLengthsBeyondTheFile() {
    DicomBytes film;
    film.header(0x00080005, "OB", 0xFFFFFFF0).append(smallFilm());
    const Error error = refusalOf(dicomFile(film.bytes, kExplicitLittle));
    QCOMPARE(error.code, ErrorCode::Corrupt);
    QVERIFY(says(error, "claims 4294967280 bytes"));
    DicomBytes pixels;
    pixels.text(0x00080060, "CS", "DX").picture(2, 2).header(kPixels, "OW", 0xFFFFFFF0);
    QCOMPARE(refusalOf(dicomFile(pixels.bytes, kExplicitLittle)).code, ErrorCode::Corrupt);
}

void TestDicomPrescan::refusesElementsBeyondTheirItem() {
    DicomBytes film;
    film.text(0x00080060, "CS", "DX").header(0x0040A730, "SQ", 20).header(kItem, "", 12);
    film.header(0x00080100, "SH", 200).number32(0);  // 200 bytes in an item of 12
    const Error error = refusalOf(dicomFile(film.append(smallFilm()).bytes, kExplicitLittle));
    QCOMPARE(error.code, ErrorCode::Corrupt);
    QVERIFY(says(error, "(0008,0100)"));
}

void TestDicomPrescan::refusesHugePictures() {
    DicomBytes film;
    film.text(0x00080060, "CS", "DX").picture(65535, 65535).words(kPixels, std::vector<std::uint16_t>{1, 2});
    const ByteVector file = dicomFile(film.bytes, kExplicitLittle);
    QVERIFY(file.size() <= 540);
    const Error error = refusalOf(file);
    QCOMPARE(error.code, ErrorCode::TooLarge);
    QVERIFY(says(error, "65535 x 65535"));
    const ReadLimits small{.maxPixels = 3};
    QCOMPARE(readImage(Bytes(dicomFile(smallFilm().bytes, kExplicitLittle)), "film", small).error().code,
             ErrorCode::TooLarge);
    const ReadLimits few{.maxDecodedBytes = 7};
    QCOMPARE(readImage(Bytes(dicomFile(smallFilm().bytes, kExplicitLittle)), "film", few).error().code,
             ErrorCode::TooLarge);
}

void TestDicomPrescan::refusesAMillionPictures() {
    for (const int size : {512, 2}) {
        DicomBytes film;
        film.text(0x00080060, "CS", "DX").text(0x00280008, "IS", "1000000").picture(size, size);
        film.words(kPixels, std::vector<std::uint16_t>{1, 2, 3, 4});
        const Error error = refusalOf(dicomFile(film.bytes, kExplicitLittle));
        QCOMPARE(error.code, size == 512 ? ErrorCode::TooLarge : ErrorCode::Corrupt);
    }
}

void TestDicomPrescan::refusesTooManyElements() {
    const auto empty = [](std::uint32_t count) {
        DicomBytes elements;
        for (std::uint32_t i = 0; i < count; ++i) elements.header(0x00090000 + i % 65536, "LO", 0);
        return elements;
    };
    const Error top = refusalOf(dicomFile(empty(10'001).append(smallFilm()).bytes, kExplicitLittle));
    QCOMPARE(top.code, ErrorCode::TooLarge);
    QVERIFY(says(top, "10000 elements"));
    DicomBytes film;
    film.header(0x0040A730, "SQ", DicomBytes::kUndefined).header(kItem, "", 8 * 1'000'100).append(empty(1'000'100));
    const Error nested = refusalOf(dicomFile(film.bytes, kExplicitLittle));
    QCOMPARE(nested.code, ErrorCode::TooLarge);
    QVERIFY(says(nested, "1000000 elements"));
}

void TestDicomPrescan::inflatesDeflatedFilms() {
    const auto film = readImage(Bytes(dicomFile(deflated(smallFilm().bytes), kDeflated)), "film");
    QVERIFY(film.isOk());
    QCOMPARE(film.value()->samples.at<std::uint16_t>(0, 1), std::uint16_t{2});
    QCOMPARE(film.value()->encoding.transferSyntax, std::string("Deflated Explicit VR Little Endian"));
}

void TestDicomPrescan::refusesDeflateBombs() {
    DicomBytes film;
    film.text(0x00080060, "CS", "DX").picture(2, 2);
    ByteVector plain = film.bytes;
    plain.resize(96U << 20, 0);  // 96 MB of nothing
    const ByteVector file = dicomFile(deflated(plain), kDeflated);
    QVERIFY(file.size() < 200'000);
    const Error error = refusalOf(file);
    QCOMPARE(error.code, ErrorCode::TooLarge);
    QVERIFY(says(error, "more than 10000 elements"));
    const Error lying = refusalOf(dicomFile(deflatedPicture(2048, 512U << 20), kDeflated));
    QCOMPARE(lying.code, ErrorCode::Corrupt);
    QVERIFY(says(lying, "claims 536870912 bytes where its size needs 8388608"));
    const ByteVector large = dicomFile(deflatedPicture(4096, 32U << 20), kDeflated);
    const ReadLimits small{.maxDecodedBytes = 31 << 20};
    const auto refused = readImage(Bytes(large), "film", small);
    QCOMPARE(refused.error().code, ErrorCode::TooLarge);
    QVERIFY(says(refused.error(), "expands to more than 31 MiB"));
    QCOMPARE(readImage(Bytes(large), "film").value()->width(), 4096);  // black, and nothing wrong with it
}

void TestDicomPrescan::refusesDamagedDeflate() {
    ByteVector file = dicomFile(deflated(smallFilm().bytes), kDeflated);
    file.resize(file.size() - 8);
    QCOMPARE(refusalOf(file).code, ErrorCode::Corrupt);
}

void TestDicomPrescan::refusesLyingFragments() {
    for (const std::uint32_t length : {0xFFFFFFF0U, 0xFFFFFFFFU, 1000U}) {
        DicomBytes film;
        film.text(0x00080060, "CS", "DX").picture(2, 2).header(kPixels, "OB", DicomBytes::kUndefined);
        film.header(kItem, "", 0).header(kItem, "", length).number32(0);
        const Error error = refusalOf(dicomFile(film.bytes, "1.2.840.10008.1.2.4.50"));
        QCOMPARE(error.code, ErrorCode::Corrupt);
        QVERIFY(says(error, "fragment"));
    }
}

void TestDicomPrescan::saysWhatAFileWithoutPictureIs() {
    DicomBytes report;
    report.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.11").text(0x00080060, "CS", "SR");
    const Error error = refusalOf(dicomFile(report.bytes, kExplicitLittle));
    QCOMPARE(error.code, ErrorCode::Unsupported);
    QVERIFY(says(error, "it has no picture: it is a structured report"));
}

// Invariant: no prefix of a film is accepted, none crashes.
void TestDicomPrescan::everyTruncationIsAnError() {
    const ByteVector file = dicomFile(nested(3, true).bytes, kExplicitLittle);
    QVERIFY(readImage(Bytes(file), "film").isOk());
    for (std::size_t size = 0; size < file.size(); ++size) {
        QVERIFY2(!readImage(Bytes(file).first(size), "film").isOk(), std::to_string(size).c_str());
    }
}

void TestDicomPrescan::randomDamageNeverCrashes() {
    const ByteVector whole = dicomFile(nested(2, false).bytes, kExplicitLittle);
    std::mt19937 random(1);
    int opened = 0;
    for (int round = 0; round < 2000; ++round) {
        ByteVector file = whole;
        for (int i = 0; i < 3; ++i) file[132 + random() % (file.size() - 132)] = static_cast<std::uint8_t>(random());
        opened += readImage(Bytes(file), "film").isOk() ? 1 : 0;
    }
    QVERIFY2(opened > 0 && opened < 2000, std::to_string(opened).c_str());
}

QTEST_GUILESS_MAIN(TestDicomPrescan)
#include "tst_dicom_prescan.moc"
