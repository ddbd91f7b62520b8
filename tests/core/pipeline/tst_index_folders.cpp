// An archive's index: what a second run reads, what lists add, what a cancelled run keeps, and that no name gets in.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "core/dataset/film_index.h"
#include "core/dataset/film_table.h"
#include "core/pipeline/index_folders.h"
#include "tests/support/test_data.h"

using namespace cxr;
namespace fs = std::filesystem;

class TestIndexFolders : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        for (const char* name : {"a.png", "b.png", "sub/c.png"}) picture(name, 9);
        std::ofstream(archive() / "films.csv") << "image,patient,view,Mass\na.png,p1,PA,1\nb.png,p2,AP,\n";
    }

    void aSecondRunReadsOnlyWhatChanged() {
        const IndexSummary first = indexed();
        QCOMPARE(first.films, std::size_t{3});
        QCOMPARE(first.read, std::size_t{3});
        QCOMPARE(indexed().read, std::size_t{0});
        picture("b.png", 200);
        fs::last_write_time(archive() / "b.png", fs::last_write_time(archive() / "a.png") + std::chrono::seconds(5));
        QCOMPARE(indexed().read, std::size_t{1});
        fs::remove(archive() / "a.png");
        const IndexSummary last = indexed();
        QCOMPARE(last.read, std::size_t{0});
        QCOMPARE(last.removed, std::size_t{1});
        QCOMPARE(rows().size(), std::size_t{2});
    }

    void listsAreTakenIn() {
        QCOMPARE(indexed().films, std::size_t{3});
        const auto films = rows();
        QCOMPARE(films.size(), std::size_t{3});
        QCOMPARE(films[0].view, std::string("PA"));
        QCOMPARE(films[0].width, 40);
        QCOMPARE(films[0].height, 30);
        QCOMPARE(films[0].format, std::string("PNG"));
        QCOMPARE(films[0].sha256.size(), std::size_t{64});
        QVERIFY((films[0].labels == std::vector<std::pair<std::string, double>>{{"Mass", 1}}));
        QVERIFY(films[1].labels.empty());
        QCOMPARE(films[0].patient.size(), std::size_t{16});
        QVERIFY(films[0].patient != films[1].patient);
        QVERIFY(films[2].patient.empty());
        std::ofstream(archive() / "films.csv") << "image,patient,view,Mass\na.png,p1,PA,0\nb.png,p2,AP,1\n";
        QCOMPARE(indexed().read, std::size_t{0});  // labels change without reading a film
        QVERIFY((rows()[0].labels == std::vector<std::pair<std::string, double>>{{"Mass", 0}}));
    }

    void unreadableFilmsSayWhy() {
        QFile whole(QString::fromStdString((archive() / "a.png").string()));
        QVERIFY(whole.open(QIODevice::ReadWrite) && whole.resize(60));
        whole.close();
        QCOMPARE(indexed().unreadable, std::size_t{1});
        QVERIFY(!rows()[0].problem.empty());
        QCOMPARE(indexed().read, std::size_t{0});
        picture("a.png", 30);
        QCOMPARE(indexed().unreadable, std::size_t{0});
        QVERIFY(rows()[0].problem.empty());
    }

    void masksAreNoFilms() {
        picture("hearts/image/x.png", 5);
        picture("hearts/heart/x.png", 5);
        QCOMPARE(indexed().films, std::size_t{4});
    }

    void aStoppedRunKeepsWhatItRead() {
        for (int i = 0; i < 80; ++i) picture("many/" + std::to_string(i) + ".png", i);
        std::stop_source stop;
        const auto outcome = indexFolders(file(), {archive()}, RunContext{stop.get_token(), [&](double done) { if (done > 0.5) stop.request_stop(); }});
        QVERIFY(!outcome.isOk() && outcome.error().code == ErrorCode::Cancelled);
        const std::size_t kept = rows().size();
        QVERIFY2(kept >= 40 && kept < 83, qPrintable(QString::number(kept)));
        QCOMPARE(indexed().read, 83 - kept);
    }

    void absentFolder() {
        const auto outcome = indexFolders(file(), {archive() / "none"}, {});
        QVERIFY(!outcome.isOk() && outcome.error().code == ErrorCode::NotFound);
    }

    void realFilmsLeaveNoNames() {
        const fs::path folder = test::dataFolder() / "dicom" / "cxr_real";
        if (!fs::exists(folder)) QSKIP("there are no real films here; set CXR_DATA_DIR");
        const auto outcome = indexFolders(file(), {folder}, {});
        QVERIFY2(outcome.isOk(), outcome.isOk() ? "" : outcome.error().message.c_str());
        QVERIFY(outcome.value().films >= 4);
        std::size_t spaced = 0;
        for (const IndexedFilm& film : rows()) {
            if (film.problem.empty()) QVERIFY(film.format == "DICOM" && film.width > 100);
            spaced += film.spacingRowMm > 0 ? 1 : 0;
        }
        QVERIFY(spaced > 0);
    }

  private:
    [[nodiscard]] fs::path archive() const { return fs::path(m_folder->path().toStdString()) / "archive"; }
    [[nodiscard]] fs::path file() const { return fs::path(m_folder->path().toStdString()) / "index.sqlite"; }
    void picture(const std::string& name, int gray) const {
        fs::create_directories((archive() / name).parent_path());
        QVERIFY(cv::imwrite((archive() / name).string(), cv::Mat(30, 40, CV_8UC1, cv::Scalar(gray))));
    }
    [[nodiscard]] IndexSummary indexed() const {
        const auto outcome = indexFolders(file(), {archive()}, {});
        if (outcome.isOk()) return outcome.value();
        qWarning("%s", outcome.error().message.c_str());
        return {};
    }
    [[nodiscard]] std::vector<IndexedFilm> rows() const {
        FilmIndex index = FilmIndex::open(file()).value();
        return index.films().value();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestIndexFolders)
#include "tst_index_folders.moc"
