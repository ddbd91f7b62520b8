// precordia-cli explain, evaluate localisation and report --explain with the shipped models on phantoms. Runs the real program.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "build_paths.h"
#include "core/prior/npy.h"
#include "tests/app/cli/program.h"

using namespace cxr;
using namespace cxr::test;

class TestCliExplain : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(writePhantomPng(path("film.png"), 0.62, 512));
    }

    void writesEveryFileWithOneStory() {
        const ProgramRun run = explain({"--class", "Cardiomegaly", "--method", "ig", "--steps", "4", "--quantile", "0.9", "--kernel", "24", "--json"}, "ig");
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QCOMPARE(QDir(path("ig")).entryList(QDir::Files | QDir::Hidden),
                 (QStringList{"explanation.json", "heatmap.npy", "heatmap.png", "overlay.png", "unpooled.npy"}));
        QCOMPARE(run.out.toUtf8(), contentOf(path("ig/explanation.json")));
        const QJsonObject json = QJsonDocument::fromJson(run.out.toUtf8()).object();
        QCOMPARE(json["class"].toString(), QString("Cardiomegaly"));
        QCOMPARE(json["method"].toObject()["id"].toString(), QString("integrated-gradients"));
        QVERIFY(json["method"].toObject()["parameters"].toString().startsWith("4 steps (Gauss-Legendre) from black, quantile pooling k 24"));
        QVERIFY(!json["attention"].toObject()["sentence"].toString().isEmpty());
        QCOMPARE(json["notice"].toString(), QString("Not for diagnostic use"));
        QCOMPARE(json["model"].toObject()["id"].toString(), QString("chest14"));
        const cv::Mat png = cv::imread(path("ig/heatmap.png").toStdString(), cv::IMREAD_UNCHANGED);
        QVERIFY(png.type() == CV_16UC1 && png.cols == 512 && png.rows == 512);
        const auto npy = readNpy(path("ig/heatmap.npy").toStdString());
        QVERIFY(npy.isOk() && npy.value().type == NpyType::F4);
        QCOMPARE(static_cast<double>(npy.value().shape[1]), json["map"].toObject()["width"].toDouble());
        // The picture's white is the map's largest value.
        const auto values = npy.value().toDoubles();
        const double largest = *std::max_element(values.begin(), values.end()), white = json["heatmap_png"].toObject()["white"].toDouble();
        QVERIFY2(white == 0 || std::abs(white - largest) < 1e-6 * largest, qPrintable(QString("%1 %2").arg(white).arg(largest)));
        double brightest = 0;
        cv::minMaxLoc(png, nullptr, &brightest);
        QVERIFY(white == 0 || brightest > 50'000);
        // Completeness: the unpooled map adds up to the difference of the logits, but for the convergence delta.
        const auto raw = readNpy(path("ig/unpooled.npy").toStdString()).value().toDoubles();
        double sum = 0;
        for (const double value : raw) sum += value;
        const QJsonObject map = json["map"].toObject();
        const double wanted = json["logit"].toDouble() - map["baseline_logit"].toDouble() + map["convergence_delta"].toDouble();
        QVERIFY2(std::abs(sum - wanted) < 1e-3 * (1 + std::abs(wanted)), qPrintable(QString("%1 %2").arg(sum).arg(wanted)));
    }
    // What another map left in the folder and this one does not have is gone; a stride beyond the kernel is no stride.
    void filesOfOneFolderBelongTogether() {
        QDir().mkpath(path("again"));
        QFile old(path("again/unpooled.npy"));
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("of an earlier map") > 0);
        old.close();
        const ProgramRun wrong = explain({"--class", "Cardiomegaly", "--method", "cam", "--pool-stride", "30"}, "again");
        QCOMPARE(wrong.exitCode, 1);
        QVERIFY2(wrong.errors.contains("--pool-stride is not larger than --kernel (24)"), qPrintable(wrong.errors));
        QVERIFY(QFile::exists(path("again/unpooled.npy")));  // a failure changes nothing
        const ProgramRun run = explain({"--class", "Cardiomegaly", "--method", "cam"}, "again");
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QCOMPARE(QDir(path("again")).entryList(QDir::Files | QDir::Hidden), (QStringList{"explanation.json", "heatmap.npy", "heatmap.png", "overlay.png"}));
    }
    void nothingIsLeftWhenAFileCannotBeWritten() {
        QVERIFY(QDir().mkpath(path("full/overlay.png")));  // a folder where a file should be
        const ProgramRun run = explain({"--class", "pleural thickening", "--method", "cam"}, "full");  // as people say it
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains("overlay.png") && isOneSentence(run.errors), qPrintable(run.errors));
        QVERIFY(QDir(path("full")).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }
    void optionsOfOtherMethodsAreTold() {
        const QStringList wrong[] = {{"cam", "--steps", "20"}, {"deeplift", "--patch", "4"}, {"lrp-gamma", "--epsilon", "0.1"}, {"sensitivity", "--noise", "0.2"}};
        for (const QStringList& words : wrong) {
            const ProgramRun run = explain(QStringList{"--class", "Cardiomegaly", "--method"} + words, "stranger");
            QCOMPARE(run.exitCode, 1);
            QVERIFY2(run.errors.contains(words[1]) && isOneSentence(run.errors), qPrintable(run.errors));
            QVERIFY(!QDir(path("stranger")).exists());
        }
    }
    // The shipped network's activation map has 3 x 3 cells.
    void withoutAMethodTheProgramChooses() {
        const ProgramRun run = explain({"--class", "Effusion", "--steps", "4"}, "chosen");
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY2(run.out.contains("3 x 3 cells, too few to point at a place"), qPrintable(run.out));
        const QJsonObject method = QJsonDocument::fromJson(contentOf(path("chosen/explanation.json"))).object()["method"].toObject();
        QCOMPARE(method["id"].toString(), QString("integrated-gradients"));
        QVERIFY(method["parameters"].toString().contains("quantile pooling k 24 q 0.9") && method["reason"].toString().contains("3 x 3"));
    }
    void theSameQuestionHasTheSameAnswer() {
        const QStringList arguments{"--class", "Effusion", "--method", "input-x-gradient"};
        QCOMPARE(explain(arguments, "a").exitCode, 0);
        QCOMPARE(explain(arguments, "b").exitCode, 0);
        QCOMPARE(contentOf(path("a/heatmap.npy")), contentOf(path("b/heatmap.npy")));
        QCOMPARE(explain(arguments, "a").exitCode, 0);  // over the old files
        QVERIFY(!contentOf(path("a/heatmap.npy")).isEmpty());
    }
    void wrongWordsAreOneSentenceAndWriteNothing() {
        const ProgramRun noClass = explain({"--class", "Fracture"}, "no");
        QCOMPARE(noClass.exitCode, 1);
        QVERIFY2(isOneSentence(noClass.errors) && noClass.errors.contains("Atelectasis, Cardiomegaly, Effusion"), qPrintable(noClass.errors));
        const ProgramRun noMethod = explain({"--class", "Effusion", "--method", "magic"}, "no");
        QVERIFY2(isOneSentence(noMethod.errors) && noMethod.errors.contains("cam, refined-cam"), qPrintable(noMethod.errors));
        const ProgramRun noPack = explain({"--class", "Effusion", "--pack", "nobodys"}, "no");
        QVERIFY2(noPack.exitCode == 1 && isOneSentence(noPack.errors), qPrintable(noPack.errors));
        QCOMPARE(explain({"--class", "Effusion", "--quantile", "2"}, "no").exitCode, 2);
        QVERIFY(!QDir(path("no")).exists());
    }
    void reportsCarryTheMap() {
        const ProgramRun run = runProgram({"report", path("film.png"), "--html", path("r.html"), "--pdf", path("r.pdf"), "--prior", "none", "--threads",
                                           "1", "--explain", "Cardiomegaly:input-x-gradient"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        const QByteArray html = contentOf(path("r.html"));
        QVERIFY(html.contains("Why: cardiomegaly") && html.contains("Input x gradient") && html.count("data:image/png") == 2);
        QVERIFY(contentOf(path("r.pdf")).size() > 100'000);
        const ProgramRun wrong = runProgram({"report", path("film.png"), "--html", path("w.html"), "--explain", "Fracture"});
        QVERIFY(wrong.exitCode == 1 && isOneSentence(wrong.errors) && !QFile::exists(path("w.html")));
    }
    void boxesAreScoredAgainstDrawnOnes() {
        QVERIFY(QDir(m_folder.path()).mkpath("nih/images_320"));
        QVERIFY(writePhantomPng(path("nih/images_320/00000001_000.png"), 0.62, 320));
        write("nih/labels.csv", "image,patient_id,age,sex,view,follow_up,orig_w,orig_h,spacing_x,spacing_y,finding_labels,Atelectasis,Cardiomegaly,Effusion,Infiltration,"
                                "Mass,Nodule,Pneumonia,Pneumothorax,Consolidation,Edema,Emphysema,Fibrosis,Pleural_Thickening,Hernia,No_Finding,n_bbox,cv_fold5,size_px\n"
                                "00000001_000.png,1,60,F,PA,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,320\n");
        write("nih/boxes.csv", "image,label,x,y,w,h,note\n00000001_000.png,Cardiomegaly,300,500,500,400,\n");
        const ProgramRun run = runProgram({"evaluate", "localisation", "--data", path("nih"), "--json", path("boxes.json"), "--markdown", path("boxes.md"),
                                           "--threads", "1"});
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY2(run.out.contains("against 1 boxes that readers drew on 1 films"), qPrintable(run.out));
        QCOMPARE(contentOf(path("boxes.md")), run.out.toUtf8());
        const QJsonObject row = QJsonDocument::fromJson(contentOf(path("boxes.json"))).object()["rows"].toArray().at(0).toObject();
        QCOMPARE(row["class"].toString(), QString("Cardiomegaly"));
        QCOMPARE(row["scores"].toArray().at(0).toObject()["drawn"].toInt(), 1);
        // The same by a run that held the film out; one that saw it has no film to judge.
        const auto judgedBy = [&](const QByteArray& heldOut) {
            const bool isThere = QDir(m_folder.path()).mkpath("run") && (QFile::exists(path("run/pack")) || QFile::link(CXR_SOURCE_DIR "/models/chest14", path("run/pack")));
            write("run/held_out.json", R"({"pack": "pack", "films": [)" + heldOut + "]}");
            return isThere ? runProgram({"evaluate", "localisation", "--data", path("nih"), "--json", path("run.json"), "--run", path("run"), "--threads", "1"})
                           : ProgramRun();
        };
        const ProgramRun held = judgedBy(R"("00000001_000")");
        QVERIFY2(held.exitCode == 0 && held.out.contains("that never saw its patient"), qPrintable(held.out + held.errors));
        QVERIFY(QJsonDocument::fromJson(contentOf(path("run.json"))).object()["held_out"].toBool());
        const ProgramRun seen = judgedBy(R"("00000002_000")");
        QVERIFY2(seen.exitCode == 1 && isOneSentence(seen.errors), qPrintable(seen.errors));
        const ProgramRun none = judgedBy("");
        QVERIFY2(none.exitCode == 1 && none.errors.contains("held no film out"), qPrintable(none.errors));
    }

  private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    ProgramRun explain(const QStringList& arguments, const QString& out) {
        return runProgram(QStringList{"explain", path("film.png"), "--out", path(out), "--threads", "1"} + arguments);
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliExplain)
#include "tst_cli_explain.moc"
