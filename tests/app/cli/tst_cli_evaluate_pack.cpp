// precordia-cli evaluate classifier --pack: a small network is trained on phantoms, then judged as an installed pack over a
// labelled folder, and what was found is written into it. Runs the real program.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "build_paths.h"
#include "tests/app/cli/program.h"

using namespace cxr::test;

class TestCliEvaluatePack : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(QDir(m_folder.path()).mkpath("films"));
        QByteArray csv = "image,view,patient,Cardiomegaly\n";
        for (int i = 0; i < 12; ++i) {
            const QByteArray name = "f" + QByteArray::number(i) + ".png";
            QVERIFY(writePhantomPng(path("films/" + name), i % 2 == 0 ? 0.40 : 0.68, 256));
            csv += name + (i < 8 ? ",PA,p" : ",AP,p") + QByteArray::number(i) + (i % 2 == 0 ? ",0\n" : ",1\n");
        }
        write("films/list.csv", csv);
        write("recipe.json", R"({"id": "toy", "name": "Toy", "version": "1", "task": "classification", "seed": 3,
            "input": {"size": 32, "channels": 1, "framing": "letterbox", "normalisation": "unit"},
            "classes": [{"name": "Cardiomegaly", "meaning": "large heart"}],
            "architecture": {"name": "resnet18", "in_channels": 1, "classes": 1, "width": 0.125},
            "folds": 3, "monitor_fraction": 0.25, "stages": [{"size": 32, "epochs": 1, "batch": 4, "learning_rate": 0.003}]})");
        const ProgramRun run = runProgram({"train", path("recipe.json"), "--data", path("films"), "--out", path("run"), "--threads", "1"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
    }

    void judgesEveryLabelledFilm() {
        write("films/g.png", contentOf(path("films/f1.png")).left(900));
        write("films/list.csv", contentOf(path("films/list.csv")) + "g.png,PA,p99,1\n");
        const ProgramRun run = evaluate({"--json", path("s.json"), "--markdown", path("s.md")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY2(run.errors.contains("left out: g.png: "), qPrintable(run.errors));
        QVERIFY2(run.out.startsWith("12 films of 12 patients, all judged by one installed pack"), qPrintable(run.out));
        QVERIFY(run.out.contains("| Cardiomegaly | 6 / 6 |") && run.out.contains("view AP"));
        QCOMPARE(contentOf(path("s.md")), run.out.toUtf8());
        const QJsonObject json = QJsonDocument::fromJson(contentOf(path("s.json"))).object();
        QVERIFY(json["method"].toString().contains("installed pack"));
        QCOMPARE(json["parts_of_patients"].toInt(), 5);
    }

    void onlyTheWantedView() {
        const ProgramRun run = evaluate({"--view", "AP"});
        QVERIFY2(run.exitCode == 0 && run.out.startsWith("4 films of 4 patients"), qPrintable(run.out + run.errors));
    }

    void writesWhatItFoundIntoThePack() {
        const ProgramRun run = evaluate({"--view", "PA,AP", "--write-pack", path("run/toy")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const QJsonObject manifest = QJsonDocument::fromJson(contentOf(path("run/toy/model.json"))).object();
        const QJsonObject output = manifest["outputs"].toArray()[0].toObject();
        QCOMPARE(output["auc"].toArray().size(), 3);
        QCOMPARE(output["prevalence"].toDouble(), 0.5);
        QCOMPARE(manifest["metrics"].toObject()["films"].toInt(), 12);
        QCOMPARE(runProgram({"models", "verify", path("run/toy")}).exitCode, 0);
    }

    void badInput_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        const QString pack = path("run/toy"), films = path("films");
        QTest::newRow("no films") << QStringList{"--pack", pack} << 2;
        QTest::newRow("runs too") << QStringList{"--pack", pack, "--data", films, "--run", path("run")} << 2;
        QTest::newRow("view of runs") << QStringList{"--run", path("run"), "--view", "PA"} << 2;
        QTest::newRow("another pack to write") << QStringList{"--pack", pack, "--data", films, "--write-pack", path("run")} << 2;
        QTest::newRow("no such pack") << QStringList{"--pack", path("none"), "--data", films} << 1;
        QTest::newRow("no judging pack") << QStringList{"--pack", CXR_SOURCE_DIR "/models/heart-lungs", "--data", films} << 1;
        QTest::newRow("no such output") << QStringList{"--pack", pack, "--data", films, "--class", "Edema"} << 1;
        QTest::newRow("no film of the view") << QStringList{"--pack", pack, "--data", films, "--view", "LATERAL"} << 1;
    }
    void badInput() {
        QFETCH(QStringList, arguments);
        const ProgramRun run = runProgram(QStringList{"evaluate", "classifier", "--threads", "1"} + arguments);
        QTEST(run.exitCode, "code");
        QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
        QVERIFY(run.out.isEmpty());
    }

  private:
    ProgramRun evaluate(const QStringList& more) const {
        return runProgram(QStringList{"evaluate", "classifier", "--pack", path("run/toy"), "--data", path("films"), "--resamples", "20",
                                      "--threads", "1"} + more);
    }
    void write(const QString& name, const QByteArray& content) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliEvaluatePack)
#include "tst_cli_evaluate_pack.moc"
