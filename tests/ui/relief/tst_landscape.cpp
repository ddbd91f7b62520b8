// Heights against map values, the camera's geometry, picking, empty maps. No OpenGL.
#include <QTest>
#include <cmath>

#include "core/localize/map_geometry.h"
#include "tests/ui/relief/relief_scene.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

namespace {

constexpr QSizeF kView(480, 400);

double heightOver(const Landscape& landscape, PointPx film) {
    return landscape.fine.at(film.x / landscape.film->size().width(), film.y / landscape.film->size().height());
}

bool isNear(PointPx a, PointPx b, double px) { return std::hypot(a.x - b.x, a.y - b.y) < px; }

}  // namespace

class TestLandscape : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void heightsAreSharesOfTheScale() {
        const ReliefFilmPtr film = reliefPhantom();
        ShownHeatmap shown = shownHill(0.4, 0.6);
        const double end = shownScale(*shown.map, shown.style).high;
        const LandscapePtr own = landscape(film, shown);
        for (const PointPx at : {PointPx{102, 154}, PointPx{60, 200}, PointPx{128, 128}, PointPx{250, 5}})
            QVERIFY(std::abs(heightOver(*own, at) - *valueAt(*shown.map, at) / end * kReliefHeight) < 0.002);
        shown.style.locked = MapScale{0, 4 * end, "logits"};
        const LandscapePtr locked = landscape(film, shown);
        QVERIFY(std::abs(heightOver(*locked, {102, 154}) * 4 - heightOver(*own, {102, 154})) < 0.002);
        shown.style.locked = MapScale{0, end / 2, "logits"};  // higher values are cut
        QVERIFY(std::abs(heightOver(*landscape(film, shown), {102, 154}) - kReliefHeight) < 1e-6);
    }
    void theGridCoversFilmsOfAnyShape() {
        const ReliefFilmPtr film = reliefPhantom(240, 320);
        const HeightGrid grid = heightGrid(std::nullopt, film->size(), 81);
        QCOMPARE(grid.rows, 81);
        QCOMPARE(grid.columns, 61);
        QCOMPARE(worldOf({0, 0}, 0, film->size()).y, 0.5);
        QCOMPARE(worldOf({240, 0}, 0, film->size()).x, 0.375);
        const PointPx back = filmOf(worldOf({33, 77}, 0, film->size()), film->size());
        QVERIFY(isNear(back, {33, 77}, 1e-9));
    }
    void noPeakOfAFineMapIsLost() {
        Plane plane{512, 512, std::vector<float>(512 * 512, 0.0F)};
        plane.values[301 * 512 + 97] = 2;  // one cell of half a film pixel
        Heatmap map = heatmapOf(plane, {0, 0}, kReliefSide);
        map.method = ExplainMethod::IntegratedGradients;
        map.supportLogit = 1;
        const LandscapePtr made = landscape(reliefPhantom(), shownMap(map));
        const double highest = *std::max_element(made->fine.heights.begin(), made->fine.heights.end());
        QVERIFY2(highest > 0.5 * kReliefHeight, qPrintable(QString::number(highest)));
    }
    void valuesAgainstLieBelowTheFilmWhereColoursShowThem() {
        Heatmap map = heatmapOf({2, 2, {-2, -2, 1, 1}}, {0, 0}, kReliefSide, true);
        map.method = ExplainMethod::GradCam;
        ShownHeatmap shown = shownMap(map);
        shown.style.colours = ColourMap::Diverging;
        const LandscapePtr both = landscape(reliefPhantom(), shown);
        QVERIFY(std::abs(heightOver(*both, {128, 10}) + kReliefHeight) < 1e-6);
        QVERIFY(std::abs(heightOver(*both, {128, 250}) - kReliefHeight / 2) < 1e-6);
        shown.style.colours = ColourMap::Cividis;
        QVERIFY(std::abs(heightOver(*landscape(reliefPhantom(), shown), {128, 10})) < 1e-9);
    }
    void outsideOfTheMapTheFilmIsFlat() {
        Heatmap map = heatmapOf({2, 2, {1, 1, 1, 1}}, {64, 64}, 128);
        map.method = ExplainMethod::GradCam;
        const LandscapePtr made = landscape(reliefPhantom(), shownMap(map));
        QCOMPARE(heightOver(*made, {20, 20}), 0.0);
        QVERIFY(std::abs(heightOver(*made, {128, 128}) - kReliefHeight) < 1e-6);
    }
    void isoLinesLieOnTheSkinAtTheirHeight() {
        const ShownHeatmap shown = shownHill(0.5, 0.5);
        const LandscapePtr made = landscape(reliefPhantom(), shown);
        const std::vector<double> levels = contourLevels(*shown.map, shown.style);
        std::size_t isoLines = 0, outlines = 0;
        for (const ReliefLine& line : made->lines) {
            outlines += line.isOutline ? 1 : 0;
            if (line.isOutline) continue;
            ++isoLines;
            const double share = line.points.front().z / kReliefHeight * shownScale(*shown.map, shown.style).high;
            const bool isLevel = std::any_of(levels.begin(), levels.end(), [&](double level) { return std::abs(level - share) < 0.03; });
            QVERIFY2(isLevel, qPrintable(QString::number(share)));
            for (const Vector3& at : line.points) QVERIFY(std::abs(at.z - line.points.front().z) < 0.012);
        }
        QCOMPARE(isoLines, levels.size());
        QCOMPARE(outlines, std::size_t(kOrganCount));
    }
    void anEmptyMapSaysSoInsteadOfALandscape() {
        Heatmap map = hill(16, 0.5, 0.5, {0, 0}, kReliefSide, false);
        map.supportLogit = 0.001;
        const LandscapePtr made = landscape(reliefPhantom(), shownMap(map));
        QVERIFY2(made->sentence.contains("too little to change"), qPrintable(made->sentence));
        QVERIFY(made->fine.heights.empty() && made->lines.empty() && made->skin.isNull());
        QVERIFY(!filmPointAt(*made, {}, kView, {240, 200}));
        const LandscapePtr bare = landscape(reliefPhantom(), std::nullopt);
        QVERIFY(bare->sentence.isEmpty() && !bare->skin.isNull());
        QCOMPARE(*std::max_element(bare->fine.heights.begin(), bare->fine.heights.end()), 0.0F);
    }
    void workStopsWhenAsked() {
        std::stop_source stop;
        stop.request_stop();
        const auto made = landscapeOf(reliefPhantom(), shownHill(0.5, 0.5), RunContext{stop.get_token(), {}});
        QVERIFY(!made && made.error().code == ErrorCode::Cancelled);
    }
    void pickingFindsThePointThatIsSeen() {
        const LandscapePtr made = landscape(reliefPhantom(), shownHill(0.4, 0.6));
        for (const ReliefCamera& camera : {ReliefCamera{}, ReliefCamera{40, 70, 2, 0.1, -0.05, 1}, ReliefCamera{-120, 35, 1, 0, 0, 2.5}, ReliefCamera{0, 90, 1, 0, 0, 1}}) {
            const auto peak = viewPointOf(*made, camera, kView, {102, 154});
            QVERIFY(peak);
            const auto film = filmPointAt(*made, camera, kView, *peak);
            QVERIFY(film);
            QVERIFY2(isNear(*film, {102, 154}, 2.5), qPrintable(QString("%1 %2").arg(film->x).arg(film->y)));
            QVERIFY(std::abs(*valueAt(*made->shown->map, *film) - *valueAt(*made->shown->map, {102, 154})) < 0.02);
        }
        QVERIFY(!filmPointAt(*made, {}, kView, {2, 2}));
    }
    void whatStandsInFrontHidesWhatIsBehind() {
        const LandscapePtr made = landscape(reliefPhantom(), shownHill(0.5, 0.7));
        const ReliefCamera low{0, 12, 1, 0, 0, 3};
        const auto behind = viewPointOf(*made, low, kView, {128, 120});  // the hill stands between it and the eye
        QVERIFY(behind);
        const auto film = filmPointAt(*made, low, kView, *behind);
        QVERIFY(film && film->y > 150);
    }
    void fromAboveTheFilmLiesAsItHangs() {
        const LandscapePtr made = landscape(reliefPhantom(), std::nullopt);
        const ReliefCamera above{0, 90, 1, 0, 0, 1};
        QVERIFY(isNear(*filmPointAt(*made, above, kView, {240, 200}), {128, 128}, 0.5));
        QVERIFY(filmPointAt(*made, above, kView, {200, 200})->x < 128);
        QVERIFY(filmPointAt(*made, above, kView, {240, 160})->y < 128);
    }
    void cameraMovesStayWithinTheirLimits() {
        QCOMPARE(turned({}, 0, 500).elevationDeg, 90.0);
        QCOMPARE(turned({}, 0, -500).elevationDeg, ReliefCamera::kLeastElevation);
        QVERIFY(std::abs(turned({170, 40, 1, 0, 0, 1}, 20, 0).azimuthDeg + 170) < 1e-9);
        QCOMPARE(zoomed({}, 1000).zoom, ReliefCamera::kMostZoom);
        const LandscapePtr made = landscape(reliefPhantom(), std::nullopt);
        const ReliefCamera start{0, 90, 1, 0, 0, 1};
        const ReliefCamera moved = panned(start, {30, -20}, kView);  // the film follows the mouse
        const QPointF before = *viewPointOf(*made, start, kView, {100, 100}), after = *viewPointOf(*made, moved, kView, {100, 100});
        QVERIFY(std::abs(after.x() - before.x() - 30) < 0.5 && std::abs(after.y() - before.y() + 20) < 0.5);
    }
    void anatomyIsNamed() {
        const ReliefFilmPtr film = reliefPhantom();
        const auto& heart = film->chest->outlines[static_cast<std::size_t>(Organ::Heart)].points;
        PointPx middle;
        for (const PointPx& at : heart) middle.x += at.x / static_cast<double>(heart.size()), middle.y += at.y / static_cast<double>(heart.size());
        QCOMPARE(anatomyAt(film->chest, middle), QString("heart"));
        const auto& lung = film->chest->outlines[static_cast<std::size_t>(Organ::RightLung)].points;
        PointPx inLung;
        for (const PointPx& at : lung) inLung.x += at.x / static_cast<double>(lung.size()), inLung.y += at.y / static_cast<double>(lung.size());
        QCOMPARE(anatomyAt(film->chest, inLung), QString("right lung"));
        QCOMPARE(anatomyAt(film->chest, {1, 1}), QString("outside heart and lungs"));
        QVERIFY(anatomyAt({}, middle).isEmpty());
    }
};

QTEST_MAIN(TestLandscape)
#include "tst_landscape.moc"
