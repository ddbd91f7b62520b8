// Outlines, CTR lines and legend. Lines have a dark casing, so that they are seen on bright and on dark film.
#include "ui/print/findings_painter.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QLineF>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/print/halo_text.h"
#include "ui/print/outline_stroker.h"

namespace cxr::ui {

namespace {

const QColor kCasing(0, 0, 0, 150);
constexpr double kTickPerFont = 0.75;
constexpr double kLeastStepPx = 2;
constexpr int kShortHash = 12;

QPen penOf(const QColor& colour, double width, bool isDashed) {
    QPen pen(colour, width, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin);
    if (isDashed) pen.setDashPattern({2.5, 1.5});
    return pen;
}

// Points closer than kLeastStepPx to the one before are left out: nobody sees them, and every one costs time.
QPolygonF onScreen(const std::vector<PointPx>& points, const QTransform& filmToDevice) {
    QPolygonF polygon;
    polygon.reserve(static_cast<qsizetype>(points.size()));
    for (const PointPx& point : points) {
        const QPointF at = filmToDevice.map(QPointF(point.x, point.y));
        if (polygon.isEmpty() || (at - polygon.back()).manhattanLength() >= kLeastStepPx) polygon << at;
    }
    return polygon;
}

void paintOutline(QPainter& painter, const QTransform& filmToDevice, const Outline& outline, bool isUncertain,
                  const FindingsStyle& style) {
    if (outline.points.size() < 3) return;
    strokeOutline(painter, onScreen(outline.points, filmToDevice),
                  {.colour = organColour(outline.organ), .widthPx = style.lineWidthPx, .casing = kCasing,
                   .casingPx = 1, .isDashed = isUncertain});
}

struct ScreenLine {
    QLineF line;
    QColor colour;
    QString label;
};

ScreenLine screenLine(const LinePx& line, const QTransform& filmToDevice, const QColor& colour, const QString& label) {
    return {QLineF(filmToDevice.map(QPointF(line.from.x, line.from.y)), filmToDevice.map(QPointF(line.to.x, line.to.y))),
            colour, label};
}

void paintChestLine(QPainter& painter, const ScreenLine& shown, const FindingsStyle& style) {
    const QLineF& line = shown.line;
    if (line.length() == 0) return;
    const QPointF across = QPointF(-line.dy(), line.dx()) / line.length() * (style.fontPx * kTickPerFont);
    const QLineF parts[3] = {line, {line.p1() - across, line.p1() + across}, {line.p2() - across, line.p2() + across}};
    painter.setPen(penOf(kCasing, style.lineWidthPx + 2, false));
    painter.drawLines(parts, 3);
    painter.setPen(penOf(shown.colour, style.lineWidthPx, false));
    painter.drawLines(parts, 3);
    if (!style.handles) return;
    painter.setBrush(shown.colour);
    painter.setPen(QPen(QColor(0, 0, 0, 190), 1.2));
    const double radius = style.lineWidthPx + 2;
    for (const QPointF& end : {line.p1(), line.p2()}) painter.drawEllipse(end, radius, radius);
    painter.setBrush(Qt::NoBrush);
}

// Beside the middle of the line: above or below a lying line, left or right of a standing one.
QRectF paintLineLabel(QPainter& painter, const ScreenLine& shown, bool isFirst, const FindingsStyle& style) {
    if (shown.line.length() == 0) return {};
    const bool isLying = std::abs(shown.line.dx()) >= std::abs(shown.line.dy());
    const double gap = style.fontPx * 0.35;
    const QPointF middle = shown.line.center();
    const HaloTextStyle text{.fontPx = style.fontPx, .colour = shown.colour, .bold = true};
    if (isLying) {
        return drawHaloText(painter, middle + QPointF(0, isFirst ? -gap : gap),
                            Qt::AlignHCenter | (isFirst ? Qt::AlignBottom : Qt::AlignTop), shown.label, text);
    }
    return drawHaloText(painter, middle + QPointF(isFirst ? -gap : gap, 0),
                        Qt::AlignVCenter | (isFirst ? Qt::AlignRight : Qt::AlignLeft), shown.label, text);
}

// "132 mm" or "812 px" without provenance, which the legend gives once for both lines.
QString shortLength(const LinePx& line, const Spacing& spacing) {
    const QString whole = QString::fromStdString(lengthText(line, spacing));
    const qsizetype bracket = whole.indexOf(QStringLiteral(" ("));
    return bracket < 0 ? whole : whole.left(bracket);
}

QString provenance(const LinePx& line, const Spacing& spacing) {
    const QString whole = QString::fromStdString(lengthText(line, spacing));
    const qsizetype bracket = whole.indexOf(QStringLiteral(" ("));
    if (bracket < 0) return {};
    return QStringLiteral("lengths: ") + whole.mid(bracket + 2).chopped(1);
}

QString said(ReportLanguage language, const QString& english) {
    return QString::fromStdString(PhraseBook::of(language).say(english.toStdString()));
}

struct LegendRow {
    QString text;
    QColor key = {};  // invalid: no line drawn before the text
    QColor colour = QColor(235, 238, 242);
    bool bold = false;
    bool dashed = false;
};

bool hasOutline(const ChestMeasurement& measurement, Organ organ) {
    return !measurement.outlines[static_cast<std::size_t>(organ)].points.empty();
}

std::vector<LegendRow> legendRows(const ChestMeasurement& measurement, const Spacing& spacing, ReportLanguage language) {
    std::vector<LegendRow> rows;
    const bool dashed = measurement.isUncertain;
    const bool hasLines = measurement.chestLine.length() > 0 && measurement.heartLine.length() > 0;
    const QString verdict = QString::fromStdString(verdictSentence(measurement));
    const QColor verdictColour = measurement.isUncertain ? noticeColour() : QColor(Qt::white);
    if (!verdict.isEmpty()) rows.push_back({.text = verdict, .colour = verdictColour, .bold = true});
    if (hasOutline(measurement, Organ::Heart)) {
        rows.push_back({.text = QStringLiteral("heart outline"), .key = organColour(Organ::Heart), .dashed = dashed});
    }
    if (hasOutline(measurement, Organ::LeftLung) || hasOutline(measurement, Organ::RightLung)) {
        rows.push_back({.text = QStringLiteral("lung outlines"), .key = organColour(Organ::LeftLung), .dashed = dashed});
    }
    if (hasLines) {
        rows.push_back({.text = QStringLiteral("heart width ") + shortLength(measurement.heartLine, spacing),
                        .key = heartLineColour()});
        rows.push_back({.text = QStringLiteral("chest width ") + shortLength(measurement.chestLine, spacing),
                        .key = chestLineColour()});
        const QString source = provenance(measurement.chestLine, spacing);
        if (!source.isEmpty()) rows.push_back({.text = source, .colour = QColor(170, 178, 188)});
    }
    const bool isEdited = measurement.linesEdited ||
                          std::any_of(measurement.outlines.begin(), measurement.outlines.end(),
                                      [](const Outline& outline) { return outline.edited; });
    if (isEdited) rows.push_back({.text = QStringLiteral("corrected by the reader"), .colour = QColor(170, 178, 188)});
    if (measurement.isUncertain && !verdict.contains(QStringLiteral("uncertain"), Qt::CaseInsensitive)) {
        rows.push_back({.text = QStringLiteral("mask uncertain"), .colour = noticeColour(), .bold = true});
    }
    for (LegendRow& row : rows) row.text = said(language, row.text);
    return rows;
}

struct LegendMetrics {
    explicit LegendMetrics(const FindingsStyle& style)
        : rowHeight(style.fontPx * 1.5), padding(style.fontPx * 0.7), keyWidth(style.fontPx * 2.2) {}
    double rowHeight, padding, keyWidth;
};

QFont legendFont(const FindingsStyle& style, bool isBold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(style.fontPx))));
    font.setBold(isBold);
    return font;
}

}  // namespace

QColor organColour(Organ organ) { return organ == Organ::Heart ? QColor(255, 167, 38) : QColor(86, 180, 233); }
QColor heartLineColour() { return {255, 236, 92}; }
QColor chestLineColour() { return {94, 224, 180}; }
QColor noticeColour() { return {255, 190, 92}; }

QString noticeText(const QString& modelName) {
    const QString notice = QString::fromLatin1(kNotDiagnostic);
    return modelName.isEmpty() ? notice : notice + QStringLiteral(" · ") + modelName;
}

QSizeF legendSize(const ChestMeasurement& measurement, const Spacing& spacing, const FindingsStyle& style) {
    const std::vector<LegendRow> rows = legendRows(measurement, spacing, style.language);
    if (rows.empty()) return {};
    const LegendMetrics metrics(style);
    double width = 0;
    for (const LegendRow& row : rows) {
        const double key = row.key.isValid() ? metrics.keyWidth : 0;
        width = std::max(width, QFontMetricsF(legendFont(style, row.bold)).horizontalAdvance(row.text) + key);
    }
    return {std::ceil(width) + 2 * metrics.padding, static_cast<double>(rows.size()) * metrics.rowHeight + 1.6 * metrics.padding};
}

QString modelText(const ModelStamp& model, ReportLanguage language) {
    QString text = QString::fromStdString(model.name.empty() ? model.id : model.name);
    if (!model.version.empty()) text += QLatin1Char(' ') + QString::fromStdString(model.version);
    if (!model.weightsSha256.empty()) {
        text += QStringLiteral(" · ") + said(language, QStringLiteral("weights")) + QLatin1Char(' ') + QString::fromStdString(model.weightsSha256).left(kShortHash);
    }
    return text;
}

QRectF paintLegend(QPainter& painter, QPointF bottomRight, const ChestMeasurement& measurement, const Spacing& spacing,
                   const FindingsStyle& style) {
    const QSizeF size = legendSize(measurement, spacing, style);
    if (size.isEmpty()) return {};
    const LegendMetrics metrics(style);
    const QRectF box(bottomRight - QPointF(size.width(), size.height()), size);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(255, 255, 255, 40), 1));
    painter.setBrush(QColor(12, 15, 19, 205));
    painter.drawRoundedRect(box, style.fontPx * 0.45, style.fontPx * 0.45);
    double top = box.top() + metrics.padding * 0.8;
    for (const LegendRow& row : legendRows(measurement, spacing, style.language)) {
        double left = box.left() + metrics.padding;
        if (row.key.isValid()) {
            painter.setPen(penOf(row.key, style.lineWidthPx + 0.5, row.dashed));
            const double middle = top + metrics.rowHeight / 2;
            painter.drawLine(QPointF(left, middle), QPointF(left + metrics.keyWidth * 0.72, middle));
            left += metrics.keyWidth;
        }
        painter.setFont(legendFont(style, row.bold));
        painter.setPen(row.colour);
        painter.drawText(QRectF(left, top, box.right() - left, metrics.rowHeight), Qt::AlignLeft | Qt::AlignVCenter, row.text);
        top += metrics.rowHeight;
    }
    painter.restore();
    return box;
}

std::vector<QRectF> paintFindings(QPainter& painter, const QTransform& filmToDevice, const ChestMeasurement& measurement,
                                  const Spacing& spacing, const FindingsStyle& style) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Organ organ : {Organ::LeftLung, Organ::RightLung, Organ::Heart}) {
        paintOutline(painter, filmToDevice, measurement.outlines[static_cast<std::size_t>(organ)],
                     measurement.isUncertain, style);
    }
    const ScreenLine heart = screenLine(measurement.heartLine, filmToDevice, heartLineColour(),
                                        said(style.language, QStringLiteral("heart ") + shortLength(measurement.heartLine, spacing)));
    const ScreenLine chest = screenLine(measurement.chestLine, filmToDevice, chestLineColour(),
                                        said(style.language, QStringLiteral("chest ") + shortLength(measurement.chestLine, spacing)));
    paintChestLine(painter, chest, style);
    paintChestLine(painter, heart, style);
    const QPointF apart = chest.line.center() - heart.line.center();
    const bool isLying = std::abs(heart.line.dx()) >= std::abs(heart.line.dy());
    const bool heartFirst = isLying ? apart.y() >= 0 : apart.x() >= 0;
    const QRectF heartLabel = paintLineLabel(painter, heart, heartFirst, style), chestLabel = paintLineLabel(painter, chest, !heartFirst, style);
    painter.restore();
    if (!style.legend) return {heartLabel, chestLabel};
    const double margin = style.fontPx;
    const QRectF window(painter.window());
    return {heartLabel, chestLabel, paintLegend(painter, window.bottomRight() - QPointF(margin, margin), measurement, spacing, style)};
}

}  // namespace cxr::ui
