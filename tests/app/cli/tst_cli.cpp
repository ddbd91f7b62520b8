// precordia-cli without a network: help, usage errors, info, heartspot. Runs the real program.
#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "build_paths.h"
#include "core/model/zip_writer.h"
#include "core/prior/heartspot.h"
#include "core/prior/npy.h"
#include "core/prior/pooling.h"
#include "tests/app/cli/program.h"
#include "tests/support/study_files.h"

using namespace cxr;
using namespace cxr::test;

class TestCli : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(writePhantomPng(path("film.png")));
    }

    void version() {
        const ProgramRun run = runProgram({"--version"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.startsWith("precordia-cli "));
        QVERIFY(run.errors.isEmpty());
    }

    void helpHasAnExample_data() {
        QTest::addColumn<QStringList>("verb");
        for (const char* verb : {"analyze", "report", "info", "heartspot", "heartspot mask", "heartspot pool",
                                 "heartspot compress", "heartspot restore", "predict", "train"}) {
            QTest::newRow(verb) << QString(verb).split(' ');
        }
    }
    void helpHasAnExample() {
        QFETCH(QStringList, verb);
        const ProgramRun run = runProgram(verb + QStringList{"--help"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.contains("Example") && run.out.contains("precordia-cli " + verb.front()), qPrintable(run.out));
    }

    void usageErrors_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("unknown verb") << QStringList{"diagnose"};
        QTest::newRow("unknown option") << QStringList{"info", path("film.png"), "--loud"};
        QTest::newRow("no file") << QStringList{"info"};
        QTest::newRow("analyze without --out") << QStringList{"analyze", path("film.png")};
        QTest::newRow("predict without --csv") << QStringList{"predict", path("film.png")};
        QTest::newRow("train without --out") << QStringList{"train", path("recipe.json"), "--data", path("")};
        QTest::newRow("no jobs") << QStringList{"analyze", path("film.png"), "--out", path("o"), "--jobs", "0"};
        QTest::newRow("report to nowhere") << QStringList{"report", path("film.png")};
        QTest::newRow("two identities") << QStringList{"report", path("film.png"), "--html", path("r.html"), "--pseudonym", "X", "--no-identity"};
        QTest::newRow("heartspot alone") << QStringList{"heartspot"};
        QTest::newRow("size") << QStringList{"heartspot", "mask", "--prior", "hline", "--size", "7", "--out", path("m.png")};
        QTest::newRow("quantile") << QStringList{"heartspot", "pool", path("film.png"), "--quantile", "1.1", "--out", path("x.npy")};
    }
    void usageErrors() {
        QFETCH(QStringList, arguments);
        const ProgramRun run = runProgram(arguments);
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
        QVERIFY(run.out.isEmpty());
    }

    void unknownVerbIsNamed() {
        QVERIFY(runProgram({"diagnose"}).errors.contains("diagnose"));
    }

    void failures_data() {
        QTest::addColumn<QStringList>("arguments");
        QFile broken(path("broken.png"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(contentOf(path("film.png")).left(2000));
        broken.close();
        QTest::newRow("no such film") << QStringList{"info", path("none.dcm")};
        QTest::newRow("cut off film") << QStringList{"info", path("broken.png")};
        QTest::newRow("no film at all") << QStringList{"info", "/proc/self/status"};
        QTest::newRow("unknown prior") << QStringList{"heartspot", "mask", "--prior", "vline", "--out", path("m.png")};
        QTest::newRow("bad prior JSON") << QStringList{"heartspot", "mask", "--prior", "{\"size\":3}", "--out", path("m.png")};
        QTest::newRow("no prior file") << QStringList{"heartspot", "mask", "--prior", path("none.json"), "--out", path("m.png")};
        QTest::newRow("seed without lines") << QStringList{"heartspot", "mask", "--prior", "hline", "--seed", "3", "--out", path("m.png")};
        QTest::newRow("roi is no picture") << QStringList{"heartspot", "mask", "--prior", "heart", "--roi", "/proc/self/status", "--out", path("m.png")};
        QTest::newRow("out in no folder") << QStringList{"heartspot", "mask", "--prior", "hline", "--out", path("none/m.png")};
        QTest::newRow("out not writable") << QStringList{"heartspot", "pool", path("film.png"), "--out", "/proc/x.npy"};
        QTest::newRow("kernel too large") << QStringList{"heartspot", "pool", path("small.png"), "--kernel", "40", "--stride", "1", "--out", path("x.npy")};
        QTest::newRow("no vector") << QStringList{"heartspot", "restore", path("none.xz"), "--out", path("r.png")};
        QTest::newRow("analyze nothing") << QStringList{"analyze", path("none"), "--out", path("o")};
        QTest::newRow("predict nothing") << QStringList{"predict", path("none"), "--csv", path("p.csv")};
        QTest::newRow("predict by a pack that finds organs")
            << QStringList{"predict", path("film.png"), "--pack", CXR_SOURCE_DIR "/models/heart-lungs", "--csv", path("p.csv")};
        QTest::newRow("predict by no pack") << QStringList{"predict", path("film.png"), "--pack", path("empty"), "--csv", path("p.csv")};
        QFile recipe(path("recipe.json"));
        QVERIFY(recipe.open(QIODevice::WriteOnly));
        recipe.write("{\"task\": \"regression\"}");
        QTest::newRow("train for an unknown task") << QStringList{"train", path("recipe.json"), "--data", path("empty"), "--out", path("run")};
        QTest::newRow("train by no recipe") << QStringList{"train", path("none.json"), "--data", path("empty"), "--out", path("run")};
        QTest::newRow("analyze an empty folder") << QStringList{"analyze", path("empty"), "--out", path("o")};
        QVERIFY(writePhantomPng(path("large.png"), 0.5, 64));
        QVERIFY(cv::imwrite(path("small.png").toStdString(), cv::Mat(30, 30, CV_8UC1, cv::Scalar(7))));
        QVERIFY(QDir(m_folder.path()).mkpath("empty"));
    }
    void failures() {
        QFETCH(QStringList, arguments);
        const ProgramRun run = runProgram(arguments);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(endsWithOneSentence(run.errors), qPrintable(run.errors));
        for (const char* file : {"m.png", "x.npy", "r.png", "p.csv"}) QVERIFY2(!QFile::exists(path(file)), file);
    }

    void infoSaysWhatTheFilmIs() {
        const ProgramRun text = runProgram({"info", path("film.png")});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.out.contains("512 x 512 px"));
        const ProgramRun json = runProgram({"info", path("film.png"), "--json"});
        const QJsonDocument document = QJsonDocument::fromJson(json.out.toUtf8());
        QVERIFY(document.isObject());
        QVERIFY(!document.object().isEmpty());
    }

    void infoListsFoldersAndArchives() {
        const QString folder = path("studies");
        cxr::test::StudyFile film, older;
        older.study = "1.2.3.0";
        older.series = older.instance = "1.2.3.0.1";
        older.date = "20190102";
        cxr::test::writeStudyFile((folder + "/NOW").toStdString(), film);
        cxr::test::writeStudyFile((folder + "/sub/OLD").toStdString(), older);
        const ProgramRun text = runProgram({"info", folder});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.out.startsWith("Doe, Jane, ID 4711, born 1949-03-08, F\n  2022-03-01 10:15, Chest, DX, 1 object\n"), qPrintable(text.out));
        QVERIFY(text.out.endsWith("1 patient, 2 films, 0 other objects, 0 unusable files\n"));

        auto broken = cxr::test::bytesOf(film);
        broken.resize(250);
        cxr::test::writeBytes((folder + "/BROKEN").toStdString(), broken);
        const ProgramRun json = runProgram({"info", folder, "--json"});
        QCOMPARE(json.exitCode, 1);  // stderr says so, the list says why
        QVERIFY2(endsWithOneSentence(json.errors), qPrintable(json.errors));
        const QJsonObject root = QJsonDocument::fromJson(json.out.toUtf8()).object();
        const QJsonArray studies = root["patients"][0]["studies"].toArray();
        QCOMPARE(studies.size(), 2);
        QCOMPARE(studies[1]["series"][0]["objects"][0]["file"].toString(), folder + "/sub/OLD");
        QVERIFY(root["unusable"][0]["reason"].toString().contains("cut off"));

        const ProgramRun archive = runProgram({"info", path("none.zip")});
        QCOMPARE(archive.exitCode, 1);
        const auto zip = zipBytes({{"../NOW", "x", false}});
        cxr::test::writeBytes(path("bad.zip").toStdString(), {reinterpret_cast<const std::uint8_t*>(zip.value().data()), zip.value().size()});
        const ProgramRun hostile = runProgram({"info", path("bad.zip")});
        QVERIFY(hostile.exitCode == 1 && hostile.out.contains("which is refused"));
    }

    void infoDecodesWhenAsked() {
        cxr::test::StudyFile film;
        auto bytes = cxr::test::bytesOf(film);
        bytes.resize(bytes.size() - 5000);
        cxr::test::writeBytes(path("half/FILM").toStdString(), bytes);
        QCOMPARE(runProgram({"info", path("half")}).exitCode, 0);  // headers only
        const ProgramRun decoded = runProgram({"info", "--decode", path("half")});
        QCOMPARE(decoded.exitCode, 1);
        QVERIFY2(decoded.out.contains("cannot be opened: "), qPrintable(decoded.out));
    }

    void infoOfRealFilms() {
        const QString data = qEnvironmentVariable("CXR_DATA_DIR", CXR_SOURCE_DIR "/../shared/data") + "/dicom/cxr_real";
        if (!QDir(data).exists()) QSKIP("there are no real films here; set CXR_DATA_DIR");
        int films = 0;
        for (QDirIterator it(data, {"*.dcm"}, QDir::Files, QDirIterator::Subdirectories); it.hasNext(); ++films) {
            const ProgramRun run = runProgram({"info", it.next(), "--json"});
            QVERIFY2(run.exitCode == 0, qPrintable(it.fileName() + run.errors));
            QVERIFY(QJsonDocument::fromJson(run.out.toUtf8()).isObject());
        }
        QVERIFY(films > 0);
    }

    void maskOfThePaper() {
        const ProgramRun run = runProgram({"heartspot", "mask", "--prior", "rhline", "--size", "320", "--lines", "200", "--seed",
                                           "1", "--out", path("mask.png")});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.contains("32797 of 320 x 320"), qPrintable(run.out));
        const cv::Mat mask = cv::imread(path("mask.png").toStdString(), cv::IMREAD_UNCHANGED);
        QCOMPARE(cv::countNonZero(mask == 255), 32797);
        QCOMPARE(cv::countNonZero(mask), 32797);
    }

    void priorAsJsonAndAsFile() {
        const QString json = "{\"rline\":{\"count\":50,\"seed\":9},\"size\":128}";
        QFile file(path("prior.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(json.toUtf8());
        file.close();
        const ProgramRun text = runProgram({"heartspot", "mask", "--prior", json, "--out", path("a.npy")});
        const ProgramRun named = runProgram({"heartspot", "mask", "--prior", path("prior.json"), "--out", path("b.npy")});
        const ProgramRun options = runProgram({"heartspot", "mask", "--prior", "rline", "--lines", "50", "--seed", "9", "--size",
                                               "128", "--out", path("c.npy")});
        QCOMPARE(text.exitCode + named.exitCode + options.exitCode, 0);
        QCOMPARE(text.out, named.out);
        QCOMPARE(contentOf(path("a.npy")), contentOf(path("b.npy")));
        QCOMPARE(contentOf(path("a.npy")), contentOf(path("c.npy")));
    }

    void poolsAFilm() {
        const ProgramRun run = runProgram({"heartspot", "pool", path("film.png"), "--quantile", "0.9", "--kernel", "9", "--stride",
                                           "3", "--padding", "valid", "--out", path("pooled.npy")});
        QCOMPARE(run.exitCode, 0);
        const cv::Mat film = cv::imread(path("film.png").toStdString(), cv::IMREAD_UNCHANGED);
        const cv::Mat expected = quantilePool(film, {9, 3, 0.9, PoolPadding::Valid}).value() / 255.0;
        const cv::Mat pooled = readNpy(path("pooled.npy").toStdString()).value().toMat().value();
        QCOMPARE(pooled.size(), expected.size());
        QVERIFY(cv::norm(pooled, expected, cv::NORM_INF) <= 1e-6);
        // The result is an array that can be pooled again, in its own units.
        QCOMPARE(runProgram({"heartspot", "pool", path("pooled.npy"), "--kernel", "1", "--stride", "1", "--out", path("same.npy")}).exitCode, 0);
        QCOMPARE(contentOf(path("same.npy")), contentOf(path("pooled.npy")));
    }

    void compressesAndRestores() {
        const QString vector = path("film.xz");
        const ProgramRun packed = runProgram({"heartspot", "compress", path("film.png"), "--prior", "rhline", "--out", vector});
        QVERIFY2(packed.exitCode == 0, qPrintable(packed.errors));
        QVERIFY(packed.out.contains("re-identification risk not measured"));
        const QJsonObject description = QJsonDocument::fromJson(contentOf(path("film.json"))).object();
        QCOMPARE(description["kept_pixels"].toInt(), 32797);
        QCOMPARE(description["vector_bytes"].toInt(), contentOf(vector).size());
        QCOMPARE(runProgram({"heartspot", "restore", vector, "--out", path("restored.png")}).exitCode, 0);
        const cv::Mat restored = cv::imread(path("restored.png").toStdString(), cv::IMREAD_UNCHANGED);
        const cv::Mat film = cv::imread(path("film.png").toStdString(), cv::IMREAD_UNCHANGED);
        cv::Mat expected = centreCrop(film, 320);
        expected.setTo(0, priorMask(priorByName("rhline").value()).value() == 0);
        QCOMPARE(cv::countNonZero(restored != expected), 0);
    }

    void compressKeepsAnOwnRegionBesideTheVector() {
        cv::Mat region(64, 64, CV_8UC1, cv::Scalar(0));
        region(cv::Rect(20, 20, 30, 30)).setTo(255);
        QVERIFY(cv::imwrite(path("region.png").toStdString(), region));
        const ProgramRun packed = runProgram({"heartspot", "compress", path("film.png"), "--prior", "mp+heart", "--roi",
                                              path("region.png"), "--out", path("own.xz")});
        QVERIFY2(packed.exitCode == 0, qPrintable(packed.errors));
        QVERIFY(QFile::exists(path("own.roi.png")));
        QCOMPARE(runProgram({"heartspot", "restore", path("own.xz"), "--out", path("own.png")}).exitCode, 0);
        // Another region is noticed.
        QVERIFY(cv::imwrite(path("own.roi.png").toStdString(), cv::Mat(64, 64, CV_8UC1, cv::Scalar(255))));
        const ProgramRun refused = runProgram({"heartspot", "restore", path("own.xz"), "--out", path("r.png")});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(isOneSentence(refused.errors), qPrintable(refused.errors));
    }

    void damagedVectorsAreRefused() {
        QCOMPARE(runProgram({"heartspot", "compress", path("film.png"), "--prior", "hline", "--out", path("bad.xz")}).exitCode, 0);
        const QByteArray vector = contentOf(path("bad.xz"));
        const QByteArray description = contentOf(path("bad.json"));
        const auto refused = [&](const QByteArray& xz, const QByteArray& json) {
            for (const auto& [name, bytes] : {std::pair<QString, QByteArray>{"bad.xz", xz}, {"bad.json", json}}) {
                QFile file(path(name));
                if (!file.open(QIODevice::WriteOnly)) return false;
                file.write(bytes);
            }
            const ProgramRun run = runProgram({"heartspot", "restore", path("bad.xz"), "--out", path("r.png")});
            return run.exitCode == 1 && isOneSentence(run.errors) && !QFile::exists(path("r.png"));
        };
        QVERIFY(refused(vector.left(vector.size() / 2), description));
        QVERIFY(refused(vector, "{}"));
        QVERIFY(refused(vector, QByteArray(description).replace("\"seed\": 1", "\"seed\": 2").replace("\"step\": 10", "\"step\": 11")));
        QVERIFY(refused(vector, QByteArray(description).replace("\"depth\": 8", "\"depth\": 16")));
    }

  private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
