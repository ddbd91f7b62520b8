// precordia-cli dataset locations: phantoms with drawn boxes in the layout of our data, the shipped lung network, and the table
// read again by a training's reader. Runs the real program.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/imgproc.hpp>

#include "core/dataset/film_table.h"
#include "tests/app/cli/program.h"

using namespace cxr;
using namespace cxr::test;

class TestCliLocations : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QVERIFY(QDir(m_folder.path()).mkpath("data/boxes_1024"));
        PhantomSpec spec;
        spec.width = spec.height = kSide;
        const Phantom phantom = makePhantom(spec);
        for (const char* name : {"00000001_000.png", "00000002_000.png"}) {
            const std::string file = path(QString("data/boxes_1024/") + name).toStdString();
            QVERIFY(cv::imwrite(file, renderGray8(phantom.image, fullRangeVoi(phantom.image))));
        }
        write("data/labels.csv", "image,patient_id,age,sex,view,Atelectasis,Cardiomegaly,Effusion,Infiltration,Mass,Nodule,Pneumonia,"
                                 "Pneumothorax,Consolidation,Edema,Emphysema,Fibrosis,Pleural_Thickening,Hernia,cv_fold5,size_px\n"
                                 "00000001_000.png,1,57,M,PA,0,1,0,0,1,0,0,0,0,0,0,0,0,0,3,320\n");
        write("data/boxes.csv", "image,label,x,y,w,h,note\n" + row("00000001_000.png", "Mass", phantom.leftLung, 0.1) +
                                    row("00000001_000.png", "Cardiomegaly", phantom.heart, 0.3) +
                                    row("00000002_000.png", "Infiltrate", phantom.rightLung, 0.75));
    }

    void boxesBecomeAFilmList() {
        const ProgramRun run = locations(path("data"));
        QVERIFY2(run.exitCode == 0, qPrintable(run.errors));
        QVERIFY2(run.errors.contains("1 box of Cardiomegaly"), qPrintable(run.errors));
        QVERIFY2(run.out.contains("2 films; 3 boxes on 2 films: 2 inside the lungs"), qPrintable(run.out));
        const auto read = readFilmTable(path("locations.csv").toStdString());
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const FilmTable& table = read.value();
        QCOMPARE(table.films.size(), std::size_t{2});
        QCOMPARE(table.films[0].name, std::string("00000001_000"));
        QCOMPARE(table.films[0].group(), std::string("nih14/1"));
        QCOMPARE(table.films[0].fold, 3);
        QCOMPARE(label(table, 0, "Mass_left_upper"), 1.0F);
        QCOMPARE(label(table, 0, "Mass_left_lower"), 0.0F);
        QCOMPARE(label(table, 0, "Nodule_left_upper"), 0.0F);
        QCOMPARE(label(table, 1, "Infiltration_right_lower"), 1.0F);
        QCOMPARE(label(table, 1, "Infiltration_bilateral"), 0.0F);
        QVERIFY(std::isnan(label(table, 1, "Nodule_left_upper")));  // labels.csv does not know this film
    }

    void failuresLeaveNoFile() {
        QVERIFY(QDir(m_folder.path()).mkpath("plain"));
        QVERIFY(writePhantomPng(path("plain/a.png"), 0.45, 256));
        write("plain/list.csv", "image,Mass\na.png,1\n");
        QFile::remove(path("locations.csv"));
        for (const char* folder : {"plain", "nowhere"}) {
            const ProgramRun run = locations(path(folder));
            QCOMPARE(run.exitCode, 1);
            QVERIFY2(isOneSentence(run.errors), qPrintable(run.errors));
        }
        QVERIFY(!QFile::exists(path("locations.csv")));
        QCOMPARE(runProgram({"dataset", "locations"}).exitCode, 2);
    }

  private:
    static constexpr int kSide = 512;

    ProgramRun locations(const QString& data) const {
        return runProgram({"dataset", "locations", "--data", data, "--out", path("locations.csv"), "--threads", "1"});
    }
    // The middle of an organ's width, a fifth of its height, on the 1024 grid.
    static QByteArray row(const char* image, const char* name, const cv::Mat& organ, double from) {
        const cv::Rect bounds = cv::boundingRect(organ);
        const double scale = 1024.0 / kSide;
        return QString("%1,%2,%3,%4,%5,%6,\n").arg(image, name).arg((bounds.x + 0.3 * bounds.width) * scale)
            .arg((bounds.y + from * bounds.height) * scale).arg(0.4 * bounds.width * scale).arg(0.2 * bounds.height * scale).toUtf8();
    }
    static float label(const FilmTable& table, std::size_t film, const std::string& name) {
        const int index = table.classIndex(name);
        return index < 0 ? -1 : table.films[film].labels[static_cast<std::size_t>(index)];
    }
    void write(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliLocations)
#include "tst_cli_locations.moc"
