// precordia-cli deidentify as a user runs it: results, report, key, boxes, HeartSpot, refusals, exit codes.
#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/cli/program.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using namespace cxr::test;

namespace {

// A film of 640 px with a burned-in name, as an 8-bit DICOM file whose header names the patient too.
bool writeFilm(const QString& path, const std::string& id, bool hasWriting = true) {
    cv::Mat film(640, 640, CV_8UC1);
    for (int y = 0; y < film.rows; ++y) film.row(y).setTo(40 + y / 8);
    // Blocky letters, wide apart: E, H, T, L and U of 24 px.
    static constexpr const char* kLetters[] = {"##### #.... ####. #.... #####", "#...# #...# ##### #...# #...#", "##### ..#.. ..#.. ..#.. ..#..",
                                               "#.... #.... #.... #.... #####", "#...# #...# #...# #...# #####"};
    for (int letter = 0; hasWriting && letter < 5; ++letter) {
        for (int y = 0; y < 25; ++y) {
            for (int x = 0; x < 20; ++x) {
                if (kLetters[letter][(y / 5) * 6 + x / 4] == '#') film.at<std::uint8_t>(30 + y, 40 + 28 * letter + x) = 255;
            }
        }
    }
    DicomBytes body;
    body.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1").text(0x00080018, "UI", "1.3.999." + id).text(0x00080020, "DA", "20240131");
    body.text(0x00080060, "CS", "CR").text(0x00100010, "PN", "Tokenname^Ada").text(0x00100020, "LO", "TOKENID" + id);
    body.text(0x0020000D, "UI", "1.3.999.1." + id).text(0x0020000E, "UI", "1.3.999.2." + id);
    body.picture(film.rows, film.cols, 8, 8).data(0x7FE00010, "OB", std::span(film.ptr<std::uint8_t>(), film.total()));
    QFile file(path);
    const auto size = static_cast<qint64>(body.bytes.size());
    return file.open(QIODevice::WriteOnly) && file.write(reinterpret_cast<const char*>(body.bytes.data()), size) == size;
}

QStringList dicomFiles(const QString& folder) {
    QStringList files;
    QDirIterator at(folder, {QStringLiteral("*.dcm")}, QDir::Files, QDirIterator::Subdirectories);
    while (at.hasNext()) files << at.next();
    files.sort();
    return files;
}

bool namesThePatient(const QByteArray& bytes) {
    return bytes.toLower().contains("tokenname") || bytes.toLower().contains("tokenid") || bytes.contains("1.3.999");
}

}  // namespace

class TestCliDeidentify : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(QDir(m_folder.path()).mkdir("films"));
        QVERIFY(writeFilm(films() + "/Tokenname_1.dcm", "1") && writeFilm(films() + "/Tokenname_2.dcm", "2", false));
    }

    void filesAreCleaned() {
        const QString out = m_folder.filePath("clean");
        const ProgramRun run = runProgram({"deidentify", films(), "--out", out});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.errors.isEmpty(), qPrintable(run.errors));
        QVERIFY(run.out.startsWith("2 files written"));
        QVERIFY(run.out.contains("Not looked for."));
        const QStringList files = dicomFiles(out);
        QCOMPARE(files.size(), 2);
        for (const QString& file : files + QStringList{out + "/deidentified.csv", out + "/deidentified.json"}) {
            QVERIFY(!contentOf(file).isEmpty());
            QVERIFY2(!namesThePatient(contentOf(file)), qPrintable(file));
            QVERIFY(!file.mid(m_folder.path().size()).contains("Tokenname"));
        }
        // The picture is the original's, byte for byte.
        const QByteArray original = contentOf(films() + "/Tokenname_1.dcm").right(640 * 640);
        QVERIFY(contentOf(files[0]).endsWith(original) || contentOf(files[1]).endsWith(original));
    }

    void aKeyGivesTheSameNamesAgain() {
        const QString key = m_folder.filePath("project.key");
        const QStringList once{"deidentify", films(), "--out", m_folder.filePath("k1"), "--key", key, "--retain-dates", "modified"};
        const QStringList again{"deidentify", films(), "--out", m_folder.filePath("k2"), "--key", key, "--retain-dates", "modified"};
        QCOMPARE(runProgram(once).exitCode, 0);
        QCOMPARE(runProgram(again).exitCode, 0);
        const QStringList one = dicomFiles(m_folder.filePath("k1")), two = dicomFiles(m_folder.filePath("k2"));
        QCOMPARE(one.size(), 2);
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(QFileInfo(one[i]).fileName(), QFileInfo(two[i]).fileName());
            QCOMPARE(contentOf(one[i]), contentOf(two[i]));
            QVERIFY(!contentOf(one[i]).contains("20240131"));
        }
        QVERIFY(QFile::permissions(key).testFlag(QFileDevice::ReadOwner) && !QFile::permissions(key).testFlag(QFileDevice::ReadOther));
    }

    void writingIsBlackened() {
        const QString boxes = m_folder.filePath("boxes.csv"), out = m_folder.filePath("black");
        const ProgramRun found = runProgram({"deidentify", films(), "--find-text", boxes});
        QCOMPARE(found.exitCode, 0);
        QVERIFY2(found.out.startsWith("1 lines of writing on 1 of 2"), qPrintable(found.out));
        QCOMPARE(contentOf(boxes).count('\n'), 2);
        const ProgramRun run = runProgram({"deidentify", films(), "--out", out, "--clean-pixels", boxes});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.contains("1 box on 1 film blackened, confirmed by a person"));
        const QByteArray original = contentOf(films() + "/Tokenname_1.dcm").right(640 * 640);
        for (const QString& file : dicomFiles(out)) {
            const QByteArray pixels = contentOf(file).right(640 * 640);
            if (pixels == original) QFAIL("the writing is still there");
            QCOMPARE(pixels.right(500 * 640), contentOf(films() + "/Tokenname_2.dcm").right(500 * 640));
        }
        const ProgramRun automatic = runProgram({"deidentify", films(), "--out", out, "--clean-pixels", "auto"});
        QCOMPARE(automatic.exitCode, 0);
        QVERIFY(automatic.out.contains("not confirmed by a person"));
    }

    void heartSpotPicturesAreWritten() {
        const QString out = m_folder.filePath("spots");
        const ProgramRun run = runProgram({"deidentify", films(), "--out", out, "--heartspot", "rhline"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.contains("Only HeartSpot pictures were written"));
        QVERIFY(run.out.contains("re-identification risk"));
        const QStringList files = dicomFiles(out);
        QCOMPARE(files.size(), 2);
        QVERIFY(files[0].endsWith("-heartspot.dcm"));
        QVERIFY(!namesThePatient(contentOf(files[0])));
        const ProgramRun info = runProgram({"info", files[0], "--json"});
        QVERIFY(info.out.contains("320"));
    }

    void brokenFilesAreRefusedAndTheOthersGoOn() {
        const QString folder = m_folder.filePath("mixed");
        QVERIFY(QDir().mkdir(folder) && writeFilm(folder + "/a.dcm", "3"));
        const QByteArray whole = contentOf(folder + "/a.dcm");
        QFile cut(folder + "/b.dcm");
        QVERIFY(cut.open(QIODevice::WriteOnly) && cut.write(whole.left(2000)) == 2000);
        cut.close();
        const QString out = m_folder.filePath("mixed-clean");
        const ProgramRun run = runProgram({"deidentify", folder, "--out", out});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
        QVERIFY(run.errors.contains("b.dcm"));
        QVERIFY(run.out.startsWith("1 files written"));
        QCOMPARE(dicomFiles(out).size(), 1);
        const QByteArray csv = contentOf(out + "/deidentified.csv");
        QVERIFY(csv.contains("refused") && !csv.contains("b.dcm"));
    }

    void senselessCommandsAreRefused() {
        QCOMPARE(runProgram({"deidentify", films()}).exitCode, 2);
        QCOMPARE(runProgram({"deidentify", films(), "--out", "x", "--retain-dates", "some"}).exitCode, 2);
        const ProgramRun absent = runProgram({"deidentify", m_folder.filePath("absent"), "--out", m_folder.filePath("x")});
        QCOMPARE(absent.exitCode, 1);
        QVERIFY(isOneSentence(absent.errors));
        const ProgramRun badKey = runProgram({"deidentify", films(), "--out", m_folder.filePath("x"), "--key", films() + "/Tokenname_1.dcm"});
        QCOMPARE(badKey.exitCode, 1);
        QVERIFY2(isOneSentence(badKey.errors), qPrintable(badKey.errors));
        QVERIFY(!QDir(m_folder.filePath("x")).exists());
    }

  private:
    [[nodiscard]] QString films() const { return m_folder.filePath("films"); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliDeidentify)
#include "tst_cli_deidentify.moc"
