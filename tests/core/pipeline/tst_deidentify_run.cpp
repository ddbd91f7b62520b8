// De-identification of the public DICOM collections: every file is written clean or refused with a reason; nothing of the
// patient is left, pictures are the same, and no object is less valid than before.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/oflog/oflog.h>

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "core/base/atomic_file.h"
#include "core/pipeline/deidentify_run.h"
#include "tests/support/test_data.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

const Pseudonyms kPseudonyms(Pseudonyms::Key{5});

QByteArray contentOf(const fs::path& file) {
    QFile opened(QString::fromStdString(file.string()));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

// Names and numbers that an original gives its patient, long enough not to occur by chance.
std::set<QByteArray> identityOf(const fs::path& file) {
    std::set<QByteArray> words;
    DcmFileFormat format;
    if (format.loadFile(file.c_str(), EXS_Unknown, EGL_noChange, 4096).bad()) return words;
    for (const DcmTagKey& tag : {DCM_PatientName, DCM_PatientID, DCM_AccessionNumber, DCM_ReferringPhysicianName, DCM_StudyInstanceUID,
                                 DCM_SOPInstanceUID, DCM_SeriesInstanceUID}) {
        OFString text;
        if (format.getDataset()->findAndGetOFStringArray(tag, text).bad()) continue;
        const QByteArray word = QByteArray(text.c_str()).trimmed();
        if (word.size() >= 6) words.insert(word);
    }
    return words;
}

// The value of the picture, as it lies in the file.
QByteArray pictureOf(const fs::path& file) {
    const QByteArray bytes = contentOf(file);
    const auto layout = prescanDicomObject({reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())}, {});
    if (!layout.isOk() || layout.value().pixels.element.tag == 0) return {};
    QByteArray picture;
    const PixelLocation& pixels = layout.value().pixels;
    for (const Bytes fragment : pixels.fragments) picture.append(reinterpret_cast<const char*>(fragment.data()), static_cast<qsizetype>(fragment.size()));
    if (!pixels.fragments.empty()) return picture;
    const Bytes value = layout.value().valueOf(pixels.element);
    return {reinterpret_cast<const char*>(value.data()), static_cast<qsizetype>(value.size())};
}

int errorsIn(const fs::path& file) {
    QProcess check;
    check.setProcessChannelMode(QProcess::MergedChannels);
    check.start("dciodvfy", {QString::fromStdString(file.string())});
    if (!check.waitForFinished(20000)) return -1;
    return static_cast<int>(check.readAll().count("Error - "));
}

}  // namespace

class TestDeidentifyRun : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        m_data = test::dataFolder() / "dicom";
    }

    void collectionsLeaveNothingOfThePatient_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("leastWritten");
        QTest::newRow("cxr_real") << "cxr_real" << 4;
        QTest::newRow("nema_wg04") << "nema_wg04" << 31;
        QTest::newRow("pydicom") << "pydicom" << 100;
        QTest::newRow("sr_seg") << "sr_seg" << 15;
    }
    void collectionsLeaveNothingOfThePatient() {
        QFETCH(QString, name);
        QFETCH(int, leastWritten);
        const fs::path folder = m_data / name.toStdString();
        if (!fs::exists(folder)) QSKIP("the public DICOM collections are not here (CXR_DATA_DIR)");
        QTemporaryDir out;
        const auto run = deidentifyFiles(listDicomFiles(folder), out.path().toStdString(), {}, kPseudonyms, {}, {});
        QVERIFY(run.isOk());
        QVERIFY2(run.value().written() >= leastWritten, std::to_string(run.value().written()).c_str());
        for (const DeidentifiedFile& file : run.value().files) {
            if (file.output.empty()) {
                QVERIFY(!file.error.empty());
                continue;
            }
            const fs::path result = fs::path(out.path().toStdString()) / file.output;
            const QByteArray bytes = contentOf(result), picture = pictureOf(result);
            QVERIFY2(picture == pictureOf(file.input), file.input.c_str());
            const QByteArray header = QByteArray(bytes).replace(picture, QByteArray());
            for (const QByteArray& word : identityOf(file.input)) {
                QVERIFY2(picture.isEmpty() ? !bytes.contains(word) : !header.contains(word), (file.input.string() + ": " + word.toStdString()).c_str());
            }
        }
        const QByteArray report = contentOf(fs::path(out.path().toStdString()) / "deidentified.json");
        QVERIFY(report.contains("privacy_card") && !report.contains(QByteArray::fromStdString(m_data.string())));
    }

    void hostileFilesAreRefused() {
        const fs::path folder = m_data / "fuzz_pwnlab_v3";
        if (!fs::exists(folder)) QSKIP("the hostile DICOM collection is not here (CXR_DATA_DIR)");
        QTemporaryDir out;
        const auto run = deidentifyFiles(listDicomFiles(folder), out.path().toStdString(), {}, kPseudonyms, {}, {});
        QVERIFY(run.isOk());
        QVERIFY(!run.value().files.empty());
        for (const DeidentifiedFile& file : run.value().files) QVERIFY(file.output.empty() != file.error.empty());
    }

    void objectsAreAsValidAsBefore() {
        if (QStandardPaths::findExecutable("dciodvfy").isEmpty()) QSKIP("dciodvfy is not installed (package dicom3tools)");
        if (!fs::exists(m_data / "cxr_real")) QSKIP("the public DICOM collections are not here (CXR_DATA_DIR)");
        QTemporaryDir out;
        const auto run = deidentifyFiles(listDicomFiles(m_data / "cxr_real"), out.path().toStdString(), {}, kPseudonyms, {}, {});
        QVERIFY(run.isOk());
        for (const DeidentifiedFile& file : run.value().files) {
            const int before = errorsIn(file.input), after = errorsIn(fs::path(out.path().toStdString()) / file.output);
            QVERIFY2(before >= 0 && after >= 0 && after <= before, (file.input.string() + ": " + std::to_string(before) + " -> " + std::to_string(after)).c_str());
        }
    }

    void stopIsHeard() {
        std::stop_source stop;
        stop.request_stop();
        QTemporaryDir out;
        const auto run = deidentifyFiles({"absent.dcm"}, out.path().toStdString(), {}, kPseudonyms, {}, {stop.get_token(), {}});
        QCOMPARE(run.error().code, ErrorCode::Cancelled);
    }

    void boxesGoThroughTheirTable() {
        QTemporaryDir folder;
        const fs::path csv = folder.filePath("boxes.csv").toStdString();
        const FilmBoxes boxes{{"a, b.dcm", {TextBox(1, 2, 3, 4), TextBox(5, 6, 7, 8)}}, {"c.dcm", {TextBox(0, 0, 9, 9)}}};
        QVERIFY(writeFilmBoxes(csv, boxes).isOk());
        const auto back = readFilmBoxes(csv);
        QVERIFY(back.isOk());
        QVERIFY(back.value() == boxes);
        QVERIFY(writeFileAtomically(csv, "file,x,y,width,height\na.dcm,1,2,-3,4\n").isOk());
        QCOMPARE(readFilmBoxes(csv).error().code, ErrorCode::Corrupt);
    }

  private:
    fs::path m_data;
};

QTEST_GUILESS_MAIN(TestDeidentifyRun)
#include "tst_deidentify_run.moc"
