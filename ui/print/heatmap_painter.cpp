// Colours, contours and boxes of a heatmap; the legend is in heatmap_legend.cpp. See heatmap_painter.h.
#include "ui/print/heatmap_painter.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPolygonF>
#include <QStringList>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/localize/map_support.h"
#include "ui/print/halo_text.h"
#include "ui/print/outline_stroker.h"

namespace cxr::ui {

namespace {

constexpr int kColouredSide = 640;  // px: cells are joined finely enough to be enlarged smoothly
constexpr int kBandRows = 64;
constexpr double kLeastStepPx = 1.5;  // of a contour
const QColor kCasing(0, 0, 0, 170);
const QColor kBox(255, 255, 255);

// For each pixel of a row or column: the cells on both sides of it and the share of the second.
struct Step {
    int low = 0, high = 0;
    float share = 0;
};

std::vector<Step> stepsOf(int cells, int factor) {
    std::vector<Step> steps(static_cast<std::size_t>(cells) * static_cast<std::size_t>(factor));
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const double centre = std::clamp((static_cast<double>(i) + 0.5) / factor - 0.5, 0.0, cells - 1.0);
        const int low = static_cast<int>(centre);
        steps[i] = {low, std::min(low + 1, cells - 1), static_cast<float>(centre - low)};
    }
    return steps;
}

// NaN where the network read nothing.
std::vector<float> seenValues(const Heatmap& map) {
    std::vector<float> values = map.plane.values;
    for (std::size_t i = 0; i < map.seen.size() && i < values.size(); ++i)
        if (map.seen[i] == 0) values[i] = std::numeric_limits<float>::quiet_NaN();
    return values;
}

// A neighbour without a value takes the nearest one's; a pixel whose nearest cell has none stays without.
float joined(float a, float b, float share) {
    if (std::isfinite(a) && std::isfinite(b)) return a + share * (b - a);
    return share < 0.5F ? a : b;
}

// Value -> colour, 0 where the film stays clear.
class Colouring {
  public:
    Colouring(const Heatmap& map, const HeatmapStyle& style)
        : m_table(colourTable(coloursFor(map, style))), m_scale(shownScale(map, style)),
          m_threshold(style.threshold * m_scale.high), m_isDiverging(m_scale.low < 0) {}
    [[nodiscard]] bool isEmpty() const { return m_scale.isEmpty(); }
    [[nodiscard]] QRgb at(double value) const {
        if (!std::isfinite(value)) return 0;
        if (m_isDiverging ? std::abs(value) < m_threshold : value < m_threshold) return 0;
        return always(value);
    }
    [[nodiscard]] QRgb always(double value) const { return m_table[static_cast<std::size_t>(m_scale.shareOf(value) * 255 + 0.5)]; }

  private:
    const ColourTable& m_table;
    MapScale m_scale;
    double m_threshold;
    bool m_isDiverging;
};

// Points that a screen cannot tell from the one before are left out.
QPolygonF onDevice(const IsoLine& contour, const QTransform& filmToDevice) {
    QPolygonF line;
    line.reserve(static_cast<qsizetype>(contour.points.size()));
    for (const PointPx& point : contour.points) {
        const QPointF at = filmToDevice.map(QPointF(point.x, point.y));
        if (line.isEmpty() || (at - line.last()).manhattanLength() >= kLeastStepPx) line << at;
    }
    return line;
}

void paintContours(QPainter& painter, const QTransform& filmToDevice, const ShownHeatmap& shown, double widthPx) {
    const Colouring colouring(*shown.map, shown.style);
    if (colouring.isEmpty()) return;
    painter.setBrush(Qt::NoBrush);
    for (const IsoLine& contour : shown.contours) {
        const QPolygonF line = onDevice(contour, filmToDevice);
        const QColor colour = QColor(colouring.always(contour.level)).lighter(130);
        if (contour.isClosed) {
            strokeOutline(painter, line, {.colour = colour, .widthPx = widthPx, .casing = kCasing});
            continue;
        }
        painter.setPen(QPen(kCasing, widthPx + 2, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
        painter.drawPolyline(line);
        painter.setPen(QPen(colour, widthPx, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
        painter.drawPolyline(line);
    }
}

QString boxText(const FindingBox& box) {
    FindingProbability finding;
    finding.name = box.className;
    const QString method = QString::fromStdString(box.method).section(QLatin1Char(','), 0, 0);
    const QString text = QStringLiteral("%1 %2 \u00b7 %3").arg(QString::fromStdString(labelOf(finding)), QString::fromStdString(percentText(box.score)), method);
    return box.isEdited ? text + QCoreApplication::translate("cxr::ui::Heatmap", " \u00b7 moved") : text;
}

// Above the box, below its upper side where there is no room, and never beyond the film.
void paintBoxText(QPainter& painter, const QRectF& box, const QRectF& film, const QString& text, double fontPx) {
    const HaloTextStyle style{.fontPx = fontPx, .colour = kBox};
    const QSizeF size = haloTextSize(text, style);
    const double left = std::max(film.left() + 2, std::min(box.left(), film.right() - size.width() - 4));
    const bool isRoomAbove = box.top() - size.height() - 4 >= film.top();
    drawHaloText(painter, {left, isRoomAbove ? box.top() - 3 : box.top() + 4}, Qt::AlignLeft | (isRoomAbove ? Qt::AlignBottom : Qt::AlignTop), text, style);
}

QRectF onWholePixels(const QPainter& painter, const QRectF& rect) {
    const double scale = painter.device()->devicePixelRatioF();
    const auto snapped = [scale](double value) { return std::round(value * scale) / scale; };
    return {QPointF(snapped(rect.left()), snapped(rect.top())), QPointF(snapped(rect.right()), snapped(rect.bottom()))};
}

// QPainter hands what has more than 95 rows to its threads, and small views wait for those longer than they paint.
template <typename Paint>
void inBands(const QPainter& painter, const QRectF& area, const Paint& paint) {
    const double band = kBandRows / painter.device()->devicePixelRatioF();
    for (double top = std::floor(area.top() / band) * band; top < area.bottom(); top += band) {
        const QRectF part = QRectF(area.left(), top, area.width(), band) & area;
        if (!part.isEmpty()) paint(part);
    }
}

// Four bars along the edges of `rect`: QPainter takes 50 microseconds to stroke them, and 2 to fill them.
void paintFrame(QPainter& painter, const QRectF& rect, double widthPx, const QColor& colour) {
    const QRectF outside = rect.adjusted(-widthPx / 2, -widthPx / 2, widthPx / 2, widthPx / 2);
    const double between = std::max(0.0, outside.height() - 2 * widthPx);
    painter.fillRect(QRectF(outside.left(), outside.top(), outside.width(), widthPx), colour);
    painter.fillRect(QRectF(outside.left(), outside.bottom() - widthPx, outside.width(), widthPx), colour);
    for (const double left : {outside.left(), outside.right() - widthPx}) {
        inBands(painter, QRectF(left, outside.top() + widthPx, widthPx, between), [&](const QRectF& bar) { painter.fillRect(bar, colour); });
    }
}

void paintBoxEdges(QPainter& painter, const QRectF& box, bool isEdited) {
    paintFrame(painter, box, 4, kCasing);
    if (!isEdited) return paintFrame(painter, box, 2, kBox);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(kBox, 2, Qt::DashLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(box);
}

// Boxes come by falling peak: words that several would share stand at the strongest only.
void paintBoxes(QPainter& painter, const QTransform& filmToDevice, const QRectF& film, const std::vector<FindingBox>& boxes, double fontPx) {
    QStringList told;
    for (const FindingBox& box : boxes) {
        const QRectF exact = filmToDevice.mapRect(QRectF(box.box.left, box.box.top, box.box.width, box.box.height));
        const QRectF at = onWholePixels(painter, exact);
        paintBoxEdges(painter, at, box.isEdited);
        const QString text = boxText(box);
        if (told.contains(text)) continue;
        told << text;
        paintBoxText(painter, at, film, text, fontPx);
    }
}

}  // namespace

ColourMap coloursFor(const Heatmap& map, const HeatmapStyle& style) {
    return style.colours == ColourMap::Diverging && !map.isSigned ? ColourMap::Cividis : style.colours;
}

MapScale shownScale(const Heatmap& map, const HeatmapStyle& style) {
    const bool isDiverging = coloursFor(map, style) == ColourMap::Diverging;
    MapScale own = scaleOf(map, isDiverging);
    if (own.isEmpty() || (!isDiverging && !supportOf(map).hasSupport)) return {0, 0, own.unit};
    if (!style.locked || style.locked->isEmpty()) return own;
    return {isDiverging ? -style.locked->high : 0, style.locked->high, style.locked->unit};
}

std::vector<double> contourLevels(const Heatmap& map, const HeatmapStyle& style, int count) {
    const MapScale scale = shownScale(map, style);
    std::vector<double> levels;
    const double first = std::max(style.threshold, 0.1);
    for (int i = 0; i < count && !scale.isEmpty(); ++i) levels.push_back(scale.high * (first + (1 - first) * i / count));
    return levels;
}

QString heatmapTitle(const Heatmap& map) {
    FindingProbability finding;
    finding.name = map.className;
    return QString::fromStdString(labelOf(finding) + " " + percentText(map.probability));
}

QImage colouredMap(const Heatmap& map, const HeatmapStyle& style) {
    const Plane& plane = map.plane;
    const Colouring colouring(map, style);
    if (plane.width < 1 || plane.height < 2 || colouring.isEmpty() || !style.showColours) return {};
    const int factor = std::max(1, kColouredSide / std::max(plane.width, plane.height));
    const std::vector<Step> columns = stepsOf(plane.width, factor);
    const std::vector<Step> rows = stepsOf(plane.height, factor);
    QImage picture(plane.width * factor, plane.height * factor, QImage::Format_ARGB32_Premultiplied);
    const std::vector<float> values = seenValues(map);
    std::vector<float> row(static_cast<std::size_t>(plane.width));
    for (std::size_t y = 0; y < rows.size(); ++y) {
        const float* upper = values.data() + static_cast<std::size_t>(rows[y].low) * row.size();
        const float* lower = values.data() + static_cast<std::size_t>(rows[y].high) * row.size();
        for (std::size_t x = 0; x < row.size(); ++x) row[x] = joined(upper[x], lower[x], rows[y].share);
        auto* target = reinterpret_cast<QRgb*>(picture.scanLine(static_cast<int>(y)));
        for (std::size_t x = 0; x < columns.size(); ++x) {
            const Step& step = columns[x];
            target[x] = colouring.at(joined(row[static_cast<std::size_t>(step.low)], row[static_cast<std::size_t>(step.high)], step.share));
        }
    }
    return picture;
}

QTransform gridToFilm(const GridOnFilm& grid, QSize picture) {
    const double w = picture.width();
    const double h = picture.height();
    return {grid.right.x / w, grid.right.y / w, grid.down.x / h, grid.down.y / h, grid.origin.x, grid.origin.y};
}

namespace {

void paintColours(QPainter& painter, const QTransform& pictureToPainter, const QImage& picture, double opacity) {
    painter.save();
    painter.setOpacity(std::clamp(opacity, 0.0, 1.0));
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    inBands(painter, pictureToPainter.mapRect(QRectF(picture.rect())) & painter.clipBoundingRect(), [&](const QRectF& band) {
        painter.save();
        painter.setClipRect(band, Qt::IntersectClip);
        painter.setTransform(pictureToPainter, true);
        painter.drawImage(0, 0, picture);
        painter.restore();
    });
    painter.restore();
}

}  // namespace

void paintMap(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const ShownHeatmap& shown, double fontPx, const QImage& coloured) {
    painter.save();
    painter.setClipRect(filmToDevice.mapRect(QRectF(QPointF(), QSizeF(filmSize))), Qt::IntersectClip);
    if (!coloured.isNull()) paintColours(painter, gridToFilm(shown.map->grid, coloured.size()) * filmToDevice, coloured, shown.style.opacity);
    painter.setRenderHint(QPainter::Antialiasing);
    if (shown.style.showContours) paintContours(painter, filmToDevice, shown, std::max(1.4, fontPx / 9));
    painter.restore();
}

void paintMapBoxes(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const ShownHeatmap& shown, double fontPx) {
    if (!shown.style.showBoxes) return;
    const QRectF film = filmToDevice.mapRect(QRectF(QPointF(), QSizeF(filmSize)));
    painter.save();
    painter.setClipRect(film, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintBoxes(painter, filmToDevice, film, shown.boxes, fontPx);
    painter.restore();
}

void paintHeatmap(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const ShownHeatmap& shown, double fontPx) {
    if (!shown.map) return;
    paintMap(painter, filmToDevice, filmSize, shown, fontPx, colouredMap(*shown.map, shown.style));
    paintMapBoxes(painter, filmToDevice, filmSize, shown, fontPx);
}

}  // namespace cxr::ui
