// precordia-cli report --dicom and --fhir, and info of what they wrote. Runs the real program.
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/cli/program.h"

using namespace cxr::test;

class TestCliObjects : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(writePhantomPng(path("film.png")));
        QCOMPARE(runProgram({"phantom", "--out", path("film.dcm"), "--width", "640", "--height", "512"}).exitCode, 0);
    }

    void aPngHasNoObjects() {
        const ProgramRun run = runProgram({"report", path("film.png"), "--dicom", path("none")});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(isOneSentence(run.errors) && run.errors.contains("no DICOM file"), qPrintable(run.errors));
        QVERIFY(!QDir(path("none")).exists());
    }

    void objectsKeepThePatient() {
        const ProgramRun run = runProgram({"report", path("film.dcm"), "--dicom", path("none"), "--no-identity"});
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(isOneSentence(run.errors) && run.errors.contains("--no-identity"), qPrintable(run.errors));
    }

    void writesObjectsAndFhir() {
        const ProgramRun run = runProgram({"report", path("film.dcm"), "--dicom", path("out"), "--fhir",
                                           path("report.json"), "--packs", "none", "--prior", "none"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QCOMPARE(QDir(path("out")).entryList(QDir::Files | QDir::Hidden, QDir::Name),
                 (QStringList{"gsps.dcm", "pdf.dcm", "sc.dcm", "seg.dcm", "sr.dcm"}));
        const QJsonObject bundle = QJsonDocument::fromJson(contentOf(path("report.json"))).object();
        QCOMPARE(bundle["resourceType"].toString(), QString("Bundle"));
        const ProgramRun report = runProgram({"info", path("out/sr.dcm")});
        QCOMPARE(report.exitCode, 0);
        QVERIFY2(report.out.contains("structured report, no film") && report.out.contains("Not for diagnostic use"),
                 qPrintable(report.out));
        const QJsonObject segmentation =
            QJsonDocument::fromJson(runProgram({"info", "--json", path("out/seg.dcm")}).out.toUtf8()).object();
        QVERIFY(segmentation["kind"].toString().startsWith("segmentation"));
        QCOMPARE(segmentation["size"].toString().section(',', 0, 0), QString("640 x 512 px"));
        QVERIFY(runProgram({"info", path("out/sc.dcm")}).out.contains("RGB"));
        QVERIFY(runProgram({"report", path("out/sr.dcm"), "--html", path("x.html")})
                    .errors.contains("it is a structured report"));
    }

    void theReadersWordsReachEveryFile() {
        QFile impression(path("impression.txt"));
        QVERIFY(impression.open(QIODevice::WriteOnly) && impression.write("Herz unauffällig, HTQ {ctr}.\nÜbung.\n") > 0);
        impression.close();
        const QStringList quick{"--packs", "none", "--prior", "none", "--language", "de", "--reader", "Dr. Weber"};
        const ProgramRun run = runProgram(QStringList{"report", path("film.dcm"), "--html", path("de.html"), "--fhir", path("de.json"), "--dicom",
                                                      path("de"), "--impression", path("impression.txt"), "--question", "Husten"} + quick);
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const QString html = QString::fromUtf8(contentOf(path("de.html"))), fhir = QString::fromUtf8(contentOf(path("de.json")));
        QVERIFY(html.contains("<html lang=\"de\">") && html.contains("Husten") && html.contains("Dr. Weber") && html.contains("Nicht für diagnostische Zwecke"));
        QVERIFY2(html.contains("Herz unauffällig, HTQ ") && !html.contains("{ctr}") && html.contains(".\nÜbung.</p>"), qPrintable(html.right(2000)));
        QVERIFY(fhir.contains("Impression of the reader: Herz unauffällig") && fhir.contains("Not for diagnostic use"));
        QVERIFY(runProgram({"info", path("de/sr.dcm")}).out.contains("Herz unauffällig"));
        const ProgramRun draft = runProgram(QStringList{"report", path("film.dcm"), "--html", path("auto.html"), "--template", "auto"} + quick);
        QVERIFY2(draft.exitCode == 0, qPrintable(draft.errors));
        QVERIFY(!QString::fromUtf8(contentOf(path("auto.html"))).contains("Es wurde keine Beurteilung geschrieben"));
        for (const QStringList& wrong : {QStringList{"--template", "nonsense"}, QStringList{"--impression", path("absent.txt")}}) {
            const ProgramRun refused = runProgram(QStringList{"report", path("film.dcm"), "--html", path("no.html")} + wrong);
            QVERIFY2(refused.exitCode != 0 && isOneSentence(refused.errors), qPrintable(refused.errors));
            QVERIFY(!QFile::exists(path("no.html")));
        }
    }

  private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliObjects)
#include "tst_cli_objects.moc"
