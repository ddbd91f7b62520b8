// Film tables of the real data sets: what the lists say was counted with another program.
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/dataset/fact_classes.h"
#include "core/dataset/film_table.h"
#include "tests/support/test_data.h"

using namespace cxr;

namespace {

std::size_t positives(const FilmTable& table, const std::string& name) {
    const auto index = static_cast<std::size_t>(table.classIndex(name));
    return static_cast<std::size_t>(std::count_if(table.films.begin(), table.films.end(),
                                                  [&](const FilmRecord& film) { return film.labels[index] == 1; }));
}

std::size_t boxes(const FilmTable& table) {
    return std::accumulate(table.films.begin(), table.films.end(), std::size_t{0},
                           [](std::size_t sum, const FilmRecord& film) { return sum + film.boxes.size(); });
}

FilmTableOptions inFolders(std::vector<std::string> folders) {
    FilmTableOptions options;
    options.imageFolders = std::move(folders);
    return options;
}

}  // namespace

class TestFilmTableData : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (!std::filesystem::exists(test::dataFolder() / "nih14")) QSKIP("there are no data sets here; set CXR_DATA_DIR");
    }

    void filmsOf320Pixels() {
        FilmTableOptions options;
        options.softLabels = true;
        const auto read = readFilmTable(test::dataFolder() / "nih14", options);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const FilmTable& table = read.value();
        QCOMPARE(table.layout, std::string("ours"));
        QCOMPARE(table.films.size(), std::size_t{1606});
        QCOMPARE(table.missingPictures, std::size_t{0});
        QCOMPARE(table.classes, nihClasses());
        QCOMPARE(positives(table, "Cardiomegaly"), std::size_t{65});
        const auto soft = std::count_if(table.films.begin(), table.films.end(), [](const auto& f) { return !f.softLabels.empty(); });
        QCOMPARE(soft, 447);
        QCOMPARE(boxes(table), std::size_t{44});
        const auto small = std::count_if(table.films.begin(), table.films.end(), [](const auto& f) { return f.widthPx == 256; });
        QCOMPARE(small, 50);
        const FilmRecord& first = table.films.front();
        QCOMPARE(first.name, std::string("00000001_000"));
        QCOMPARE(first.patient, std::string("1"));
        QCOMPARE(first.view, std::string("PA"));
        QCOMPARE(first.fold, 1);
        QCOMPARE(*first.ageYears, 57.0);
        QCOMPARE(first.original.widthPx, 2682);
        QVERIFY(std::abs(first.storedSpacingXMm() - 0.143 * 2682 / 320) < 1e-9);
    }

    void noPatientIsInTwoFolds() {
        const auto read = readFilmTable(test::dataFolder() / "nih14");
        QVERIFY(read.isOk());
        std::map<std::string, int> foldOf;
        std::set<int> folds;
        for (const FilmRecord& film : read.value().films) {
            if (film.fold < 0) continue;
            folds.insert(film.fold);
            QCOMPARE(foldOf.try_emplace(film.group(), film.fold).first->second, film.fold);
        }
        QCOMPARE(folds, (std::set<int>{0, 1, 2, 3, 4}));
    }

    void everyPictureFolder() {
        const auto small = readFilmTable(test::dataFolder() / "nih14", inFolders({"images_64"}));
        QVERIFY(small.isOk());
        QCOMPARE(small.value().films.size(), std::size_t{866});
        QCOMPARE(small.value().films.front().widthPx, 64);
        const auto both = readFilmTable(test::dataFolder() / "nih14", inFolders({"images_320", "images_64"}));
        QVERIFY(both.isOk());
        QCOMPARE(both.value().films.size(), std::size_t{2472});
        const auto all = readFilmTable(test::dataFolder() / "nih14", inFolders({"images_320", "images_64", "boxes_1024"}));
        QVERIFY(all.isOk());
        QCOMPARE(all.value().films.size(), std::size_t{2472});
        QCOMPARE(boxes(all.value()), std::size_t{49});  // 51 are listed; the films of two are nowhere
        QCOMPARE(all.value().notes, std::vector<std::string>{"2 boxes belong to films that are not in this table"});
    }

    void filmsWithBoxes() {
        const auto read = readFilmTable(test::dataFolder() / "nih14", inFolders({"boxes_1024"}));
        QVERIFY(read.isOk());
        const FilmTable& table = read.value();
        QCOMPARE(table.films.size(), std::size_t{39});
        QCOMPARE(boxes(table), std::size_t{44});
        for (const FilmRecord& film : table.films) {
            QCOMPARE(film.widthPx, 1024);
            for (const LesionBox& box : film.boxes) {
                const int index = table.classIndex(box.className);
                QVERIFY(index >= 0);
                QVERIFY2(box.x >= 0 && box.x + box.width <= 1024 && box.y + box.height <= 1024, film.name.c_str());
            }
        }
    }

    void viewsOfSeveralFolders() {
        auto nih = readFilmTable(test::dataFolder() / "nih14");
        auto lateral = readFilmTable(test::dataFolder() / "lateral");
        auto heart = readFilmTable(test::dataFolder() / "heart");
        QVERIFY(nih.isOk() && lateral.isOk() && heart.isOk());
        QCOMPARE(lateral.value().films.size(), std::size_t{11});
        QCOMPARE(heart.value().films.size(), std::size_t{396});
        auto joined = joinTables({std::move(nih).value(), std::move(lateral).value(), std::move(heart).value()});
        QVERIFY2(joined.isOk(), joined.isOk() ? "" : joined.error().message.c_str());
        QCOMPARE(joined.value().films.size(), std::size_t{1606 + 11 + 396});
        QVERIFY(std::isnan(joined.value().films.back().labels[0]));
        const FilmTable views = withClasses(withFactClasses(std::move(joined).value(), {"Lateral", "AP"}), {"Lateral", "AP"});
        QCOMPARE(positives(views, "Lateral"), std::size_t{11});
        const auto frontal = std::count_if(views.films.begin(), views.films.end(), [](const auto& f) { return f.labels[0] == 0; });
        QCOMPARE(frontal, 1606 + 396);
        QVERIFY(positives(views, "AP") > 100);
    }
};

QTEST_GUILESS_MAIN(TestFilmTableData)
#include "tst_film_table_data.moc"
