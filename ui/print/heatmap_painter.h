// Paints an explanation over its film: colours, contours, boxes, legend with numbers, and a plain word when nothing
// speaks for the finding. One painter for window, exports and command line. QtGui only.
//   colour   value on the scale (core/localize/map_scale.h) -> colour table; below the threshold, and where the map has no
//            value, the film stays clear; everything else has one opacity, so that a faint colour never means a weak value
//   between  cells are joined by straight lines (bilinear); beyond the outermost centres their values go on
// Pure but for the painter; any thread that may paint.
#pragma once

#include <QImage>
#include <QRectF>
#include <QString>
#include <QTransform>
#include <memory>
#include <optional>
#include <vector>

#include "core/localize/boxes.h"
#include "core/localize/heatmap.h"
#include "core/localize/iso_lines.h"
#include "core/localize/map_scale.h"
#include "core/report/phrase_book.h"
#include "ui/print/colour_map.h"

class QPainter;

namespace cxr::ui {

using HeatmapPtr = std::shared_ptr<const Heatmap>;

struct HeatmapStyle {
    ColourMap colours = ColourMap::Cividis;  // Diverging is taken for signed maps only; others fall back to Cividis
    double opacity = 0.55;                   // [0, 1], the same everywhere
    double threshold = 0.3;                  // [0, 1], share of the scale's upper end
    std::optional<MapScale> locked;          // shared with other maps; none: the map's own
    bool showColours = true;
    bool showContours = false;
    bool showBoxes = true;
    bool operator==(const HeatmapStyle&) const = default;
};

// Words of a legend instead of the map's own, for maps that no method made: differences.
struct HeatmapCaption {
    QString title, method, unit;
};

struct ShownHeatmap {
    HeatmapPtr map;
    HeatmapStyle style;
    std::vector<IsoLine> contours;
    std::vector<FindingBox> boxes;
    std::optional<HeatmapCaption> caption = {};
};

// The colours that are really used: Diverging for signed maps only.
ColourMap coloursFor(const Heatmap& map, const HeatmapStyle& style);
// The scale that is painted; empty when there is nothing to show.
MapScale shownScale(const Heatmap& map, const HeatmapStyle& style);
// Levels for contours: `count` equal steps from the threshold to the scale's end, the end left out.
std::vector<double> contourLevels(const Heatmap& map, const HeatmapStyle& style, int count = 4);

// "Cardiomegaly 47 %", "Pleural thickening 4.2 %".
QString heatmapTitle(const Heatmap& map);

// The map in its own grid, opaque where coloured, ARGB32_Premultiplied; null when nothing is to be shown.
QImage colouredMap(const Heatmap& map, const HeatmapStyle& style);
// Film px of a picture of this size that covers the grid.
QTransform gridToFilm(const GridOnFilm& grid, QSize picture);

// Colours, contours, boxes; clipped to the film.
void paintHeatmap(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const ShownHeatmap& shown, double fontPx);
// Its two halves, for those who keep what they painted: the map with its contours, `coloured` being its colouredMap(), and the boxes.
void paintMap(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const ShownHeatmap& shown, double fontPx, const QImage& coloured);
void paintMapBoxes(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const ShownHeatmap& shown, double fontPx);

// What a legend says: everything; without parameters, model and notice, for the window, where they stand beside it; title and
// colour bar, for small pictures.
enum class LegendDetail { Full, Window, Small };

QSizeF heatmapLegendSize(const ShownHeatmap& shown, double fontPx, LegendDetail detail = LegendDetail::Full,
                         ReportLanguage language = ReportLanguage::English);
// Its lower right corner lies at `bottomRight`; returns its rectangle.
QRectF paintHeatmapLegend(QPainter& painter, QPointF bottomRight, const ShownHeatmap& shown, double fontPx,
                          LegendDetail detail = LegendDetail::Full, ReportLanguage language = ReportLanguage::English);

}  // namespace cxr::ui
