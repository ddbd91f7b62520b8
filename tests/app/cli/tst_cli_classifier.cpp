// A classifier's way through precordia-cli: train by a recipe on phantoms, predict with the pack. Runs the real program.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/cli/program.h"

using namespace cxr;
using namespace cxr::test;

class TestCliClassifier : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(QDir(m_folder.path()).mkpath("films"));
        QByteArray csv = "image,Cardiomegaly\n";
        for (int i = 0; i < 12; ++i) {
            const QString name = QString("f%1.png").arg(i);
            QVERIFY(writePhantomPng(path("films/" + name), i % 2 == 0 ? 0.40 : 0.68, 256));
            csv += name.toUtf8() + (i % 2 == 0 ? ",0\n" : ",1\n");
        }
        write("films/list.csv", csv);
        write("recipe.json", R"({"id": "toy", "name": "Toy", "version": "1", "task": "classification", "seed": 3,
            "manifest": {"licence": "none", "training_data": "phantoms"},
            "input": {"size": 32, "channels": 2, "framing": "letterbox", "normalisation": "unit", "planes": ["film", "heart"]},
            "classes": [{"name": "Cardiomegaly", "meaning": "large heart"}, {"name": "Lateral", "auxiliary": true}],
            "architecture": {"name": "resnet18", "in_channels": 2, "classes": 2, "width": 0.125},
            "folds": 3, "monitor_fraction": 0.25, "stages": [{"size": 32, "epochs": 2, "batch": 4, "learning_rate": 0.003}]})");
    }

    void trainsAndSaysWhatItHeldOut() {
        const ProgramRun unlabelled = train("run");  // no film's view is known
        QCOMPARE(unlabelled.exitCode, 1);
        QVERIFY2(unlabelled.errors.contains("Lateral"), qPrintable(unlabelled.errors));
        write("recipe.json", contentOf(path("recipe.json")).replace(R"(, {"name": "Lateral", "auxiliary": true})", "").replace(R"("classes": 2)", R"("classes": 1)"));
        const ProgramRun run = train("run");
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY2(run.out.contains("2 epochs") && run.out.contains("4 films held out"), qPrintable(run.out));
        const QJsonObject heldOut = QJsonDocument::fromJson(contentOf(path("run/held_out.json"))).object();
        QCOMPARE(heldOut["films"].toArray().size(), 4);
        QCOMPARE(heldOut["pack"].toString(), QString("toy"));
        for (const char* file : {"run/toy/model.json", "run/toy/curves/loss.png", "run/toy/curves/auc.png", "run/predictions.csv"}) {
            QVERIFY2(QFile::exists(path(file)), file);
        }
        QVERIFY(!QDir(path("cache")).entryList({"*.planes"}).isEmpty());
    }

    void predictsEveryFilmThatCanBeRead() {
        if (!QFile::exists(path("run/toy/model.json"))) QSKIP("there is no trained pack");
        write("films/broken.png", contentOf(path("films/f1.png")).left(900));
        const QStringList arguments{"predict", path("films"), "--pack", path("run/toy"), "--csv", path("p.csv")};
        const ProgramRun run = runProgram(arguments);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains("broken.png: "), qPrintable(run.errors));
        QVERIFY2(run.out.startsWith("12 of 13 films judged, 1 failed"), qPrintable(run.out));
        const QList<QByteArray> lines = contentOf(path("p.csv")).split('\n');
        QCOMPARE(lines.size(), 14);  // header, 12 films, nothing after the last line end
        QCOMPARE(lines[0], QByteArray("file,pack,Cardiomegaly,note\r"));
        for (int i = 1; i <= 12; ++i) {
            const double probability = lines[i].split(',').value(2).toDouble();
            QVERIFY2(lines[i].contains(",toy,") && probability > 0 && probability < 1, lines[i].constData());
        }
        QVERIFY(QFile::remove(path("films/broken.png")));
        const QByteArray before = contentOf(path("p.csv"));
        QCOMPARE(runProgram(arguments).exitCode, 0);
        QCOMPARE(contentOf(path("p.csv")), before);  // the same films, the same numbers
    }

    // A pack that reads the centre crop shows where it looks; the picture is what HeartSpot's Heart prior reads.
    void averagesRelevanceIntoARegion() {
        if (!QFile::exists(path("run/toy/model.json"))) QSKIP("there is no trained pack");
        const auto region = [&](const QString& pack, const QStringList& more) {
            return runProgram(QStringList{"train", "heart-region", "--data", path("films"), "--out", path("region.png"), "--threads", "1", "--pack", path(pack)} + more);
        };
        const ProgramRun framed = region("run/toy", {"--relevance"});
        QVERIFY2(framed.exitCode == 1 && framed.errors.contains("centre-crop"), qPrintable(framed.errors));
        write("recipe.json", contentOf(path("recipe.json")).replace("letterbox", "centre-crop").replace(R"(["film", "heart"])", R"(["film"])")
                                 .replace(R"("channels": 2)", R"("channels": 1)").replace(R"("in_channels": 2)", R"("in_channels": 1)"));
        QVERIFY(train("crop").exitCode == 0);
        const ProgramRun run = region("crop/toy", {"--relevance", "--held-out", path("crop"), "--keep-share", "0.25"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY2(run.errors.contains("mean relevance of 4 films"), qPrintable(run.errors));
        QVERIFY2(run.out.contains("keeps 25."), qPrintable(run.out));
        const QByteArray first = contentOf(path("region.png"));
        const ProgramRun compared = region("crop/toy", {"--relevance", "--method", "integrated-gradients", "--baseline", "black", "--steps", "3",
                                                        "--films", "3", "--compare", path("region.png")});
        QVERIFY2(compared.exitCode == 0 && compared.errors.contains("mean relevance of 3 films, 3 of them positive"), qPrintable(compared.errors));
        QVERIFY2(compared.out.contains("Dice") && compared.out.contains("keeps 47."), qPrintable(compared.out));
        QVERIFY(contentOf(path("region.png")) != first);
        QCOMPARE(region("crop/toy", {"--films", "3"}).exitCode, 2);  // only with --relevance
        const ProgramRun unknown = region("crop/toy", {"--relevance", "--class", "Cardiomegaly", "--held-out", path("films")});
        QVERIFY2(unknown.exitCode == 1 && unknown.errors.contains("held_out.json"), qPrintable(unknown.errors));
    }

  private:
    ProgramRun train(const QString& out) {
        return runProgram({"train", path("recipe.json"), "--data", path("films"), "--out", path(out), "--fold", "0", "--cache", path("cache"), "--threads", "1"});
    }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliClassifier)
#include "tst_cli_classifier.moc"
