// The SQLite index: rows come back, transactions hold, other files are refused, ids are not in the file.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include "core/dataset/film_index.h"

using namespace cxr;

namespace {

IndexedFilm example(const std::string& path) {
    IndexedFilm film;
    film.path = path;
    film.bytes = 1LL << 40;
    film.mtimeNs = 1'700'000'000'123'456'789;
    film.sha256 = "ab";
    film.format = "DICOM";
    film.modality = "DX";
    film.width = 20;
    film.height = 10;
    film.view = "PA";
    film.spacingRowMm = film.spacingColumnMm = 0.143;
    film.spacingSource = "PixelSpacing";
    film.patient = "0123";
    film.sex = "F";
    film.ageYears = 61.5;
    film.site = "o'hare";
    film.fold = 3;
    film.labels = {{"Edema", 0}, {"Mass", 1}};
    return film;
}

}  // namespace

class TestFilmIndex : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void rowsComeBack() {
        auto index = FilmIndex::openOrCreate(file());
        QVERIFY2(index.isOk(), index.isOk() ? "" : index.error().message.c_str());
        FilmIndex films = std::move(index).value();
        IndexedFilm plain;
        plain.path = "/a/ü, \"x\".png";
        plain.view = "LATERAL";
        plain.problem = "cut off";
        QVERIFY(films.put(example("/b/1.dcm")).isOk());
        QVERIFY(films.put(plain).isOk());
        const auto all = films.films();
        QVERIFY(all.isOk());
        QCOMPARE(all.value().size(), std::size_t{2});
        QVERIFY(all.value()[0] == plain);
        QVERIFY(all.value()[1] == example("/b/1.dcm"));
        QCOMPARE(films.films("PA").value().size(), std::size_t{1});
        QVERIFY(films.films("AP").value().empty());
    }

    void putReplacesAndRemoveRemoves() {
        FilmIndex films = FilmIndex::openOrCreate(file()).value();
        QVERIFY(films.put(example("/b/1.dcm")).isOk());
        IndexedFilm changed = example("/b/1.dcm");
        changed.labels = {{"Hernia", 1}};
        QVERIFY(films.put(changed).isOk());
        QVERIFY(films.films().value() == std::vector<IndexedFilm>{changed});
        QVERIFY(films.remove("/b/1.dcm").isOk());
        QVERIFY(films.films().value().empty());
    }

    void whatWasNotCommittedIsGone() {
        {
            FilmIndex films = FilmIndex::openOrCreate(file()).value();
            QVERIFY(films.begin().isOk() && films.put(example("/b/1.dcm")).isOk() && films.commit().isOk());
            QVERIFY(films.begin().isOk() && films.put(example("/b/2.dcm")).isOk());
        }
        FilmIndex films = FilmIndex::open(file()).value();
        QCOMPARE(films.films().value().size(), std::size_t{1});
    }

    void pseudonyms() {
        FilmIndex films = FilmIndex::openOrCreate(file()).value();
        const std::string name = films.pseudonym("patient 4711");
        QCOMPARE(name.size(), std::size_t{16});
        QCOMPARE(FilmIndex::open(file()).value().pseudonym("patient 4711"), name);
        QVERIFY(films.pseudonym("patient 4712") != name);
        QVERIFY(films.pseudonym("").empty());
        FilmIndex other = FilmIndex::openOrCreate(file("other")).value();
        QVERIFY(other.pseudonym("patient 4711") != name);
    }

    void otherFilesAreRefused() {
        QVERIFY(FilmIndex::open(file("none")).error().code == ErrorCode::NotFound);
        std::ofstream(file("text")) << std::string(5000, 'x');
        const auto text = FilmIndex::openOrCreate(file("text"));
        QVERIFY(!text.isOk());
        QVERIFY2(text.error().code == ErrorCode::Corrupt, text.error().message.c_str());
        QVERIFY(!FilmIndex::openOrCreate("/nonexistent/folder/i.sqlite").isOk());
        { FilmIndex films = FilmIndex::openOrCreate(file()).value(); }
        QFile changed(QString::fromStdString(file().string()));
        QVERIFY(changed.open(QIODevice::ReadWrite) && changed.seek(68) && changed.write("XXXX") == 4);  // application_id
        changed.close();
        QVERIFY(FilmIndex::open(file()).error().code == ErrorCode::Corrupt);
    }

    void readingGoesOnBesideAWriter() {
        FilmIndex first = FilmIndex::openOrCreate(file()).value();
        FilmIndex reader = FilmIndex::open(file()).value();
        QVERIFY(first.begin().isOk() && first.put(example("/b/1.dcm")).isOk());
        QVERIFY(reader.films().isOk());
        QVERIFY(first.commit().isOk());
        QCOMPARE(reader.films().value().size(), std::size_t{1});
    }

  private:
    std::filesystem::path file(const std::string& name = "index") const {
        return std::filesystem::path(m_folder->path().toStdString()) / (name + ".sqlite");
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestFilmIndex)
#include "tst_film_index.moc"
