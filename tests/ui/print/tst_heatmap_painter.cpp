// Pixels of painted heatmaps: colours where values are, the film where they are not, one opacity, numbers that are true.
#include "ui/print/heatmap_painter.h"

#include <QPainter>
#include <QTest>
#include <algorithm>

#include "core/localize/map_geometry.h"
#include "tests/ui/support/sample_heatmap.h"

namespace cxr::ui {

namespace {

constexpr QSize kFilm(1000, 800);
const QColor kGround(60, 60, 60);

QImage painted(const Heatmap& map, const HeatmapStyle& style, const QTransform& transform = {}) {
    QImage canvas(kFilm, QImage::Format_RGB32);
    canvas.fill(kGround);
    QPainter painter(&canvas);
    paintHeatmap(painter, transform, kFilm, {std::make_shared<const Heatmap>(map), style, {}, {}}, 13);
    return canvas;
}

QColor over(QRgb colour, double opacity) {
    const auto mix = [&](int top, int ground) { return qRound(top * opacity + ground * (1 - opacity)); };
    return {mix(qRed(colour), kGround.red()), mix(qGreen(colour), kGround.green()), mix(qBlue(colour), kGround.blue())};
}

bool isNear(const QColor& a, const QColor& b, int tolerance = 3) {
    return std::max({std::abs(a.red() - b.red()), std::abs(a.green() - b.green()), std::abs(a.blue() - b.blue())}) <= tolerance;
}

HeatmapStyle wholeStyle() {
    HeatmapStyle style;
    style.threshold = 0;
    style.opacity = 0.5;
    return style;
}

}  // namespace

class TestHeatmapPainter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void tablesBeginAndEndWithTheirKeyColours() {
        QCOMPARE(colourTable(ColourMap::Cividis).front(), 0xff00204d);
        QCOMPARE(colourTable(ColourMap::Cividis).back(), 0xffffea46);
        QCOMPARE(colourTable(ColourMap::Inferno).back(), 0xfffcffa4);
        QVERIFY(isNear(QColor(colourTable(ColourMap::Diverging)[127]), QColor(0xf7, 0xf7, 0xf7)));  // 0 is neutral
        QVERIFY(isNear(QColor(colourTable(ColourMap::Diverging)[128]), QColor(0xf7, 0xf7, 0xf7)));
        for (const ColourMap map : {ColourMap::Cividis, ColourMap::Inferno, ColourMap::Gray}) {
            for (std::size_t i = 1; i < 256; ++i) {  // lightness never falls: no false edges
                const QColor before(colourTable(map)[i - 1]);
                const QColor at(colourTable(map)[i]);
                const auto light = [](const QColor& c) { return 0.2126 * std::pow(c.redF(), 2.2) + 0.7152 * std::pow(c.greenF(), 2.2) + 0.0722 * std::pow(c.blueF(), 2.2); };
                QVERIFY2(light(at) >= light(before) - 5e-3, qPrintable(idOf(map) + QString::number(i)));
            }
            QCOMPARE(colourMapById(idOf(map)), map);
        }
        QCOMPARE(colourMapById(QStringLiteral("jet")), ColourMap::Cividis);
    }
    void cellCentresHaveTheirColour() {
        const QImage picture = painted(test::fourCells(), wholeStyle());
        const ColourTable& table = colourTable(ColourMap::Cividis);
        QVERIFY(isNear(picture.pixelColor(250, 350), over(table[0], 0.5)));
        QVERIFY(isNear(picture.pixelColor(550, 350), over(table[64], 0.5)));
        QVERIFY(isNear(picture.pixelColor(250, 650), over(table[128], 0.5)));
        QVERIFY(isNear(picture.pixelColor(550, 650), over(table[255], 0.5)));
        QVERIFY(isNear(picture.pixelColor(250, 500), over(table[64], 0.5), 4));  // half-way between 0 and 2
    }
    void outsideOfTheGridAndTheFilmNothingIsPainted() {
        const QImage picture = painted(test::fourCells(), wholeStyle());
        for (const QPoint at : {QPoint(90, 400), QPoint(400, 190), QPoint(705, 400)}) QCOMPARE(picture.pixelColor(at), kGround);
        Heatmap map = test::fourCells();
        map.grid.origin = {-300, 500};  // leaves the film to the left and below
        QImage canvas(1200, 1000, QImage::Format_RGB32);
        canvas.fill(kGround);
        QPainter painter(&canvas);
        paintHeatmap(painter, QTransform::fromTranslate(100, 50), kFilm, {std::make_shared<const Heatmap>(map), wholeStyle(), {}, {}}, 13);
        painter.end();
        QCOMPARE(canvas.pixelColor(95, 600), kGround);   // left of the film
        QCOMPARE(canvas.pixelColor(200, 855), kGround);  // below it
        QVERIFY(canvas.pixelColor(105, 845) != kGround);
    }
    void belowTheThresholdTheFilmStaysAndAboveTheOpacityIsOne() {
        HeatmapStyle style = wholeStyle();
        style.threshold = 0.45;  // of 4: 1.8
        const QImage picture = painted(test::fourCells(), style);
        QCOMPARE(picture.pixelColor(250, 350), kGround);
        QCOMPARE(picture.pixelColor(550, 350), kGround);
        QVERIFY(isNear(picture.pixelColor(250, 650), over(colourTable(ColourMap::Cividis)[128], 0.5)));
        QVERIFY(isNear(picture.pixelColor(550, 650), over(colourTable(ColourMap::Cividis)[255], 0.5)));
    }
    void aTurnedGridLiesWhereItsNetworkLooked() {
        Heatmap map = test::fourCells();
        map.grid = {{700, 200}, {0, 600}, {-600, 0}};  // a quarter turn clockwise: the first cell is at the upper right
        const QImage picture = painted(map, wholeStyle());
        const ColourTable& table = colourTable(ColourMap::Cividis);
        QVERIFY(isNear(picture.pixelColor(550, 350), over(table[0], 0.5)));
        QVERIFY(isNear(picture.pixelColor(550, 650), over(table[64], 0.5)));
        QVERIFY(isNear(picture.pixelColor(250, 350), over(table[128], 0.5)));
        QVERIFY(isNear(picture.pixelColor(250, 650), over(table[255], 0.5)));
        for (const PointPx at : {PointPx{550, 350}, PointPx{250, 650}, PointPx{333, 444}}) {
            const auto share = gridShareAt(map.grid, at);
            QVERIFY(share);
            const PointPx back = map.grid.at(share->x, share->y);
            QVERIFY(std::abs(back.x - at.x) < 1e-6 && std::abs(back.y - at.y) < 1e-6);
        }
    }
    void aLockedScaleMakesMapsComparable() {
        HeatmapStyle style = wholeStyle();
        style.locked = MapScale{0, 8, "logits"};
        const QImage picture = painted(test::fourCells(), style);
        QVERIFY(isNear(picture.pixelColor(550, 650), over(colourTable(ColourMap::Cividis)[128], 0.5)));  // 4 of 8
        QCOMPARE(shownScale(test::fourCells(), style).high, 8.0);
        QCOMPARE(shownScale(test::fourCells(), wholeStyle()).high, 4.0);
    }
    void divergingIsForSignedMapsOnly() {
        HeatmapStyle style = wholeStyle();
        style.colours = ColourMap::Diverging;
        QCOMPARE(coloursFor(test::fourCells(), style), ColourMap::Cividis);
        const Heatmap map = test::heatmapOf({2, 2, {-4, 0, 2, 4}}, {100, 200}, 600, true);
        QCOMPARE(shownScale(map, style).low, -4.0);
        const QImage picture = painted(map, style);
        QVERIFY(isNear(picture.pixelColor(250, 350), over(colourTable(ColourMap::Diverging)[0], 0.5)));
        QVERIFY(isNear(picture.pixelColor(550, 650), over(colourTable(ColourMap::Diverging)[255], 0.5)));
        style.colours = ColourMap::Cividis;  // the positive part alone
        QCOMPARE(painted(map, style).pixelColor(250, 350), kGround);
    }
    void nothingInFavourIsSaidNotStretched() {
        const Heatmap map = test::heatmapOf({2, 2, {-3, -0.5F, -1, -2}}, {100, 200}, 600, true);
        QVERIFY(colouredMap(map, wholeStyle()).isNull());
        QVERIFY(shownScale(map, wholeStyle()).isEmpty());
        const QImage picture = painted(map, wholeStyle());
        QCOMPARE(picture.pixelColor(550, 350), kGround);
        const ShownHeatmap shown{std::make_shared<const Heatmap>(map), wholeStyle(), {}, {}};
        const ShownHeatmap full{std::make_shared<const Heatmap>(test::fourCells()), wholeStyle(), {}, {}};
        QVERIFY(heatmapLegendSize(shown, 13).width() > 100);
        QVERIFY(heatmapLegendSize(shown, 13, LegendDetail::Small).height() > heatmapLegendSize(shown, 13, LegendDetail::Small).width() / 20);
        QVERIFY(heatmapLegendSize(full, 13) != heatmapLegendSize(shown, 13));
        QVERIFY(heatmapLegendSize(full, 13, LegendDetail::Window).height() < heatmapLegendSize(full, 13).height() - 2 * 13);
        QVERIFY(heatmapLegendSize(full, 13, LegendDetail::Small).height() < heatmapLegendSize(full, 13, LegendDetail::Window).height() - 13);
    }
    void cellsWithoutAValueStayClear() {
        Heatmap map = test::fourCells();
        map.seen = {1, 1, 1, 0};
        const QImage picture = painted(map, wholeStyle());
        QCOMPARE(picture.pixelColor(560, 660), kGround);
        QVERIFY(picture.pixelColor(250, 650) != kGround);
    }
    void boxesAndContoursStandOnTheFilm() {
        ShownHeatmap shown{std::make_shared<const Heatmap>(test::fourCells()), wholeStyle(), {}, {}};
        shown.style.showColours = false;
        shown.style.showContours = true;
        shown.boxes = {{{400, 500, 200, 150}, "Pleural_Thickening", 0.47, "Grad-CAM", 4, false}};
        shown.contours = {{2, false, {{120, 100}, {320, 100}}}};
        QImage canvas(kFilm / 2, QImage::Format_RGB32);
        canvas.fill(kGround);
        QPainter painter(&canvas);
        paintHeatmap(painter, QTransform::fromScale(0.5, 0.5), kFilm, shown, 13);
        painter.end();
        QVERIFY(canvas.pixelColor(200, 290).lightness() > 200);  // left side of the box
        QVERIFY(canvas.pixelColor(100, 50) != kGround);          // on the line
        QCOMPARE(canvas.pixelColor(250, 290), kGround);          // inside the box
        shown.style.showBoxes = shown.style.showContours = false;
        canvas.fill(kGround);
        QPainter again(&canvas);
        paintHeatmap(again, QTransform::fromScale(0.5, 0.5), kFilm, shown, 13);
        again.end();
        QCOMPARE(canvas.pixelColor(200, 290), kGround);
    }
    void theLegendHasItsNumbersAndNotice() {
        const ShownHeatmap shown{std::make_shared<const Heatmap>(test::fourCells()), wholeStyle(), {}, {}};
        QImage canvas(600, 400, QImage::Format_RGB32);
        canvas.fill(kGround);
        QPainter painter(&canvas);
        const QRectF box = paintHeatmapLegend(painter, {590, 390}, shown, 14);
        painter.end();
        QCOMPARE(box.bottomRight(), QPointF(590, 390));
        QVERIFY(QRectF(0, 0, 600, 400).contains(box));
        int bright = 0, yellow = 0;
        for (int y = 0; y < 400; ++y) {
            for (int x = 0; x < 600; ++x) {
                const QColor at = canvas.pixelColor(x, y);
                if (!box.contains(x, y)) {
                    QVERIFY(at == kGround || box.adjusted(-2, -2, 2, 2).contains(x, y));
                } else {
                    bright += at.lightness() > 180 ? 1 : 0;
                    yellow += isNear(at, QColor(colourTable(ColourMap::Cividis).back()), 12) ? 1 : 0;
                }
            }
        }
        QVERIFY(bright > 200);  // words
        QVERIFY(yellow > 5);    // the end of the bar
        QCOMPARE(heatmapTitle(*shown.map), QStringLiteral("Pleural thickening 47 %"));
    }
    void levelsRiseFromTheThresholdToTheEnd() {
        HeatmapStyle style = wholeStyle();
        style.threshold = 0.5;
        QCOMPARE(contourLevels(test::fourCells(), style, 4), (std::vector<double>{2, 2.5, 3, 3.5}));
        QVERIFY(contourLevels(test::heatmapOf({2, 2, {-1, -1, -1, -1}}, {0, 0}, 10, true), style).empty());
    }
};

}  // namespace cxr::ui

QTEST_MAIN(cxr::ui::TestHeatmapPainter)
#include "tst_heatmap_painter.moc"
