// The program holds two CharLS: DCMTK's reads JPEG-LS films, ours measures kept pixels, and both export functions of one
// name. Each must meet its own: with the wrong one DCMTK writes past its buffers.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpls/djencode.h>

#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "core/io/image_reader.h"
#include "core/prior/kept_bytes.h"
#include "tests/support/study_files.h"

using namespace cxr;
using namespace cxr::test;
namespace fs = std::filesystem;

class TestTwoCharls : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DJLSEncoderRegistration::registerCodecs();
    }

    void filmsAreReadAndKeptPixelsMeasured() {
        StudyFile spec;
        spec.side = 300;
        const fs::path plain = writeStudyFile(folder() / "plain", spec), coded = folder() / "coded";
        DcmFileFormat file;
        QVERIFY(file.loadFile(plain.c_str()).good());
        QVERIFY(file.getDataset()->chooseRepresentation(EXS_JPEGLSLossless, nullptr).good());
        QVERIFY(file.saveFile(coded.c_str(), EXS_JPEGLSLossless).good());
        const auto original = readImage(plain);
        QVERIFY(original.isOk());
        for (int round = 0; round < 20; ++round) {  // a destroyed heap shows itself late
            const auto film = readImage(coded);
            QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
            QCOMPARE(film.value()->encoding.transferSyntax, std::string("JPEG-LS Lossless"));
            QVERIFY(cv::norm(film.value()->samples, original.value()->samples, cv::NORM_INF) == 0);
            const cv::Mat crop = film.value()->samples(cv::Rect(0, 0, 300, 300)).clone();
            const auto spot = applyHeartSpot(priorByName("hline").value(), crop, {});
            QVERIFY2(spot.isOk(), spot.isOk() ? "" : spot.error().message.c_str());
            const auto bytes = keptBytes(spot.value(), crop);
            QVERIFY(bytes.isOk() && bytes.value().jpegLs > 0);
        }
    }

  private:
    fs::path folder() const { return m_folder.path().toStdString(); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestTwoCharls)
#include "tst_two_charls.moc"
