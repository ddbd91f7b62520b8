// precordia-cli dataset and label, as a user runs them.
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "build_paths.h"
#include "core/dataset/packed_dataset.h"
#include "tests/app/cli/program.h"

using namespace cxr;
using namespace cxr::test;

class TestCliDataset : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(QDir(m_folder.path()).mkpath("films"));
        for (const char* name : {"a", "b", "c", "d"}) QVERIFY(writePhantomPng(path(QString("films/%1.png").arg(name)), 0.45, 256));
        QVERIFY(write("films/films.csv", "image,patient,view,Cardiomegaly\na.png,p1,PA,1\nb.png,p1,AP,0\nc.png,p2,PA,\nd.png,p3,PA,0\n"));
    }

    void indexAndList() {
        const ProgramRun first = runProgram({"dataset", "index", path("films"), "--out", path("i.sqlite")});
        QVERIFY2(first.exitCode == 0 && first.out.contains("4 films, 4 read"), qPrintable(first.out + first.errors));
        const ProgramRun again = runProgram({"dataset", "index", path("films"), "--out", path("i.sqlite")});
        QVERIFY2(again.out.contains("4 films, 0 read"), qPrintable(again.out));
        const ProgramRun listed = runProgram({"dataset", "list", path("i.sqlite"), "--view", "PA"});
        QCOMPARE(listed.out.count('\n'), 3);
        QVERIFY2(listed.out.contains("a.png  256 x 256 px  PA  Cardiomegaly"), qPrintable(listed.out));
        QCOMPARE(runProgram({"dataset", "list", path("i.sqlite"), "--csv", path("list.csv")}).exitCode, 0);
        const QStringList lines = QString::fromUtf8(contentOf(path("list.csv"))).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 5);
        QVERIFY(lines[0].endsWith(",problem,Cardiomegaly"));
        QVERIFY(lines[1].endsWith(",1") && lines[3].endsWith(","));
        QVERIFY(!lines.join("").contains("p1,"));
    }

    void packAndReadBack() {
        QVERIFY(write("recipe.json", R"({"task": "classification", "classes": [{"name": "Cardiomegaly"}],
            "input": {"size": 64, "channels": 1, "framing": "letterbox", "normalisation": "unit", "planes": ["film"]}})"));
        const ProgramRun run = runProgram({"dataset", "pack", path("recipe.json"), "--data", path("films"), "--out", path("p.safetensors"),
                                           "--folds", "2"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const auto packed = readPackedDataset(path("p.safetensors").toStdString());
        QVERIFY2(packed.isOk(), packed.isOk() ? "" : packed.error().message.c_str());
        QCOMPARE(packed.value().films.size(), std::size_t{3});  // c knows nothing
        QCOMPARE(packed.value().height, 64);
        QCOMPARE(packed.value().films[0].labels[0], 1.0F);
        QCOMPARE(packed.value().films[0].fold, packed.value().films[1].fold);
        QVERIFY(packed.value().films[0].fold != packed.value().films[2].fold);
        QVERIFY(*std::max_element(packed.value().films[0].planes.begin(), packed.value().films[0].planes.end()) > 128);
    }

    void heartOutline() {
        QVERIFY(writePhantomPng(path("film.png")));
        const ProgramRun run = runProgram({"label", "heart", path("film.png"), "--upper", "220", "--lower", "400", "--out", path("h")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const cv::Mat mask = cv::imread(path("h.png").toStdString(), cv::IMREAD_UNCHANGED);
        QCOMPARE(mask.size(), cv::Size(512, 512));
        QVERIFY(cv::countNonZero(mask == 255) > 5000 && cv::countNonZero(mask) == cv::countNonZero(mask == 255));
        // text -> mask gives the same mask; mask -> text -> mask too
        QCOMPARE(runProgram({"label", "trace2mask", path("h.txt"), "--film", path("film.png"), "--out", path("h2.png")}).exitCode, 0);
        QCOMPARE(contentOf(path("h2.png")), contentOf(path("h.png")));
        QCOMPARE(runProgram({"label", "mask2trace", path("h.png"), "--out", path("h3.txt")}).exitCode, 0);
        QCOMPARE(runProgram({"label", "trace2mask", path("h3.txt"), "--size", "512", "512", "--out", path("h3.png")}).exitCode, 0);
        QCOMPARE(contentOf(path("h3.png")), contentOf(path("h.png")));
        QCOMPARE(runProgram({"label", "mask2trace", path("h.png"), "--out", path("h4.txt"), "--tolerance", "4"}).exitCode, 0);
        QVERIFY(contentOf(path("h4.txt")).count('\n') < contentOf(path("h3.txt")).count('\n') / 4);
    }

    void failures_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QVERIFY(write("bad.txt", "1 2\nno\n"));
        QVERIFY(cv::imwrite(path("black.png").toStdString(), cv::Mat(64, 64, CV_8UC1, cv::Scalar(0))));
        QTest::newRow("no folder") << QStringList{"dataset", "index", path("none"), "--out", path("x.sqlite")} << 1;
        QTest::newRow("no index") << QStringList{"dataset", "list", path("none.sqlite")} << 1;
        QTest::newRow("not an index") << QStringList{"dataset", "list", path("black.png")} << 1;
        QTest::newRow("no recipe") << QStringList{"dataset", "pack", path("none.json"), "--data", path("films"), "--out", path("x")} << 1;
        QTest::newRow("view") << QStringList{"dataset", "list", path("i.sqlite"), "--view", "SIDE"} << 2;
        QTest::newRow("no verb") << QStringList{"dataset"} << 2;
        QTest::newRow("bounds outside") << QStringList{"label", "heart", path("black.png"), "--upper", "10", "--lower", "99", "--out", path("x")} << 1;
        QTest::newRow("no heart") << QStringList{"label", "heart", path("black.png"), "--upper", "10", "--lower", "50", "--out", path("x")} << 1;
        QTest::newRow("no bounds") << QStringList{"label", "heart", path("black.png"), "--out", path("x")} << 2;
        QTest::newRow("empty mask") << QStringList{"label", "mask2trace", path("black.png"), "--out", path("x")} << 1;
        QTest::newRow("bad trace") << QStringList{"label", "trace2mask", path("bad.txt"), "--size", "9", "9", "--out", path("x")} << 1;
        QTest::newRow("no size") << QStringList{"label", "trace2mask", path("bad.txt"), "--out", path("x")} << 2;
    }
    void failures() {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        const ProgramRun run = runProgram(arguments);
        QCOMPARE(run.exitCode, exitCode);
        QVERIFY2(endsWithOneSentence(run.errors), qPrintable(run.errors));
        for (const char* file : {"x", "x.txt", "x.png"}) QVERIFY(!QFile::exists(path(file)));
    }

    void aKilledIndexGoesOn() {
        QProcess process;
        process.start(CXR_BIN_DIR "/precordia-cli", {"dataset", "index", path("films"), "--out", path("k.sqlite")});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("k.sqlite")) || process.state() == QProcess::NotRunning, 60'000);
        process.kill();
        // Four small films may be indexed before the kill arrives; an ended process has nothing left to wait for.
        QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished());
        const ProgramRun run = runProgram({"dataset", "index", path("films"), "--out", path("k.sqlite")});
        QVERIFY2(run.exitCode == 0 && run.out.contains("4 films"), qPrintable(run.out + run.errors));
        QCOMPARE(runProgram({"dataset", "list", path("k.sqlite")}).out.count('\n'), 4);
    }

  private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.path() + "/" + name; }
    [[nodiscard]] bool write(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliDataset)
#include "tst_cli_dataset.moc"
