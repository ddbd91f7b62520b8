// precordia-cli pacs as a user runs it: echo, send, find, get with Orthanc on loopback; errors in one sentence, exit codes.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "tests/app/cli/program.h"
#include "tests/core/pacs/pacs_servers.h"

using namespace cxr;
using namespace cxr::test;

class TestCliPacs : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void nonsenseIsUsage() {
        QCOMPARE(runProgram({"pacs"}).exitCode, 2);
        QCOMPARE(runProgram({"pacs", "echo"}).exitCode, 2);
        const ProgramRun noPort = runProgram({"pacs", "echo", "--server", "host"});
        QCOMPARE(noPort.exitCode, 2);
        QVERIFY2(isOneSentence(noPort.errors), qPrintable(noPort.errors));
        const ProgramRun dates = runProgram({"pacs", "find", "--server", "127.0.0.1:104", "--date", "yesterday"});
        QCOMPARE(dates.exitCode, 1);
        QVERIFY2(isOneSentence(dates.errors) && dates.errors.contains("eight digits"), qPrintable(dates.errors));
    }

    void anAbsentServerFails() {
        const ProgramRun run = runProgram({"pacs", "echo", "--server", "127.0.0.1:" + QString::number(freePort())});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(isOneSentence(run.errors) && run.errors.contains("cannot reach"), qPrintable(run.errors));
        QVERIFY(run.out.isEmpty());
    }

    void sendsFindsAndGets() {
        if (orthancProgram().isEmpty()) QSKIP("Orthanc is not installed (package orthanc)");
        Orthanc archive;
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        const QStringList server{"--server", "127.0.0.1:" + QString::number(archive.dimse().port), "--aec", "ARCHIVE"};
        QTemporaryDir folder;
        const auto film = writeFilm(folder.path().toStdString());
        const QString name = QString::fromStdString(film.string());
        QVERIFY(writeFileAtomically(film.parent_path() / "notes.txt", std::string_view("no film")).isOk());

        const ProgramRun echo = runProgram(QStringList{"pacs", "echo"} + server);
        QCOMPARE(echo.exitCode, 0);
        QVERIFY(echo.out.endsWith("answers\n"));
        const ProgramRun send = runProgram(QStringList{"pacs", "send"} + server + QStringList{name});
        QCOMPARE(send.out, name + ": stored\n");
        QCOMPARE(send.exitCode, 0);
        const ProgramRun some = runProgram(QStringList{"pacs", "send"} + server + QStringList{folder.filePath("notes.txt"), name});
        QCOMPARE(some.exitCode, 1);
        QVERIFY(some.out.contains("notes.txt: not a DICOM object") && some.out.contains("stored"));

        const ProgramRun find = runProgram(QStringList{"pacs", "find", "--name", "roe", "--json"} + server);
        QCOMPARE(find.exitCode, 0);
        const QJsonArray rows = QJsonDocument::fromJson(find.out.toUtf8()).array();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows[0].toObject()["study_uid"].toString(), QString("1.2.3.10"));
        QCOMPARE(rows[0].toObject()["objects"].toInt(), 1);
        const ProgramRun patients = runProgram(QStringList{"pacs", "patients", "--name", "roe", "--json"} + server);
        QCOMPARE(patients.exitCode, 0);
        const QJsonArray people = QJsonDocument::fromJson(patients.out.toUtf8()).array();
        QCOMPARE(people.size(), 1);
        QCOMPARE(people[0].toObject()["patient_id"].toString(), QString("T-17"));
        QCOMPARE(people[0].toObject()["studies"].toInt(), 1);
        const ProgramRun worklist = runProgram(QStringList{"pacs", "worklist", "--date", "20261121"} + server);
        QCOMPARE(worklist.exitCode, 1);  // this archive keeps none
        QVERIFY2(isOneSentence(worklist.errors), qPrintable(worklist.errors));
        const ProgramRun series = runProgram(QStringList{"pacs", "find", "--study", "1.2.3.10"} + server);
        QVERIFY(series.out.startsWith("1.2.3.10.1  CR"));
        const ProgramRun none = runProgram(QStringList{"pacs", "find", "--id", "nobody"} + server);
        QCOMPARE(none.exitCode, 0);
        QVERIFY(none.out.isEmpty() && none.errors == "nothing matches\n");

        for (const QStringList& how : {QStringList(), QStringList{"--move", QString::number(archive.dimse().receivePort)}}) {
            QTemporaryDir out;
            const ProgramRun get = runProgram(QStringList{"pacs", "get", "--study", "1.2.3.10", "--out", out.path()} + server + how);
            QCOMPARE(get.errors, QString());
            QCOMPARE(get.out, out.filePath("1.2.3.10/1.2.3.10.1.1.dcm") + "\n");
            QCOMPARE(get.exitCode, 0);
        }
        const ProgramRun unknown = runProgram(QStringList{"pacs", "get", "--study", "1.9", "--out", folder.filePath("x")} + server);
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY2(isOneSentence(unknown.errors), qPrintable(unknown.errors));
    }
};

QTEST_GUILESS_MAIN(TestCliPacs)
#include "tst_cli_pacs.moc"
