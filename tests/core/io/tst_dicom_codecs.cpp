// Compressed films made here with DCMTK's and OpenJPEG's encoders: equal where lossless; codestreams that contradict
// their header are refused before a decoder sees them; damaged ones never crash.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpeg/djrploss.h>
#include <dcmtk/dcmjpls/djencode.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <memory>
#include <opencv2/core.hpp>
#include <random>

#include "core/io/bytes.h"
#include "core/io/codestream_header.h"
#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using test::ByteVector;

namespace {

constexpr int kRows = 40, kColumns = 56;

std::uint16_t pixel(int frame, int i) {
    return static_cast<std::uint16_t>((i * 37 + frame * 1000 + (i % 7) * (i % 11)) % 4096);
}

// A film of `frames` 12-bit pictures in this transfer syntax, as the bytes of a file.
ByteVector coded(E_TransferSyntax syntax, const DcmRepresentationParameter* parameter = nullptr, int frames = 1,
                 bool isSigned = false) {
    DcmFileFormat format;
    DcmDataset& dataSet = *format.getDataset();
    dataSet.putAndInsertString(DCM_SOPClassUID, UID_DigitalXRayImageStorageForPresentation);
    dataSet.putAndInsertString(DCM_SOPInstanceUID, "1.2.3.4");
    dataSet.putAndInsertString(DCM_Modality, "DX");
    dataSet.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    dataSet.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    dataSet.putAndInsertString(DCM_NumberOfFrames, std::to_string(frames).c_str());
    dataSet.putAndInsertUint16(DCM_Rows, kRows);
    dataSet.putAndInsertUint16(DCM_Columns, kColumns);
    dataSet.putAndInsertUint16(DCM_BitsAllocated, 16);
    dataSet.putAndInsertUint16(DCM_BitsStored, isSigned ? 16 : 12);
    dataSet.putAndInsertUint16(DCM_HighBit, isSigned ? 15 : 11);
    dataSet.putAndInsertUint16(DCM_PixelRepresentation, isSigned ? 1 : 0);
    std::vector<Uint16> pixels;
    for (int frame = 0; frame < frames; ++frame) {
        for (int i = 0; i < kRows * kColumns; ++i)
            pixels.push_back(static_cast<Uint16>(pixel(frame, i) - (isSigned ? 2000 : 0)));
    }
    dataSet.putAndInsertUint16Array(DCM_PixelData, pixels.data(), pixels.size());
    if (dataSet.chooseRepresentation(syntax, parameter).bad()) return {};
    const QTemporaryDir folder;
    const std::string file = folder.filePath("film").toStdString();
    if (format.saveFile(file.c_str(), syntax).bad()) return {};
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

Result<ImagePtr> open(const ByteVector& bytes) { return readImage(Bytes(bytes), "film"); }

// Offset of the first frame header (SOFn) in a file; 0 without one.
std::size_t frameHeaderIn(const ByteVector& file) {
    for (std::size_t i = 132; i + 9 < file.size(); ++i) {
        if (file[i] != 0xFF || file[i + 1] != 0xD8) continue;
        for (std::size_t k = i + 2; k + 9 < file.size() && file[k] == 0xFF;
             k += 2U + readU16(file, k + 2, ByteOrder::Big)) {
            if (file[k + 1] == 0xF7 || (file[k + 1] >= 0xC0 && file[k + 1] <= 0xC3)) return k;
        }
    }
    return 0;
}

struct Coding {
    const char* name;
    E_TransferSyntax syntax;
    std::shared_ptr<DcmRepresentationParameter> parameter;
};

std::vector<Coding> codings() {
    return {{"rle", EXS_RLELossless, nullptr},
            {"jpeg lossless", EXS_JPEGProcess14SV1, std::make_shared<DJ_RPLossless>(1, 0)},
            {"jpeg lossless, predictor 6", EXS_JPEGProcess14, std::make_shared<DJ_RPLossless>(6, 0)},
            {"jpeg-ls", EXS_JPEGLSLossless, nullptr},
            {"deflated", EXS_DeflatedLittleEndianExplicit, nullptr},
            {"explicit big", EXS_BigEndianExplicit, nullptr},
            {"implicit", EXS_LittleEndianImplicit, nullptr}};
}

}  // namespace

class TestDicomCodecs : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void losslessIsExact();
    void signedIsExact();
    void onlyTheFirstFrameIsDecoded();
    void lossyExtendedIsClose();
    void contradictingCodestreamsAreRefused();
    void cutCodestreamsAreRefused();
    void damagedCodestreamsNeverCrash();
    void codestreamHeaders();
};

void TestDicomCodecs::initTestCase() {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DcmRLEEncoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs(ECC_lossyYCbCr, EUC_never, OFFalse);
    DJLSEncoderRegistration::registerCodecs();
}

void TestDicomCodecs::losslessIsExact() {
    for (const Coding& coding : codings()) {
        const auto film = open(coded(coding.syntax, coding.parameter.get()));
        QVERIFY2(film.isOk(), film.isOk() ? "" : (std::string(coding.name) + ": " + film.error().message).c_str());
        for (int i = 0; i < kRows * kColumns; ++i) {
            QVERIFY2(film.value()->samples.at<std::uint16_t>(i / kColumns, i % kColumns) == pixel(0, i), coding.name);
        }
        QVERIFY2(!film.value()->encoding.isLossy, coding.name);
    }
}

void TestDicomCodecs::signedIsExact() {
    for (const Coding& coding : codings()) {
        if (std::string(coding.name).starts_with("jpeg lossless, ")) continue;  // one predictor is enough
        const auto film = open(coded(coding.syntax, coding.parameter.get(), 1, true));
        QVERIFY2(film.isOk(), film.isOk() ? "" : (std::string(coding.name) + ": " + film.error().message).c_str());
        for (int i = 0; i < kRows * kColumns; ++i) {
            const int stored =
                film.value()->samples.at<std::uint16_t>(i / kColumns, i % kColumns) - film.value()->storedOffset;
            QVERIFY2(stored == pixel(0, i) - 2000, coding.name);
        }
    }
}

void TestDicomCodecs::onlyTheFirstFrameIsDecoded() {
    for (const Coding& coding : codings()) {
        const auto film = open(coded(coding.syntax, coding.parameter.get(), 3));
        QVERIFY2(film.isOk(), film.isOk() ? "" : (std::string(coding.name) + ": " + film.error().message).c_str());
        QCOMPARE(film.value()->encoding.frames, 3);
        QCOMPARE(film.value()->height(), kRows);
        QCOMPARE(int(film.value()->samples.at<std::uint16_t>(3, 5)), int(pixel(0, 3 * kColumns + 5)));
    }
}

void TestDicomCodecs::lossyExtendedIsClose() {
    const DJ_RPLossy quality(95);
    const auto film = open(coded(EXS_JPEGProcess2_4, &quality));
    QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
    QVERIFY(film.value()->encoding.isLossy);
    double sum = 0;
    for (int i = 0; i < kRows * kColumns; ++i) {
        sum += std::abs(film.value()->samples.at<std::uint16_t>(i / kColumns, i % kColumns) - pixel(0, i));
    }
    QVERIFY2(sum / (kRows * kColumns) < 200, "mean error of 4,096 values");
}

// The frame header of JPEG and JPEG-LS claims another size, depth or number of components than the DICOM header.
void TestDicomCodecs::contradictingCodestreamsAreRefused() {
    for (const Coding& coding : codings()) {
        if (!std::string(coding.name).starts_with("jpeg")) continue;
        const ByteVector whole = coded(coding.syntax, coding.parameter.get());
        const std::size_t frame = frameHeaderIn(whole);
        QVERIFY2(frame > 0, coding.name);
        ByteVector huge = whole, other = whole, deep = whole, many = whole;
        std::fill_n(huge.begin() + static_cast<long>(frame) + 5, 4, std::uint8_t{0xFF});
        QCOMPARE(open(huge).error().code, ErrorCode::TooLarge);
        other[frame + 8] += 8;
        QVERIFY(open(other).error().message.find("56 x 40 pixels but its compressed picture has 64 x 40") !=
                std::string::npos);
        deep[frame + 4] = 32;
        QVERIFY(!open(deep).isOk());
        many[frame + 9] = 3;
        QCOMPARE(open(many).error().code, ErrorCode::Corrupt);
    }
}

// Inside the picture nothing may be made up: a cut-off film is refused.
void TestDicomCodecs::cutCodestreamsAreRefused() {
    for (const Coding& coding : codings()) {
        ByteVector file = coded(coding.syntax, coding.parameter.get());
        file.resize(file.size() - 200);
        QVERIFY2(!open(file).isOk(), coding.name);
    }
}

void TestDicomCodecs::damagedCodestreamsNeverCrash() {
    std::mt19937 random(7);
    for (const Coding& coding : codings()) {
        const ByteVector whole = coded(coding.syntax, coding.parameter.get());
        for (int round = 0; round < 150; ++round) {
            ByteVector file = whole;
            const std::size_t tail = std::min<std::size_t>(file.size() - 132, 4000);
            for (int i = 0; i < 4; ++i) file[file.size() - 1 - random() % tail] = static_cast<std::uint8_t>(random());
            const auto film = open(file);
            QVERIFY(!film.isOk() || film.value()->samples.total() > 0);
        }
    }
}

void TestDicomCodecs::codestreamHeaders() {
    const ByteVector jpeg{0xFF, 0xD8, 0xFF, 0xFE, 0, 3, 'x',  0xFF, 0xC1, 0,    11, 12,
                          0x01, 0x00, 0x02, 0x00, 1, 1, 0x11, 0,    0xFF, 0xDA, 0,  2};
    const auto header = readJpegHeader(jpeg);
    QVERIFY(header.isOk());
    QCOMPARE(header.value().rows, 256);
    QCOMPARE(header.value().columns, 512);
    QCOMPARE(header.value().bitsPerSample, 12);
    for (std::size_t size = 0; size < jpeg.size() - 2; ++size) QVERIFY(!readJpegHeader(Bytes(jpeg).first(size)).isOk());
    test::DicomBytes siz(true, true);  // big endian numbers
    for (const int value : {0xFF4F, 0xFF51, 41, 0}) siz.number16(static_cast<std::uint16_t>(value));
    for (const std::uint32_t value : {600U, 500U, 88U, 0U, 256U, 256U, 0U, 0U}) siz.number32(value);
    siz.number16(1);
    for (const int value : {0x8B, 1, 1, 0xFF, 0x90}) siz.bytes.push_back(static_cast<std::uint8_t>(value));
    siz.number16(10);
    const auto j2k = readJpeg2000Header(siz.bytes);
    QVERIFY(j2k.isOk());
    QCOMPARE(j2k.value().columns, 512);
    QCOMPARE(j2k.value().rows, 500);
    QCOMPARE(j2k.value().bitsPerSample, 12);
    QVERIFY(j2k.value().isSigned);
    QCOMPARE(j2k.value().tiles, 4);
}

QTEST_GUILESS_MAIN(TestDicomCodecs)
#include "tst_dicom_codecs.moc"
