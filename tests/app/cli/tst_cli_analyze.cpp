// precordia-cli analyze and report with the heart network that comes with the program. Runs the real program.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "build_paths.h"
#include "core/model/registry.h"
#include "core/prior/prior_spec.h"
#include "tests/app/cli/program.h"
#include "tests/support/written_packs.h"

using namespace cxr;
using namespace cxr::test;

class TestCliAnalyze : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (!findPack(kHeartLungsPack).isOk()) QSKIP("the heart-lungs pack is not installed; train it with precordia-cli train");
        QVERIFY(QDir(m_folder.path()).mkpath("films/again"));
        QVERIFY(writePhantomPng(path("films/a.png"), 0.45));
        QVERIFY(writePhantomPng(path("films/again/a.png"), 0.58));
        QFile broken(path("films/broken.png"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(contentOf(path("films/a.png")).left(3000));
    }

    void folderWithABadFilm() {
        const ProgramRun run = analyze({});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(endsWithOneSentence(run.errors) && run.errors.contains("broken.png"), qPrintable(run.errors));
        QVERIFY2(run.out.startsWith("2 of 3 films analysed, 0 of them in an earlier run, 1 failed"), qPrintable(run.out));
        for (const char* stem : {"a", "a-2"}) {  // two films of one name
            QVERIFY(contentOf(path(QString("out/%1.report.html").arg(stem))).contains("Not for diagnostic use"));
            QVERIFY(QJsonDocument::fromJson(contentOf(path(QString("out/%1.report.json").arg(stem)))).isObject());
            QVERIFY(!cv::imread(path(QString("out/%1.overlay.png").arg(stem)).toStdString()).empty());
        }
        const QByteArray csv = contentOf(path("summary.csv"));
        QCOMPARE(csv.count("\r\n"), 3);
        const QJsonObject summary = QJsonDocument::fromJson(contentOf(path("summary.json"))).object();
        QCOMPARE(summary["films"].toArray().size(), 2);
        QCOMPARE(summary["failed"].toArray().size(), 1);
        const QJsonObject report = QJsonDocument::fromJson(contentOf(path("out/a.report.json"))).object();
        QCOMPARE(report["heartspot"]["prior"].toString().toStdString(), defaultPrior().name());  // as in the window
    }

    void resumeDoesOnlyWhatIsMissing() {
        QVERIFY(QFile::exists(path("out/a.report.json")));
        const QByteArray csv = contentOf(path("summary.csv"));
        const QByteArray first = contentOf(path("out/a.report.json"));
        QVERIFY(QFile::remove(path("out/a-2.report.json")));
        const ProgramRun run = analyze({"--resume"});
        QVERIFY2(run.out.startsWith("2 of 3 films analysed, 1 of them in an earlier run, 1 failed"), qPrintable(run.out));
        QCOMPARE(contentOf(path("out/a.report.json")), first);  // not done again: it tells the time
        QVERIFY(QFile::exists(path("out/a-2.report.json")));
        QCOMPARE(contentOf(path("summary.csv")).count("\r\n"), csv.count("\r\n"));
        // A film that changed is done again.
        QVERIFY(writePhantomPng(path("films/a.png"), 0.5));
        QVERIFY(analyze({"--resume"}).out.contains(" 1 of them in an earlier run"));
        // Other settings: all are done again.
        QVERIFY(analyze({"--resume", "--prior", "none"}).out.contains(" 0 of them in an earlier run"));
    }

    void aKillLosesOnlyTheFilmInWork() {
        QVERIFY(QDir(m_folder.path()).mkpath("many"));
        for (int i = 0; i < 6; ++i) QVERIFY(writePhantomPng(path(QString("many/%1.png").arg(i)), 0.4 + 0.03 * i));
        const QStringList arguments{"analyze", path("many"), "--out", path("killed"), "--csv", path("killed.csv")};
        QProcess process;
        process.start(CXR_BIN_DIR "/precordia-cli", arguments);
        QTRY_VERIFY_WITH_TIMEOUT(contentOf(path("killed/precordia-analyze.jsonl")).count('\n') >= 2, 120'000);
        process.kill();
        QVERIFY(process.waitForFinished());
        const auto before = contentOf(path("killed/precordia-analyze.jsonl")).count('\n');
        const ProgramRun run = runProgram(arguments + QStringList{"--resume"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.startsWith(QString("6 of 6 films analysed, %1 of them in an earlier run").arg(before)), qPrintable(run.out));
        QCOMPARE(contentOf(path("killed.csv")).count("\r\n"), 7);
    }

    void severalAtATimeGiveTheSame() {
        const auto ratios = [&](const QString& jobs) {
            analyze({"--jobs", jobs});
            QStringList values;
            for (const QJsonValue& film : QJsonDocument::fromJson(contentOf(path("summary.json"))).object()["films"].toArray()) {
                values << QString::fromUtf8(QJsonDocument(film["findings"].isArray() ? QJsonDocument(film["findings"].toArray())
                                                                                     : QJsonDocument(film["findings"].toObject())).toJson());
            }
            return values;
        };
        const QStringList one = ratios("1");
        QCOMPARE(one.size(), 2);
        QCOMPARE(ratios("3"), one);
    }

    void refusesAFolderThatCannotBeWritten() {
        const ProgramRun run = runProgram({"analyze", path("films"), "--out", "/proc/precordia"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
    }

    void reportOfOneFilm() {
        const ProgramRun run = runProgram({"report", path("films/a.png"), "--pdf", path("r.pdf"), "--html", path("r.html"), "--pseudonym", "P-017"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY(contentOf(path("r.pdf")).startsWith("%PDF"));
        QVERIFY(contentOf(path("r.html")).contains("P-017"));
        QVERIFY(!run.out.trimmed().isEmpty());
        const ProgramRun refused = runProgram({"report", path("films/broken.png"), "--pdf", path("none.pdf")});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY(!QFile::exists(path("none.pdf")));
    }

    // A pack that cannot run is told in the report and on the error output; the measurement stands.
    void packsThatJudge() {
        const std::filesystem::path models = path("packs").toStdString();
        QVERIFY(test::writePack(models, test::manifestOf("broken", {test::outputOf("Cardiomegaly")})));
        QVERIFY(test::writePack(models, test::manifestOf("other", {test::outputOf("Fracture")})));
        const ProgramRun none = runProgram({"report", path("films/a.png"), "--html", path("n.html"), "--packs", "none"});
        QCOMPARE(none.exitCode, 0);
        QCOMPARE(none.out.count('\n'), 1);
        QVERIFY(!contentOf(path("n.html")).contains("<h2>Diseases</h2>"));
        const ProgramRun failing = runProgram({"report", path("films/a.png"), "--html", path("f.html"), "--packs", path("packs/broken")});
        QVERIFY2(failing.exitCode == 0, qPrintable(failing.errors));
        QVERIFY2(failing.errors.contains("The model broken (cardiomegaly) was not used"), qPrintable(failing.errors));
        QVERIFY(contentOf(path("f.html")).contains("The model broken (cardiomegaly) was not used"));
        for (const QStringList& wrong : {QStringList{"--packs", path("packs/other")}, QStringList{"--packs", path("packs/absent")},
                                         QStringList{"--packs", path("packs/broken") + "," + path("packs/broken")},
                                         QStringList{"--prevalence", "Cardiomegaly=5"}, QStringList{"--prevalence", "0.1"}}) {
            const ProgramRun refused = runProgram(QStringList{"report", path("films/a.png"), "--html", path("w.html")} + wrong);
            QCOMPARE(refused.exitCode, 1);
            QVERIFY2(isOneSentence(refused.errors), qPrintable(refused.errors));
        }
        const ProgramRun both = runProgram({"report", path("films/a.png"), "--html", path("b.html"), "--packs",
                                            "default," + path("packs/broken"), "--prevalence", "Cardiomegaly=0.05,Edema=0.02"});
        QVERIFY2(both.exitCode == 0 && both.errors.contains("The model broken (cardiomegaly)"), qPrintable(both.errors));
        // Other packs: films are done again.
        analyze({});
        QVERIFY(analyze({"--resume"}).out.contains(" 2 of them in an earlier run"));
        QVERIFY(analyze({"--resume", "--packs", path("packs/broken")}).out.contains(" 0 of them in an earlier run"));
    }

    void compressWithTheFilmsOwnHeart() {
        const ProgramRun run = runProgram({"heartspot", "compress", path("films/a.png"), "--prior", "heart", "--roi", "segment", "--out", path("own.xz")});
        if (run.exitCode != 0) {
            QVERIFY2(run.errors.contains("no heart was found"), qPrintable(run.errors));  // the network doubts the phantom
            return;
        }
        QCOMPARE(runProgram({"heartspot", "restore", path("own.xz"), "--out", path("own.png")}).exitCode, 0);
    }

    void realFilms() {
        const QString data = qEnvironmentVariable("CXR_DATA_DIR", CXR_SOURCE_DIR "/../shared/data") + "/dicom/cxr_real";
        if (!QDir(data).exists()) QSKIP("there are no real films here; set CXR_DATA_DIR");
        const ProgramRun run = runProgram({"analyze", data, "--out", path("real"), "--json", path("real.json"), "--no-identity"}, 500'000);
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const QJsonObject summary = QJsonDocument::fromJson(contentOf(path("real.json"))).object();
        QVERIFY(summary["films"].toArray().size() >= 4);
        QCOMPARE(summary["failed"].toArray().size(), 0);
    }

  private:
    ProgramRun analyze(const QStringList& more) {
        return runProgram(QStringList{"analyze", path("films"), "--out", path("out"), "--csv", path("summary.csv"), "--json",
                                      path("summary.json")} + more);
    }
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliAnalyze)
#include "tst_cli_analyze.moc"
