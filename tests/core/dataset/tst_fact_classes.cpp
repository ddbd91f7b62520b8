// Projection, sex and age as labels; NaN where the list does not know; columns of the list itself win.
#include <QTest>
#include <cmath>

#include "core/dataset/fact_classes.h"

using namespace cxr;

class TestFactClasses : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void factsOfFilms();
    void columnsOfTheListStay();
};

namespace {

FilmTable table() {
    FilmTable films;
    films.classes = {"Mass"};
    FilmRecord ap;
    ap.view = "AP";
    ap.sex = "M";
    ap.ageYears = 40;
    ap.labels = {1};
    ap.softLabels = {0.5F};
    FilmRecord lateral;
    lateral.view = "LATERAL";
    lateral.sex = "F";
    lateral.ageYears = 41;
    lateral.labels = {0};
    FilmRecord unknown;
    unknown.labels = {0};
    films.films = {ap, lateral, unknown};
    return films;
}

}  // namespace

void TestFactClasses::factsOfFilms() {
    const auto films = withFactClasses(table(), {"Mass", "Male", "AP", "Lateral", "AgeOver40", "AgeOverX", "Heart"});
    QCOMPARE(films.classes, (std::vector<std::string>{"Mass", "Male", "AP", "Lateral", "AgeOver40"}));
    QCOMPARE(films.films[0].labels, (std::vector<float>{1, 1, 1, 0, 0}));
    QCOMPARE(films.films[0].softLabels.size(), std::size_t{5});
    QVERIFY(std::isnan(films.films[0].softLabels[4]));
    QCOMPARE(films.films[1].labels[1], 0.0F);
    QVERIFY(std::isnan(films.films[1].labels[2]));
    QCOMPARE(films.films[1].labels[3], 1.0F);
    QCOMPARE(films.films[1].labels[4], 1.0F);
    for (std::size_t i = 1; i < 5; ++i) QVERIFY(std::isnan(films.films[2].labels[i]));
}

void TestFactClasses::columnsOfTheListStay() {
    FilmTable films = table();
    films.classes = {"AP"};
    const auto same = withFactClasses(films, {"AP"});
    QCOMPARE(same.classes, std::vector<std::string>{"AP"});
    QCOMPARE(same.films[1].labels, std::vector<float>{0});
}

QTEST_GUILESS_MAIN(TestFactClasses)
#include "tst_fact_classes.moc"
