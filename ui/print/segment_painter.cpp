// Segments over a film: outlines with a faint fill, and their legend. See companion_painter.h.
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>
#include <cmath>

#include "core/report/report.h"
#include "ui/print/companion_painter.h"
#include "ui/print/findings_painter.h"

namespace cxr::ui {

namespace {

constexpr int kFillAlpha = 46;
constexpr double kRow = 1.5, kPadding = 0.7, kKey = 1.6;  // units of the font
constexpr int kMostRows = 12;
constexpr double kLeastStepPx = 0.7;

QString tr(const char* text) { return QCoreApplication::translate("cxr::ui::Segments", text); }

QColor colourOf(const FilmSegment& segment) { return {segment.colour[0], segment.colour[1], segment.colour[2]}; }

// Corners closer than kLeastStepPx to the one before are left out: nobody sees them.
QPolygonF onDevice(const Polygon& border, const QTransform& filmToDevice) {
    QPolygonF polygon;
    for (const PointPx& point : border) {
        const QPointF at = filmToDevice.map(QPointF(point.x, point.y));
        if (polygon.isEmpty() || (at - polygon.back()).manhattanLength() >= kLeastStepPx) polygon << at;
    }
    if (!polygon.isEmpty()) polygon << polygon.front();
    return polygon;
}

QFont fontOf(double px, bool isBold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(px))));
    font.setBold(isBold);
    return font;
}

struct Row {
    QString text;
    QColor key;  // invalid: none
    QColor colour = QColor(226, 231, 237);
    bool isBold = false;
};

QString labelOf(const FilmSegment& segment) {
    const QString label = QString::fromStdString(segment.label), meaning = QString::fromStdString(segment.meaning);
    const bool isSame = meaning.isEmpty() || meaning.compare(label, Qt::CaseInsensitive) == 0;
    return isSame ? label : QStringLiteral("%1 (%2)").arg(label, meaning);
}

std::vector<Row> rowsOf(const SegmentedFilm& film) {
    std::vector<Row> rows{{tr("Segmentation %1").arg(QString::fromStdString(film.facts.label)).trimmed(), {}, Qt::white, true}};
    for (const FilmSegment& segment : film.segments) {
        if (static_cast<int>(rows.size()) > kMostRows) {
            rows.push_back({tr("and %1 more").arg(film.segments.size() + 1 - rows.size()), {}});
            break;
        }
        rows.push_back({labelOf(segment), colourOf(segment)});
    }
    const QColor quiet(176, 185, 196);
    if (film.isFractional) rows.push_back({tr("fractional: drawn at half of the largest value"), {}, quiet});
    if (!film.facts.creator.empty()) rows.push_back({tr("by %1").arg(QString::fromStdString(film.facts.creator)), {}, quiet});
    rows.push_back({QString::fromLatin1(kNotDiagnostic), {}, noticeColour()});
    return rows;
}

}  // namespace

void paintSegments(QPainter& painter, const QTransform& filmToDevice, const SegmentedFilm& segments, const CompanionStyle& style) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const FilmSegment& segment : segments.segments) {
        QPainterPath path;
        path.setFillRule(Qt::OddEvenFill);
        for (const Polygon& border : segment.borders) path.addPolygon(onDevice(border, filmToDevice));
        QColor fill = colourOf(segment);
        fill.setAlpha(kFillAlpha);
        painter.fillPath(path, fill);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colourOf(segment), style.lineWidthPx, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
        painter.drawPath(path);
    }
    painter.restore();
}

QSizeF segmentLegendSize(const SegmentedFilm& segments, double fontPx) {
    double width = 0;
    const std::vector<Row> rows = rowsOf(segments);
    for (const Row& row : rows) {
        const double key = row.key.isValid() ? kKey * fontPx : 0;
        width = std::max(width, key + QFontMetricsF(fontOf(fontPx, row.isBold)).horizontalAdvance(row.text));
    }
    return {std::ceil(width) + 2 * kPadding * fontPx, (static_cast<double>(rows.size()) * kRow + 2 * kPadding) * fontPx};
}

QRectF paintSegmentLegend(QPainter& painter, QPointF bottomRight, const SegmentedFilm& segments, double fontPx) {
    const QSizeF size = segmentLegendSize(segments, fontPx);
    const QRectF box(bottomRight - QPointF(size.width(), size.height()), size);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(12, 14, 18, 215));
    painter.drawRoundedRect(box, 6, 6);
    double top = box.top() + kPadding * fontPx;
    for (const Row& row : rowsOf(segments)) {
        double left = box.left() + kPadding * fontPx;
        if (row.key.isValid()) {
            painter.setPen(QPen(row.key, 1.6));
            painter.setBrush(QColor(row.key.red(), row.key.green(), row.key.blue(), 90));
            painter.drawRect(QRectF(left, top + 0.35 * fontPx, 0.9 * fontPx, 0.8 * fontPx));
            left += kKey * fontPx;
        }
        painter.setFont(fontOf(fontPx, row.isBold));
        painter.setPen(row.colour);
        painter.drawText(QRectF(left, top, box.right() - left, kRow * fontPx), Qt::AlignLeft | Qt::AlignVCenter, row.text);
        top += kRow * fontPx;
    }
    painter.restore();
    return box;
}

}  // namespace cxr::ui
