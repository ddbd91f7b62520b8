// Differential: our pixel chain against DCMTK's DicomImage on the same file and the same window or LUT.
// DCMTK counts 256 gray values in steps of its own; one step of difference is rounding, not meaning.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmimgle/dcmimage.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/test_data.h"

using namespace cxr;
using namespace cxr::test;
namespace fs = std::filesystem;

namespace {

cv::Mat grayOf(DicomImage& dcmtk) {
    const auto rows = static_cast<int>(dcmtk.getHeight()), columns = static_cast<int>(dcmtk.getWidth());
    cv::Mat gray(rows, columns, CV_8UC1);
    const void* data = dcmtk.getOutputData(8);
    if (data == nullptr) return {};
    std::memcpy(gray.data, data, gray.total());
    return gray;
}

// Ours and theirs differ by one gray value at most, and by none on average.
void compare(const Image& image, const VoiSetting& voi, DicomImage& dcmtk, const char* what) {
    const cv::Mat theirs = grayOf(dcmtk), ours = renderGray8(image, voi);
    QVERIFY2(!theirs.empty(), what);
    QCOMPARE(ours.size(), theirs.size());
    const double worst = cv::norm(ours, theirs, cv::NORM_INF);
    QVERIFY2(worst <= 1, qPrintable(QString("%1: differs by %2").arg(what).arg(worst)));
}

DicomBytes lutSequence(std::uint32_t tag, const DicomBytes& content) {
    DicomBytes sequence;
    sequence.header(tag, "SQ", static_cast<std::uint32_t>(content.bytes.size() + 8));
    return sequence.header(0xFFFEE000, "", static_cast<std::uint32_t>(content.bytes.size())).append(content);
}

// 64 x 64 pixels of every 12-bit value, with what `before` and `after` put around the picture module's pixel data.
fs::path writeRamp(const QTemporaryDir& folder, const DicomBytes& beforePixels, bool isSigned,
                   const char* photometric = "MONOCHROME2") {
    DicomBytes film;
    film.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
        .text(0x00080018, "UI", "1.2.3")
        .text(0x00080060, "CS", "DX");
    film.picture(64, 64, 16, 12, isSigned, photometric).append(beforePixels);
    std::vector<std::uint16_t> ramp(4096);
    for (int i = 0; i < 4096; ++i) ramp[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(i);
    film.words(0x7FE00010, ramp);
    const ByteVector bytes = dicomFile(film.bytes, kExplicitLittle);
    const fs::path file = fs::path(folder.path().toStdString()) / "ramp.dcm";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return file;
}

}  // namespace

class TestDcmtkRendering : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void realFilms_data();
    void realFilms();
    void rescaleSignAndPolarity_data();
    void rescaleSignAndPolarity();
    void sigmoid();
    void voiTable();
    void modalityTable();
};

void TestDcmtkRendering::initTestCase() {
    OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
}

void TestDcmtkRendering::realFilms_data() {
    QTest::addColumn<QString>("file");
    if (!fs::is_directory(dataFolder() / "dicom")) QSKIP("The shared data folder is absent; set CXR_DATA_DIR.");
    for (const char* file :
         {"cxr_real/CR-MONO1-10-chest", "cxr_real/RG1_JLSN", "cxr_real/Fake_MONOHR1.dcm", "nema_wg04/REF/RG3_UNC",
          "nema_wg04/REF/MR1_UNC", "nema_wg04/REF/CT1_UNC", "nema_wg04/RLE/NM1_RLE", "nema_wg04/JPLL/RG3_JPLL",
          "pydicom/test_files/MR_small_bigendian.dcm", "pydicom/test_files/CT_small.dcm"}) {
        QTest::newRow(file) << file;
    }
}

void TestDcmtkRendering::realFilms() {
    QFETCH(QString, file);
    const fs::path path = dataFolder() / "dicom" / file.toStdString();
    const auto film = readImage(path);
    QVERIFY(film.isOk());
    Image image = *film.value();
    image.padding.reset();  // DCMTK shows padding as ordinary values
    DicomImage dcmtk(path.c_str());
    QCOMPARE(dcmtk.getStatus(), EIS_Normal);
    const ValueRange range = modalityRange(image);
    for (const double part : {1.0, 0.5, 0.1}) {
        const VoiSetting voi{.center = range.low + (range.high - range.low) * 0.4,
                             .width = std::max(2.0, (range.high - range.low) * part),
                             .function = VoiFunction::Linear,
                             .table = nullptr};
        QVERIFY(dcmtk.setWindow(voi.center, voi.width) != 0);
        compare(image, voi, dcmtk, "window");
    }
    if (image.presets.empty()) return;
    QVERIFY(dcmtk.setWindow(0) != 0);
    compare(image, image.defaultVoi, dcmtk, "header window");
}

void TestDcmtkRendering::rescaleSignAndPolarity_data() {
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<QString>("slope");
    QTest::addColumn<QString>("intercept");
    QTest::addColumn<QString>("photometric");
    for (const char* photometric : {"MONOCHROME1", "MONOCHROME2"}) {
        for (const bool isSigned : {false, true}) {
            QTest::addRow("%s %d plain", photometric, isSigned) << isSigned << "1"
                                                                << "0" << photometric;
            QTest::addRow("%s %d rescaled", photometric, isSigned) << isSigned << "2.5"
                                                                   << "-1024" << photometric;
        }
    }
}

void TestDcmtkRendering::rescaleSignAndPolarity() {
    QFETCH(bool, isSigned);
    QFETCH(QString, slope);
    QFETCH(QString, intercept);
    QFETCH(QString, photometric);
    const QTemporaryDir folder;
    DicomBytes header;
    header.text(0x00281050, "DS", "500").text(0x00281051, "DS", "1500");
    header.text(0x00281052, "DS", intercept.toStdString()).text(0x00281053, "DS", slope.toStdString());
    const fs::path file = writeRamp(folder, header, isSigned, qPrintable(photometric));
    const auto film = readImage(file);
    QVERIFY(film.isOk());
    DicomImage dcmtk(file.c_str());
    QVERIFY(dcmtk.setWindow(0) != 0);
    compare(*film.value(), film.value()->defaultVoi, dcmtk, "window");
}

void TestDcmtkRendering::sigmoid() {
    const QTemporaryDir folder;
    const fs::path file = writeRamp(folder, DicomBytes(), false);
    DicomImage dcmtk(file.c_str());
    QVERIFY(dcmtk.setVoiLutFunction(EFV_Sigmoid) != 0);
    QVERIFY(dcmtk.setWindow(2000, 1200) != 0);
    const VoiSetting voi{.center = 2000, .width = 1200, .function = VoiFunction::Sigmoid, .table = nullptr};
    compare(*readImage(file).value(), voi, dcmtk, "sigmoid");
}

void TestDcmtkRendering::voiTable() {
    const QTemporaryDir folder;
    std::vector<std::uint16_t> entries(1000);
    for (std::size_t i = 0; i < entries.size(); ++i)
        entries[i] = static_cast<std::uint16_t>(i * i * 65535 / (999 * 999));
    DicomBytes content;
    content.us(0x00283002, {1000, 700, 16}).words(0x00283006, entries, "US");
    const fs::path file = writeRamp(folder, lutSequence(0x00283010, content), false);
    const auto film = readImage(file);
    QVERIFY(film.isOk() && film.value()->defaultVoi.table != nullptr);
    DicomImage dcmtk(file.c_str());
    QVERIFY(dcmtk.setVoiLut(0) != 0);
    compare(*film.value(), film.value()->defaultVoi, dcmtk, "VOI LUT");
}

void TestDcmtkRendering::modalityTable() {
    const QTemporaryDir folder;
    std::vector<std::uint16_t> entries(4096);
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i] = static_cast<std::uint16_t>(4095 - i);
    DicomBytes content;
    content.us(0x00283002, {4096, 0, 12}).text(0x00283004, "LO", "US").words(0x00283006, entries, "US");
    const fs::path file = writeRamp(folder, lutSequence(0x00283000, content), false);
    const auto film = readImage(file);
    QVERIFY(film.isOk() && film.value()->modality.table != nullptr);
    DicomImage dcmtk(file.c_str());
    QVERIFY(dcmtk.setWindow(1500, 2000) != 0);
    const VoiSetting voi{.center = 1500, .width = 2000, .function = VoiFunction::Linear, .table = nullptr};
    compare(*film.value(), voi, dcmtk, "modality LUT");
}

QTEST_GUILESS_MAIN(TestDcmtkRendering)
#include "tst_dcmtk_rendering.moc"
