// Film tables of every layout, made by the test; hostile lists; joining.
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "core/dataset/fact_classes.h"
#include "core/dataset/film_table.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

// A folder that the test fills.
class DataFolder {
  public:
    [[nodiscard]] fs::path path() const { return m_folder.path().toStdString(); }
    void list(const std::string& name, const std::string& text) const {
        fs::create_directories((path() / name).parent_path());
        std::ofstream(path() / name, std::ios::binary) << text;
    }
    void picture(const std::string& name, int width = 4, int height = 3) const {
        fs::create_directories((path() / name).parent_path());
        QVERIFY(cv::imwrite((path() / name).string(), cv::Mat(height, width, CV_8UC1, cv::Scalar(9))));
    }

  private:
    QTemporaryDir m_folder;
};

const std::string kOurHeader =
    "image,patient_id,age,sex,view,follow_up,orig_w,orig_h,spacing_x,spacing_y,finding_labels,Atelectasis,Cardiomegaly,Effusion,"
    "Infiltration,Mass,Nodule,Pneumonia,Pneumothorax,Consolidation,Edema,Emphysema,Fibrosis,Pleural_Thickening,Hernia,No_Finding,"
    "n_bbox,cv_fold5,size_px\n";
const std::string kNihHeader =
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],"
    "OriginalImagePixelSpacing[x,y],\n";
const std::string kChexpertHeader = "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Cardiomegaly,Pleural Effusion\n";

std::string ourRow(const std::string& name, const std::string& labels, const std::string& fold) {
    return name + ",7,61,F,AP,0,2000,1000,0.1,0.2,x," + labels + ",0,0," + fold + ",320\n";
}

QString problem(const Result<FilmTable>& read) { return read.isOk() ? QString() : QString::fromStdString(read.error().message); }

}  // namespace

class TestFilmTable : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void ours() {
        const DataFolder data;
        data.list("labels.csv", kOurHeader + ourRow("a.png", "0,1,0,0,0,0,0,0,0,0,0,0,0,0", "3") +
                                    ourRow("b.png", "1,0,0,0,0,0,0,0,0,0,0,0,0,0", ""));
        data.list("boxes.csv", "image,label,x,y,w,h,note\na.png,Infiltrate,10,20,30,40,\nz.png,Mass,1,2,3,4,\n");
        data.list("chexnet_predictions.csv", "Image Index,prob_Atelectasis,prob_Cardiomegaly\na.png,0.25,0.75\n");
        data.picture("images_320/a.png");
        data.picture("images_64/b.png");
        FilmTableOptions options;
        options.softLabels = true;
        const auto read = readFilmTable(data.path(), options);
        QVERIFY2(read.isOk(), qPrintable(problem(read)));
        QCOMPARE(read.value().films.size(), std::size_t{1});
        QCOMPARE(read.value().missingPictures, std::size_t{0});  // b.png is there, but was not asked for
        const FilmRecord& film = read.value().films.front();
        QCOMPARE(film.view, std::string("AP"));
        QCOMPARE(film.fold, 3);
        QCOMPARE(film.widthPx, 4);
        QCOMPARE(film.heightPx, 3);
        QCOMPARE(film.storedSpacingXMm(), 0.1 * 2000 / 4);
        QCOMPARE(film.storedSpacingYMm(), 0.2 * 1000 / 3);
        QCOMPARE(film.labels[1], 1.0F);
        QCOMPARE(film.softLabels[1], 0.75F);
        QVERIFY(std::isnan(film.softLabels[2]));
        QCOMPARE(film.boxes.size(), std::size_t{1});
        QCOMPARE(film.boxes.front().className, std::string("Infiltration"));
        QCOMPARE(film.boxes.front().height, 40.0);
        QVERIFY(read.value().notes.front().find("1 boxes") == 0);
    }

    void filmsThatOnlyTheBoxesName() {
        const DataFolder data;
        data.list("labels.csv", kOurHeader + ourRow("00000009_000.png", "0,1,0,0,0,0,0,0,0,0,0,0,0,0", "3"));
        data.list("boxes.csv", "image,label,x,y,w,h,note\n00000012_001.png,Mass,1,2,3,4,\n00000012_001.png,Nodule,5,6,7,8,\n");
        data.picture("boxes_1024/00000012_001.png");
        FilmTableOptions options;
        options.imageFolders = {"boxes_1024"};
        const auto read = readFilmTable(data.path(), options);
        QVERIFY2(read.isOk(), qPrintable(problem(read)));
        QCOMPARE(read.value().films.size(), std::size_t{1});
        QCOMPARE(read.value().missingPictures, std::size_t{1});
        const FilmRecord& film = read.value().films.front();
        QCOMPARE(film.patient, std::string("12"));
        QCOMPARE(film.boxes.size(), std::size_t{2});
        QCOMPARE(film.labels[4], 1.0F);
        QCOMPARE(film.labels[5], 1.0F);
        QVERIFY(std::isnan(film.labels[0]));
    }

    void nih() {
        const DataFolder data;
        data.list("Data_Entry_2017.csv", kNihHeader + "00000001_000.png,Cardiomegaly|Effusion,0,1,058Y,M,PA,2682,2749,0.143,0.143,\n"
                                                      "00000002_000.png,No Finding,0,2,412Y,F,AP,2500,2048,0.171,0.171,\n"
                                                      "00000003_000.png,Hernia|Lupus,0,3,081Y,F,PA,2582,2991,0.143,0.143,\n");
        data.list("BBox_List_2017.csv", "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_000.png,Effusion,225.5,547,86.7,79.1,,,\n");
        data.picture("images_001/images/00000001_000.png");
        data.picture("images_002/images/00000002_000.png");
        const auto read = readFilmTable(data.path());
        QVERIFY2(read.isOk(), qPrintable(problem(read)));
        const FilmTable& table = read.value();
        QCOMPARE(table.layout, std::string("NIH"));
        QCOMPARE(table.films.size(), std::size_t{2});
        QCOMPARE(table.missingPictures, std::size_t{1});
        QCOMPARE(*table.films[0].ageYears, 58.0);
        QVERIFY(!table.films[1].ageYears.has_value());  // nobody is 412
        QCOMPARE(table.films[0].original.heightPx, 2749);
        QCOMPARE(table.films[0].original.spacingYMm, 0.143);
        QCOMPARE(table.films[0].labels[static_cast<std::size_t>(table.classIndex("Effusion"))], 1.0F);
        QCOMPARE(table.films[1].labels, std::vector<float>(14, 0));
        QCOMPARE(table.films[0].boxes.front().x, 225.5);
        QVERIFY(table.notes.front().find("Lupus") != std::string::npos);
    }

    void chexpert() {
        const DataFolder data;
        const std::string p = "CheXpert-v1.0-small/train/patient00001/study1/";
        data.list("train.csv", kChexpertHeader + p + "view1_frontal.jpg,Female,68,Frontal,AP,1.0,,0.0\n" + p +
                                   "view2_lateral.jpg,Female,68,Lateral,,,-1.0,1.0\n");
        data.list("valid.csv", kChexpertHeader + "CheXpert-v1.0-small/valid/patient00002/study1/view1_frontal.jpg,Male,90,Frontal,PA,0,0,0\n");
        data.picture("train/patient00001/study1/view1_frontal.jpg");
        data.picture("train/patient00001/study1/view2_lateral.jpg");
        data.picture("valid/patient00002/study1/view1_frontal.jpg");
        const auto read = readFilmTable(data.path());
        QVERIFY2(read.isOk(), qPrintable(problem(read)));
        const FilmTable& table = read.value();
        QCOMPARE(table.classes, (std::vector<std::string>{"No_Finding", "Cardiomegaly", "Effusion"}));
        QCOMPARE(table.films.size(), std::size_t{3});
        QCOMPARE(table.films[0].name, std::string("train_patient00001_study1_view1_frontal"));
        QCOMPARE(table.films[0].group(), std::string("chexpert/patient00001"));
        QCOMPARE(table.films[0].view, std::string("AP"));
        QCOMPARE(table.films[1].view, std::string("LATERAL"));
        QVERIFY(std::isnan(table.films[0].labels[1]) && std::isnan(table.films[1].labels[1]));
        FilmTableOptions negative;
        negative.blank = BlankLabel::Negative;
        negative.views = {"AP", "PA"};
        negative.classes = {"Cardiomegaly", "Hernia"};
        const auto again = readFilmTable(data.path() / "train.csv", negative);
        QVERIFY2(again.isOk(), qPrintable(problem(again)));
        QCOMPARE(again.value().films.size(), std::size_t{1});
        QCOMPARE(again.value().films[0].labels[0], 0.0F);
        QVERIFY(std::isnan(again.value().films[0].labels[1]));
    }

    void plain() {
        const DataFolder data;
        data.list("films.csv", "\xEF\xBB\xBFPath,Patient,Sex,Weight,Big heart,Note\r\nsub/a.png,p1,male,71,1,\"tall, thin\"\r\n"
                               "images/b.png,p2,F,80,,\r\nc.png,p2,F,80,0,\r\n");
        data.picture("sub/a.png");
        data.picture("images/b.png");
        data.picture("images/c.png");
        const auto read = readFilmTable(data.path());
        QVERIFY2(read.isOk(), qPrintable(problem(read)));
        QCOMPARE(read.value().classes, (std::vector<std::string>{"Big_heart"}));
        QCOMPARE(read.value().films.size(), std::size_t{3});
        QCOMPARE(read.value().films[0].name, std::string("sub_a"));
        QCOMPARE(read.value().films[0].sex, std::string("M"));
        QVERIFY(std::isnan(read.value().films[1].labels[0]));
        QCOMPARE(read.value().notes.size(), std::size_t{2});  // Weight and Note are no labels
        FilmTableOptions weight;
        weight.classes = {"Weight"};
        QVERIFY2(problem(readFilmTable(data.path(), weight)).contains("films.csv: line 2: column \"Weight\""),
                 qPrintable(problem(readFilmTable(data.path(), weight))));
    }

    void metadataAndSites() {
        const DataFolder data;
        data.list("side/metadata.csv", "Patientid,sex,age,view,modality,filename, url,\n2,M,65,L,X-ray,l.png,u,\n2,M,65,PA,X-ray,gone.png,u,\n"
                                       "3,F,50,Axial,CT,ct.png,u,\n");
        data.picture("side/l.png");
        data.picture("side/ct.png");
        for (const char* site : {"north", "south"}) data.picture("hearts/" + std::string(site) + "/image/x.png");
        auto side = readFilmTable(data.path() / "side");
        auto hearts = readFilmTable(data.path() / "hearts/");
        QVERIFY2(side.isOk() && hearts.isOk(), qPrintable(problem(side) + problem(hearts)));
        QCOMPARE(side.value().films.size(), std::size_t{1});
        QCOMPARE(side.value().missingPictures, std::size_t{1});
        QCOMPARE(side.value().films[0].view, std::string("LATERAL"));
        QCOMPARE(side.value().films[0].site, std::string("side"));
        QCOMPARE(hearts.value().films[1].name, std::string("south/x"));
        FilmTableOptions north;
        north.sites = {"north"};
        QCOMPARE(readFilmTable(data.path() / "hearts", north).value().films.size(), std::size_t{1});
        auto joined = joinTables({side.value(), hearts.value()});
        QVERIFY(joined.isOk());
        const FilmTable views = withClasses(withFactClasses(std::move(joined).value(), {"Lateral", "AP"}), {"Lateral", "AP"});
        QCOMPARE(views.films[0].labels[0], 1.0F);
        QVERIFY(std::isnan(views.films[0].labels[1]));
        QCOMPARE(views.films[1].labels[0], 0.0F);
        QVERIFY(!joinTables({hearts.value(), hearts.value()}).isOk());
    }

    void joinedClasses() {
        FilmTable first, second;
        first.classes = {"A", "B"};
        second.classes = {"B", "C"};
        first.films.resize(1);
        second.films.resize(1);
        first.films[0].name = second.films[0].name = "x";
        first.films[0].site = "one";
        second.films[0].site = "two";
        first.films[0].labels = {1, 0};
        second.films[0].labels = {1, 1};
        const auto joined = joinTables({first, second});
        QVERIFY(joined.isOk());
        QCOMPARE(joined.value().classes, (std::vector<std::string>{"A", "B", "C"}));
        QCOMPARE(joined.value().films[0].name, std::string("one/x"));
        QVERIFY(std::isnan(joined.value().films[0].labels[2]) && std::isnan(joined.value().films[1].labels[0]));
        QCOMPARE(joined.value().films[1].labels[1], 1.0F);
    }

    void refusals_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const QString our = QString::fromStdString(kOurHeader), nih = QString::fromStdString(kNihHeader);
        const QString chex = QString::fromStdString(kChexpertHeader);
        const QString zeros = "0,0,0,0,0,0,0,0,0,0,0,0,0,0";
        const auto row = [](const QString& labels, const QString& fold) {
            return QString::fromStdString(ourRow("a.png", labels.toStdString(), fold.toStdString()));
        };
        QTest::newRow("label 2") << "labels.csv" << our + row("0,2,0,0,0,0,0,0,0,0,0,0,0,0", "1") << "labels.csv line 2: column \"Cardiomegaly\"";
        QTest::newRow("label word") << "labels.csv" << our + row("0,yes,0,0,0,0,0,0,0,0,0,0,0,0", "1") << "line 2: column \"Cardiomegaly\"";
        QTest::newRow("fold 1.5") << "labels.csv" << our + row(zeros, "1.5") << "line 2: the fold";
        QTest::newRow("twice") << "labels.csv" << our + row(zeros, "1") + row(zeros, "1") << "line 3: this film is listed twice";
        QTest::newRow("no disease column") << "labels.csv" << "image,patient_id,Atelectasis\na.png,1,0\n" << "no column \"Cardiomegaly\"";
        QTest::newRow("no patient") << "labels.csv" << our + "a.png,,61,F,AP\n" << "line 2: a film needs";
        QTest::newRow("negative width") << "Data_Entry_2017.csv" << nih + "a.png,No Finding,0,1,058Y,M,PA,-3,2749,0.1,0.1,\n" << "line 2: column \"OriginalImage[Width\"";
        QTest::newRow("no findings column") << "Data_Entry_2017.csv" << "Image Index,Patient ID\na.png,1\n" << "\"Finding Labels\"";
        QTest::newRow("empty findings") << "Data_Entry_2017.csv" << nih + "a.png,,0,1,058Y,M,PA,1,1,0.1,0.1,\n" << "line 2: the finding labels are empty";
        QTest::newRow("no patient folder") << "train.csv" << chex + "x/a.png,Male,1,Frontal,AP,,,\n" << "line 2: the path names no patient";
        QTest::newRow("no image column") << "films.csv" << "name,label\na,1\n" << "no column \"image\"";
        QTest::newRow("all missing") << "films.csv" << "image,label\nq.png,1\nr.png,1\n" << "none of the 2 listed pictures";
        QTest::newRow("no rows") << "films.csv" << "image,label\n" << "names no film";
        QTest::newRow("no list") << "films.txt" << "image,label\n" << "has no list";
    }
    void refusals() {
        QFETCH(QString, file);
        QFETCH(QString, text);
        QFETCH(QString, says);
        const DataFolder data;
        data.list(file.toStdString(), text.toStdString());
        data.picture("images_320/a.png");
        const QString error = problem(readFilmTable(data.path()));
        QVERIFY2(error.contains(says), qPrintable(error));
    }

    void absentFolderAndCancel() {
        const auto absent = readFilmTable("/nonexistent/data");
        QVERIFY(!absent.isOk() && absent.error().code == ErrorCode::NotFound);
        const DataFolder data;
        data.list("films.csv", "image,label\na.png,1\n");
        std::stop_source stop;
        stop.request_stop();
        const auto cancelled = readFilmTable(data.path(), {}, RunContext{stop.get_token(), {}});
        QVERIFY(!cancelled.isOk() && cancelled.error().code == ErrorCode::Cancelled);
    }

    void names() {
        QCOMPARE(canonicalClassName("Pleural Thickening"), std::string("Pleural_Thickening"));
        QCOMPARE(canonicalClassName("Infiltrate"), std::string("Infiltration"));
        QCOMPARE(canonicalClassName("Pleural Effusion"), std::string("Effusion"));
        QCOMPARE(nihClasses().size(), std::size_t{14});
    }
};

QTEST_GUILESS_MAIN(TestFilmTable)
#include "tst_film_table.moc"
