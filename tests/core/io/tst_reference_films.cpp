// Films that others coded: NEMA's WG04 pictures in every compression against their uncompressed originals, and real
// chest radiographs. Needs the shared data folder (CXR_DATA_DIR).
#include <QTest>
#include <cmath>
#include <map>
#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "tests/support/test_data.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

fs::path wg04() { return test::dataFolder() / "dicom" / "nema_wg04"; }
fs::path real() { return test::dataFolder() / "dicom" / "cxr_real"; }

// Modality values, so that files that differ in sign or offset compare as what they mean.
cv::Mat valuesOf(const Image& image) {
    cv::Mat values(image.samples.size(), CV_64FC1);
    for (int row = 0; row < image.height(); ++row) {
        for (int x = 0; x < image.width(); ++x) {
            values.at<double>(row, x) = image.samples.at<std::uint16_t>(row, x) - image.storedOffset;
        }
    }
    return values;
}

// Peak: the range of the original. 10 log10(peak^2 / mean squared error); infinite when equal.
double psnr(const cv::Mat& original, const cv::Mat& copy) {
    double low = 0, high = 0;
    cv::minMaxLoc(original, &low, &high);
    const double error = cv::norm(original, copy, cv::NORM_L2SQR) / static_cast<double>(original.total());
    return error == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10((high - low) * (high - low) / error);
}

}  // namespace

class TestReferenceFilms : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void wg04EqualsItsOriginal_data();
    void wg04EqualsItsOriginal();
    void realChestFilms_data();
    void realChestFilms();
    void characterSetsOfRealFiles_data();
    void characterSetsOfRealFiles();
    void sameFilmInEveryByteOrder();
};

void TestReferenceFilms::wg04EqualsItsOriginal_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("original");
    QTest::addColumn<double>("floorDb");  // 0: must be equal; else half a decibel below what these very files have
    if (!fs::is_directory(wg04())) QSKIP("The shared data folder is absent; set CXR_DATA_DIR.");
    const std::map<std::string, double> floors{{"MR1_J2KI", 37.5}, {"CT1_J2KI", 40.5}, {"RG3_J2KI", 57.3},
                                               {"NM1_J2KI", 31.3}, {"MR1_JLSN", 63.3}, {"CT1_JLSN", 63.9},
                                               {"RG3_JLSN", 53.2}, {"NM1_JLSN", 42.6}, {"MR1_JPLY", 47.9},
                                               {"RG3_JPLY", 50.3}, {"NM1_JPLY", 37.2}};
    int count = 0;
    for (const char* coding : {"J2KR", "JLSL", "JPLL", "RLE", "J2KI", "JLSN", "JPLY"}) {
        for (const auto& entry : fs::directory_iterator(wg04() / coding)) {
            const std::string name = entry.path().filename().string();
            const std::string original = name.substr(0, name.find('_')) + "_UNC";
            QTest::newRow(name.c_str()) << QString::fromStdString(entry.path().string())
                                        << QString::fromStdString((wg04() / "REF" / original).string())
                                        << (floors.contains(name) ? floors.at(name) : 0.0);
            ++count;
        }
    }
    QCOMPARE(count, 27);
}

void TestReferenceFilms::wg04EqualsItsOriginal() {
    QFETCH(QString, file);
    QFETCH(QString, original);
    QFETCH(double, floorDb);
    const auto film = readImage(file.toStdString()), reference = readImage(original.toStdString());
    QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
    QVERIFY(reference.isOk());
    QCOMPARE(film.value()->samples.size(), reference.value()->samples.size());
    const double decibels = psnr(valuesOf(*reference.value()), valuesOf(*film.value()));
    qInfo("%s: %s", QTest::currentDataTag(),
          std::isinf(decibels) ? "equal" : qPrintable(QString::number(decibels, 'f', 1) + " dB"));
    QCOMPARE(film.value()->encoding.isLossy, floorDb > 0);
    if (floorDb == 0) {
        QVERIFY(std::isinf(decibels));
    } else {
        QVERIFY(decibels >= floorDb);
    }
}

void TestReferenceFilms::realChestFilms_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<bool>("isInverse");
    QTest::addColumn<QString>("view");
    QTest::addColumn<QString>("spacing");
    if (!fs::is_directory(real())) QSKIP("The shared data folder is absent; set CXR_DATA_DIR.");
    QTest::newRow("implicit, 8 bit") << "1.3.6.1.4.1.11129.5.5.110503645592756492463169821050252582267888.dcm" << 1024
                                     << 1024 << false << "unknown"
                                     << "none";
    QTest::newRow("no meta header, MONOCHROME1") << "CR-MONO1-10-chest" << 440 << 440 << true << "PA"
                                                 << "none";
    QTest::newRow("JPEG, MONOCHROME1") << "Fake_MONOHR1.dcm" << 1024 << 1024 << true << "PA"
                                       << "Pixel Spacing";
    QTest::newRow("near-lossless JPEG-LS, 15 bit") << "RG1_JLSN" << 1841 << 1955 << true << "PA"
                                                   << "none";
}

void TestReferenceFilms::realChestFilms() {
    QFETCH(QString, file);
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(bool, isInverse);
    QFETCH(QString, view);
    QFETCH(QString, spacing);
    const auto film = readImage(real() / file.toStdString());
    QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
    const Image& image = *film.value();
    QCOMPARE(image.width(), width);
    QCOMPARE(image.height(), height);
    QCOMPARE(image.isInverse, isInverse);
    QCOMPARE(QString(toString(image.view)), view);
    QCOMPARE(QString(toString(image.spacing.source)), spacing);
    const cv::Mat gray = renderGray8(image, image.defaultVoi);
    cv::Scalar mean, deviation;
    cv::meanStdDev(gray, mean, deviation);
    QVERIFY2(deviation[0] > 25, "the default window shows contrast");
}

void TestReferenceFilms::characterSetsOfRealFiles_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("name");
    if (!fs::is_directory(test::dataFolder() / "dicom" / "pydicom"))
        QSKIP("The shared data folder is absent; set CXR_DATA_DIR.");
    QTest::newRow("arabic") << "chrArab.dcm" << QString::fromUtf8("قباني, لنزار");
    QTest::newRow("french") << "chrFren.dcm" << QString::fromUtf8("Buc, Jérôme");
    QTest::newRow("german") << "chrGerm.dcm" << QString::fromUtf8("Äneas, Rüdiger");
    QTest::newRow("greek") << "chrGreek.dcm" << QString::fromUtf8("Διονυσιος");
    QTest::newRow("hebrew") << "chrHbrw.dcm" << QString::fromUtf8("שרון, דבורה");
    QTest::newRow("russian") << "chrRuss.dcm" << QString::fromUtf8("Люкceмбypг");
    QTest::newRow("japanese") << "chrH31.dcm" << QString::fromUtf8("Yamada, Tarou (山田, 太郎)");
    QTest::newRow("japanese, katakana") << "chrH32.dcm" << QString::fromUtf8("ﾔﾏﾀﾞ, ﾀﾛｳ (山田, 太郎)");
    QTest::newRow("korean") << "chrI2.dcm" << QString::fromUtf8("Hong, Gildong (洪, 吉洞)");
    QTest::newRow("chinese, UTF-8") << "chrX1.dcm" << QString::fromUtf8("Wang, XiaoDong (王, 小東)");
    QTest::newRow("chinese, GB18030") << "chrX2.dcm" << QString::fromUtf8("Wang, XiaoDong (王, 小东)");
}

void TestReferenceFilms::characterSetsOfRealFiles() {
    QFETCH(QString, file);
    QFETCH(QString, name);
    const auto film = readImage(test::dataFolder() / "dicom" / "pydicom" / "charset_files" / file.toStdString());
    QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
    QCOMPARE(QString::fromStdString(film.value()->patient.name), name);
}

void TestReferenceFilms::sameFilmInEveryByteOrder() {
    const fs::path folder = test::dataFolder() / "dicom" / "pydicom" / "test_files";
    if (!fs::is_directory(folder)) QSKIP("The shared data folder is absent; set CXR_DATA_DIR.");
    const auto reference = readImage(folder / "MR_small.dcm");
    QVERIFY(reference.isOk());
    for (const char* name : {"MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_expb.dcm", "MR_small_implicit.dcm",
                             "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_padded.dcm"}) {
        const auto film = readImage(folder / name);
        QVERIFY2(film.isOk(), name);
        QVERIFY2(cv::norm(valuesOf(*film.value()), valuesOf(*reference.value()), cv::NORM_INF) == 0, name);
    }
}

QTEST_GUILESS_MAIN(TestReferenceFilms)
#include "tst_reference_films.moc"
