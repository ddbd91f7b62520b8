// precordia-cli evaluate classifier on drawn predictions of two folds. Runs the real program.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/cli/program.h"

using namespace cxr::test;

class TestCliEvaluate : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        for (int fold = 0; fold < 2; ++fold) {
            QByteArray csv = "name,group,fold,Mass_logit,Hernia_logit,Mass_label,Hernia_label\n";
            QByteArray better = csv;
            for (int i = 0; i < 40; ++i) {
                const int label = i % 3 == 0, noise = i * 17 % 23;
                const QByteArray begin = QString("f%1_%2,p%1_%3,%1,").arg(fold).arg(i).arg(i / 2).toUtf8();
                const QByteArray end = "," + QByteArray::number(noise - 11) + "," + QByteArray::number(label) + ",0\n";
                csv += begin + QByteArray::number(4 * label + noise / 3.0 - 5) + end;
                better += begin + QByteArray::number(8 * label + noise / 3.0 - 5) + end;
            }
            write(QString("fold%1/predictions.csv").arg(fold), csv);
            write(QString("better%1/predictions.csv").arg(fold), better);
        }
    }

    void helpHasAnExample() {
        const ProgramRun run = runProgram({"evaluate", "classifier", "--help"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.contains("Examples") && run.out.contains("--write-pack"));
    }
    void foldsBecomeTablesJsonAndCurves() {
        const ProgramRun run = runProgram({"evaluate", "classifier", "--run", path("fold0"), path("fold1"), "--resamples", "50",
                                           "--prevalence", "Mass=0.02", "--json", path("s.json"), "--markdown", path("s.md"),
                                           "--curves", path("curves")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY(run.out.contains("| Mass | 28 / 52 |"));
        QCOMPARE(contentOf(path("s.md")), run.out.toUtf8());
        const QJsonObject json = QJsonDocument::fromJson(contentOf(path("s.json"))).object();
        QCOMPARE(json["films"].toInt(), 80);
        QCOMPARE(json["patients"].toInt(), 40);
        QCOMPARE(json["folds"].toInt(), 2);
        const QJsonObject mass = json["classes"].toArray()[0].toObject();
        QCOMPARE(mass["auc"].toArray().size(), 3);
        QCOMPARE(mass["predictive_values"].toObject()["prevalence"].toDouble(), 0.02);
        QVERIFY(json["classes"].toArray()[1].toObject()["auc"].isNull());  // no film with a hernia
        QVERIFY(QDir(path("curves")).exists("roc.png") && QDir(path("curves")).exists("reliability.png"));
    }
    void comparesTheSameFilms() {
        const ProgramRun run = runProgram({"evaluate", "classifier", "--run", path("better0"), path("better1"), "--against",
                                           path("fold0"), path("fold1"), "--class", "Mass", "--resamples", "50"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY(run.out.contains("First - second"));
        QVERIFY(!run.out.contains("Hernia"));
    }
    void ensembleOfTwoNetworks() {
        const QStringList runs{"evaluate", "classifier", "--resamples", "20", "--run", path("fold0"), path("fold1"),
                               path("better0"), path("better1")};
        const ProgramRun refused = runProgram(runs);
        QCOMPARE(refused.exitCode, 1);
        QVERIFY(isOneSentence(refused.errors) && refused.errors.contains("--ensemble"));
        QCOMPARE(runProgram(runs + QStringList{"--ensemble"}).exitCode, 0);
    }

    void badInput_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("no run") << QStringList{} << 2;
        QTest::newRow("no such folder") << QStringList{"--run", path("nowhere")} << 1;
        QTest::newRow("prevalence without class") << QStringList{"--run", path("fold0"), "--prevalence", "0.1"} << 2;
        QTest::newRow("prevalence of no class") << QStringList{"--run", path("fold0"), "--prevalence", "Mas=0.1"} << 1;
        QTest::newRow("no such class") << QStringList{"--run", path("fold0"), "--class", "Edema"} << 1;
        QTest::newRow("no such pack") << QStringList{"--run", path("fold0"), "--resamples", "5", "--write-pack", path("none")} << 1;
        QTest::newRow("one kind only, curves") << QStringList{"--run", path("fold0"), "--class", "Hernia", "--resamples", "5",
                                                              "--curves", path("c")} << 1;
        write("nan.csv", "name,group,fold,Mass_logit,Mass_label\na,p,0,nan,1\n");
        QTest::newRow("NaN logit") << QStringList{"--run", path("nan.csv")} << 1;
        write("short.csv", "name,fold,Mass_logit,Mass_label\na,0,1,1\n");
        QTest::newRow("missing column") << QStringList{"--run", path("short.csv")} << 1;
    }
    void badInput() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const ProgramRun run = runProgram(QStringList{"evaluate", "classifier"} + arguments);
        QCOMPARE(run.exitCode, code);
        QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
        QVERIFY(run.out.isEmpty());
    }

  private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    void write(const QString& name, const QByteArray& content) {
        QVERIFY(QDir(m_folder.path()).mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliEvaluate)
#include "tst_cli_evaluate.moc"
