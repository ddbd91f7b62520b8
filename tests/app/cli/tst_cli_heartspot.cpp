// Sealed bundles and the table of priors on the command line: as a user runs them, with and without networks.
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/imgproc.hpp>

#include "build_paths.h"
#include "core/prior/heartspot.h"
#include "core/prior/npy.h"
#include "tests/app/cli/program.h"

using namespace cxr;
using namespace cxr::test;

class TestCliHeartSpot : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid() && writePhantomPng(path("film.png")));
        QVERIFY(QDir(m_folder.path()).mkpath("films"));
        QVERIFY(writePhantomPng(path("films/a.png"), 0.42) && writePhantomPng(path("films/b.png"), 0.6));
    }

    void sealsAndOpensWithoutNetworks() {
        const ProgramRun sealed = runProgram({"heartspot", "seal", path("film.png"), "--prior", "rhline", "--judge", "none", "--out", path("film.heartspot")});
        QVERIFY2(sealed.exitCode == 0, qPrintable(sealed.errors));
        QVERIFY2(sealed.out.contains("keeps 32.0 % of the pixels; re-identification risk not measured"), qPrintable(sealed.out));
        QVERIFY(sealed.out.contains("no network was asked"));
        QVERIFY(QFile::rename(path("film.heartspot"), path("other.heartspot")));
        const ProgramRun opened = runProgram({"heartspot", "open", path("other.heartspot"), "--out", path("opened")});
        QVERIFY2(opened.exitCode == 0, qPrintable(opened.errors));
        const cv::Mat picture = cv::imread(path("opened/other.png").toStdString(), cv::IMREAD_UNCHANGED);
        const cv::Mat film = cv::imread(path("film.png").toStdString(), cv::IMREAD_UNCHANGED);
        const cv::Mat crop = centreCrop(film, 320), mask = priorMask(priorByName("rhline").value()).value();
        QCOMPARE(picture.size(), crop.size());
        QCOMPARE(cv::countNonZero(picture.mul(1 - mask)), 0);  // nothing where nothing was kept
        QVERIFY(cv::countNonZero(picture) > cv::countNonZero(mask) / 2);  // the film's gray in its default window
        const QJsonObject facts = QJsonDocument::fromJson(contentOf(path("opened/other.json"))).object();
        QCOMPARE(facts["kept_pixels"].toInt(), 32797);
        QVERIFY(facts["reading"].isNull());
        QVERIFY(!QFile::exists(path("opened/other.explanation.npy")));
    }

    void theInstalledNetworkJudgesAndExplains() {
        const ProgramRun sealed = runProgram({"heartspot", "seal", path("film.png"), "--out", path("judged.heartspot")});
        QVERIFY2(sealed.exitCode == 0, qPrintable(sealed.errors));
        QVERIFY2(sealed.out.contains("Cardiomegaly") && sealed.out.contains("by heartspot-cardiomegaly"), qPrintable(sealed.out));
        const ProgramRun opened = runProgram({"heartspot", "open", path("judged.heartspot"), "--out", path("judged"), "--ask", "heartspot-cardiomegaly"});
        QVERIFY2(opened.exitCode == 0, qPrintable(opened.errors));
        const QJsonObject reading = QJsonDocument::fromJson(contentOf(path("judged/judged.json"))).object()["reading"].toObject();
        QCOMPARE(reading["pack"].toString(), QString("heartspot-cardiomegaly"));
        const QString percent = sealed.out.section("Cardiomegaly ", 1).section(" by", 0, 0);
        QVERIFY2(opened.out.contains("asked again: " + percent + "\n"), qPrintable(opened.out + percent));
        const cv::Mat explanation = readNpy(path("judged/judged.explanation.npy").toStdString()).value().toMat().value();
        QVERIFY(cv::countNonZero(explanation) > 100);
        QCOMPARE(explanation.size(), cv::imread(path("judged/judged.png").toStdString(), cv::IMREAD_UNCHANGED).size());
    }

    void anotherPriorIsNotAsked() {
        const ProgramRun sealed = runProgram({"heartspot", "seal", path("film.png"), "--prior", "hline", "--out", path("hline.heartspot")});
        QVERIFY2(sealed.exitCode == 0, qPrintable(sealed.errors));
        QVERIFY2(sealed.out.contains("no probability: model pack") && sealed.out.contains("another prior"), qPrintable(sealed.out));
        const ProgramRun refused = runProgram({"heartspot", "seal", path("film.png"), "--prior", "hline", "--judge",
                                               CXR_SOURCE_DIR "/models/heartspot-cardiomegaly", "--out", path("refused.heartspot")});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(isOneSentence(refused.errors), qPrintable(refused.errors));
        QVERIFY(!QFile::exists(path("refused.heartspot")));
    }

    void hostileBundlesAreRefused() {
        QCOMPARE(runProgram({"heartspot", "seal", path("film.png"), "--prior", "hline", "--judge", "none", "--out", path("good.heartspot")}).exitCode, 0);
        const QByteArray good = contentOf(path("good.heartspot"));
        for (const QByteArray& bytes : {good.left(good.size() / 2), QByteArray("PK\3\4 nothing"), QByteArray()}) {
            QFile file(path("bad.heartspot"));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
            file.close();
            const ProgramRun run = runProgram({"heartspot", "open", path("bad.heartspot"), "--out", path("bad")});
            QCOMPARE(run.exitCode, 1);
            QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
            QVERIFY(!QFile::exists(path("bad/bad.png")));
        }
        QCOMPARE(runProgram({"heartspot", "seal", path("film.png"), "--judge", "none", "--out", path("bundle.zip")}).exitCode, 2);
    }

    void comparesPriors() {
        const ProgramRun run = runProgram({"priors", path("films"), "--judge", "none", "--prior", "{\"hline\":{\"step\":20},\"size\":160}", "--out", path("compared")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY2(run.out.contains("2 of 2 films compared, 15 priors each"), qPrintable(run.out));
        const QList<QByteArray> lines = contentOf(path("compared/priors.csv")).split('\n');
        QCOMPARE(lines.size(), 1 + 2 * 15 + 1);
        QVERIFY(lines[1].startsWith("a.png,hline,") && lines[16].startsWith("b.png,hline,"));
        QVERIFY(contentOf(path("compared/priors.md")).contains("means over 2 films"));
        QVERIFY(cv::imread(path("compared/priors.png").toStdString()).cols > 1000);
        QVERIFY(contentOf(path("compared/priors.svg")).contains("<svg"));
        QVERIFY(contentOf(path("compared/priors.pdf")).startsWith("%PDF"));
    }

    void comparesPriorsWithNetworks() {
        const ProgramRun run = runProgram({"priors", path("films/b.png"), "--csv", path("one.csv")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const QList<QByteArray> lines = contentOf(path("one.csv")).split('\n');
        QCOMPARE(lines.size(), 1 + 14 + 1);
        int asked = 0;
        for (const QByteArray& line : lines) asked += line.contains(",heartspot-cardiomegaly,") ? 1 : 0;
        QCOMPARE(asked, 1);  // the shipped network knows mp+hline only
        const ProgramRun table = runProgram({"priors", path("films/b.png")});
        QVERIFY(table.out.contains("| mp+hline | 3.1 |"));
    }

    void failuresOfPriors() {
        QCOMPARE(runProgram({"priors", path("none.png")}).exitCode, 1);
        QCOMPARE(runProgram({"priors", path("film.png"), "--judge", "none", "--prior", "vline"}).exitCode, 1);
        const ProgramRun wrongPack = runProgram({"priors", path("film.png"), "--judge", CXR_SOURCE_DIR "/models/cardiomegaly"});
        QCOMPARE(wrongPack.exitCode, 1);
        QVERIFY2(isOneSentence(wrongPack.errors), qPrintable(wrongPack.errors));
    }

  private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliHeartSpot)
#include "tst_cli_heartspot.moc"
