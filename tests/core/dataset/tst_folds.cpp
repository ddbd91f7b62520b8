// Folds: patients stay whole, positives are spread, given folds are kept, the seed decides the rest.
#include <QTest>

#include <array>
#include <map>

#include "core/dataset/folds.h"
#include "tests/support/test_data.h"

using namespace cxr;

namespace {

FilmRecord filmOf(int patient, std::vector<float> labels, int fold = -1) {
    FilmRecord film;
    film.patient = std::to_string(patient);
    film.name = film.patient;
    film.site = "s";
    film.labels = std::move(labels);
    film.fold = fold;
    return film;
}

// 100 patients of 1 to 3 films; class A in every 10th patient, B in every 4th.
FilmTable manyFilms() {
    FilmTable table;
    table.classes = {"A", "B"};
    for (int patient = 0; patient < 100; ++patient) {
        for (int film = 0; film <= patient % 3; ++film) {
            table.films.push_back(filmOf(patient, {patient % 10 == 0 ? 1.0F : 0.0F, patient % 4 == 0 ? 1.0F : 0.0F}));
        }
    }
    return table;
}

void verifyPatientsAreWhole(const FilmTable& table, const std::vector<int>& folds) {
    std::map<std::string, int> foldOf;
    for (std::size_t i = 0; i < folds.size(); ++i) {
        QCOMPARE(foldOf.try_emplace(table.films[i].group(), folds[i]).first->second, folds[i]);
    }
}

}  // namespace

class TestFolds : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void solvedOnPaper() {
        // Three patients with the rare class, three folds: each fold gets one of them, whatever the seed.
        FilmTable table;
        table.classes = {"rare"};
        for (int patient = 0; patient < 9; ++patient) table.films.push_back(filmOf(patient, {patient < 3 ? 1.0F : 0.0F}));
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto folds = stratifiedFolds(table, 3, seed);
            QVERIFY(folds.isOk());
            std::array<int, 3> films{}, positives{};
            for (std::size_t i = 0; i < 9; ++i) {
                ++films[static_cast<std::size_t>(folds.value()[i])];
                positives[static_cast<std::size_t>(folds.value()[i])] += i < 3 ? 1 : 0;
            }
            QCOMPARE(films, (std::array<int, 3>{3, 3, 3}));
            QCOMPARE(positives, (std::array<int, 3>{1, 1, 1}));
        }
    }

    void patientsStayWholeAndClassesAreSpread() {
        const FilmTable table = manyFilms();
        const auto folds = stratifiedFolds(table, 5, 7);
        QVERIFY(folds.isOk());
        verifyPatientsAreWhole(table, folds.value());
        std::array<double, 5> films{}, a{}, b{};
        for (std::size_t i = 0; i < table.films.size(); ++i) {
            const auto fold = static_cast<std::size_t>(folds.value()[i]);
            films[fold] += 1;
            a[fold] += table.films[i].labels[0];
            b[fold] += table.films[i].labels[1];
        }
        for (std::size_t fold = 0; fold < 5; ++fold) {
            QVERIFY2(films[fold] >= 35 && films[fold] <= 45, qPrintable(QString::number(films[fold])));  // 199 / 5
            QVERIFY2(a[fold] >= 2 && a[fold] <= 6, qPrintable(QString::number(a[fold])));
            QVERIFY2(b[fold] >= 7 && b[fold] <= 13, qPrintable(QString::number(b[fold])));
        }
    }

    void seedDecides() {
        const FilmTable table = manyFilms();
        QCOMPARE(stratifiedFolds(table, 5, 3).value(), stratifiedFolds(table, 5, 3).value());
        QVERIFY(stratifiedFolds(table, 5, 3).value() != stratifiedFolds(table, 5, 4).value());
    }

    void givenFoldsAreKept() {
        FilmTable table = manyFilms();
        table.films[1].fold = 4;  // patient 1 has a second film without a fold
        const auto folds = stratifiedFolds(table, 5, 1);
        QVERIFY(folds.isOk());
        QCOMPARE(folds.value()[1], 4);
        QCOMPARE(folds.value()[2], 4);
        verifyPatientsAreWhole(table, folds.value());
        table.films[1].fold = 5;
        QVERIFY(!stratifiedFolds(table, 5, 1).isOk());
        QVERIFY(stratifiedFolds(table, 5, 1, true).isOk());
    }

    void moreFoldsThanPatients() {
        FilmTable table;
        table.films = {filmOf(1, {}), filmOf(2, {})};
        const auto folds = stratifiedFolds(table, 5, 1);
        QVERIFY(folds.isOk());
        QVERIFY(folds.value()[0] != folds.value()[1]);
    }

    void realFilms() {
        const auto read = std::filesystem::exists(test::dataFolder() / "nih14") ? readFilmTable(test::dataFolder() / "nih14")
                                                                                : Result<FilmTable>(Error{});
        if (!read.isOk()) QSKIP("there are no real films here; set CXR_DATA_DIR");
        const FilmTable& table = read.value();
        const auto given = stratifiedFolds(table, 5, 1);
        QVERIFY(given.isOk());
        for (std::size_t i = 0; i < table.films.size(); ++i) {
            if (table.films[i].fold >= 0) QCOMPARE(given.value()[i], table.films[i].fold);
        }
        const auto own = stratifiedFolds(table, 5, 1, true);
        QVERIFY(own.isOk());
        verifyPatientsAreWhole(table, own.value());
        std::array<int, 5> cardiomegaly{};
        for (std::size_t i = 0; i < table.films.size(); ++i) {
            if (table.films[i].labels[1] == 1) ++cardiomegaly[static_cast<std::size_t>(own.value()[i])];
        }
        for (const int count : cardiomegaly) QVERIFY2(count >= 11 && count <= 15, qPrintable(QString::number(count)));  // 65 / 5
    }
};

QTEST_GUILESS_MAIN(TestFolds)
#include "tst_folds.moc"
