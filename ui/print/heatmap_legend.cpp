// The legend of a heatmap: what it is, the colour bar with numbers, the model and the notice. See heatmap_painter.h.
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/localize/map_support.h"
#include "core/report/report.h"
#include "ui/print/findings_painter.h"
#include "ui/print/heatmap_painter.h"

namespace cxr::ui {

namespace {

const QColor kGround(12, 14, 18, 215);
const QColor kText(226, 231, 237);
const QColor kQuiet(176, 185, 196);
constexpr QRgb kClear = 0xff343a42;  // of the bar below the threshold
constexpr double kLine = 1.45;       // heights in units of the font
constexpr double kBarHeight = 0.8;
constexpr double kPadding = 0.7;
constexpr double kBarWidth = 13;     // at least
constexpr double kTextWidth = 25;    // at most; longer sentences wrap

QFont fontOf(double px, bool isBold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(px))));
    font.setBold(isBold);
    return font;
}

QString tr(const char* text) { return QCoreApplication::translate("cxr::ui::Heatmap", text); }

struct LegendLine {
    QString text;
    QColor colour;
    bool isTitle = false;
    bool isBar = false;
};

QString scaleText(const ShownHeatmap& shown, const MapScale& scale) {
    const QString own = scale.unit.empty() ? tr("mixed units") : QString::fromStdString(scale.unit);
    const QString unit = shown.caption ? shown.caption->unit : own;
    return unit + (shown.style.locked ? tr(", locked scale") : tr(", this map's own scale"));
}

QString methodLine(const ShownHeatmap& shown, bool withParameters) {
    if (shown.caption) return shown.caption->method;
    const QString whole = QString::fromStdString(methodText(*shown.map));
    return withParameters ? whole : whole.section(QLatin1Char(','), 0, 0);
}

std::vector<LegendLine> linesOf(const ShownHeatmap& shown, LegendDetail detail, ReportLanguage language) {
    const bool isSmall = detail == LegendDetail::Small, isFull = detail == LegendDetail::Full;
    const MapScale scale = shownScale(*shown.map, shown.style);
    std::vector<LegendLine> lines{{shown.caption ? shown.caption->title : heatmapTitle(*shown.map), Qt::white, true}};
    if (!isSmall) lines.push_back({methodLine(shown, isFull), kText});
    if (scale.isEmpty()) {
        lines.push_back({QString::fromStdString(supportOf(*shown.map).sentence), noticeColour()});
    } else {
        lines.push_back({{}, {}, false, true});
        if (!isSmall) lines.push_back({scaleText(shown, scale), kQuiet});
    }
    if (shown.map->doneShare < 1) lines.push_back({tr("%1 % computed").arg(std::lround(100 * shown.map->doneShare)), kQuiet});
    if (isFull) lines.push_back({QString::fromStdString(shown.map->model.name), kText});
    if (isFull) lines.push_back({QString::fromLatin1(kNotDiagnostic), noticeColour()});
    for (LegendLine& line : lines) line.text = QString::fromStdString(PhraseBook::of(language).say(line.text.toStdString()));
    return lines;
}

// Wrapped at kTextWidth.
QSizeF sizeOf(const LegendLine& line, double fontPx) {
    if (line.isBar) return {fontPx * kBarWidth, fontPx * (kBarHeight + kLine)};
    const QFontMetricsF metrics(fontOf(line.isTitle ? fontPx : fontPx * 0.9, line.isTitle));
    const QRectF text = metrics.boundingRect(QRectF(0, 0, fontPx * kTextWidth, 1000), Qt::AlignLeft | Qt::TextWordWrap, line.text);
    return {text.width() + 1, std::max(fontPx * kLine, text.height() + fontPx * 0.3)};
}

QSizeF sizeOf(const std::vector<LegendLine>& lines, double fontPx) {
    QSizeF size;
    for (const LegendLine& line : lines) {
        const QSizeF one = sizeOf(line, fontPx);
        size = {std::max(size.width(), one.width()), size.height() + one.height()};
    }
    return size + QSizeF(2 * kPadding * fontPx, 2 * kPadding * fontPx);
}

// Colour bar and numbers below it.
void paintBar(QPainter& painter, const QRectF& bar, const ShownHeatmap& shown, double fontPx) {
    const MapScale scale = shownScale(*shown.map, shown.style);
    const ColourTable& table = colourTable(coloursFor(*shown.map, shown.style));
    QImage strip(256, 1, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i) {
        const double value = scale.low + (scale.high - scale.low) * i / 255.0;
        const double shown01 = scale.low < 0 ? std::abs(value) : value;
        strip.setPixel(i, 0, shown01 < shown.style.threshold * scale.high ? kClear : table[static_cast<std::size_t>(i)]);
    }
    painter.drawImage(bar, strip);
    painter.setPen(QPen(QColor(255, 255, 255, 120), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);
    painter.setPen(kText);
    painter.setFont(fontOf(fontPx * 0.85, false));
    const QRectF below(bar.left(), bar.bottom() + 1, bar.width(), fontPx * kLine);
    const bool isCut = scaleOf(*shown.map, scale.low < 0).high > scale.high;
    const auto number = [](double value) { return QString::fromStdString(legendText(value)); };
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, number(scale.low));
    painter.drawText(below, Qt::AlignHCenter | Qt::AlignVCenter, number((scale.low + scale.high) / 2));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, (isCut ? QStringLiteral("\u2265 ") : QString()) + number(scale.high));
}

}  // namespace

QSizeF heatmapLegendSize(const ShownHeatmap& shown, double fontPx, LegendDetail detail, ReportLanguage language) {
    return shown.map ? sizeOf(linesOf(shown, detail, language), fontPx) : QSizeF();
}

QRectF paintHeatmapLegend(QPainter& painter, QPointF bottomRight, const ShownHeatmap& shown, double fontPx, LegendDetail detail, ReportLanguage language) {
    if (!shown.map) return {};
    const std::vector<LegendLine> lines = linesOf(shown, detail, language);
    const QSizeF size = sizeOf(lines, fontPx);
    const QRectF box(bottomRight - QPointF(size.width(), size.height()), size);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(kGround);
    painter.drawRoundedRect(box, 6, 6);
    QRectF inner = box.adjusted(kPadding * fontPx, kPadding * fontPx, -kPadding * fontPx, -kPadding * fontPx);
    for (const LegendLine& line : lines) {
        const double height = sizeOf(line, fontPx).height();
        if (line.isBar) {
            paintBar(painter, QRectF(inner.left(), inner.top() + 1, inner.width(), fontPx * kBarHeight), shown, fontPx);
        } else {
            painter.setFont(fontOf(line.isTitle ? fontPx : fontPx * 0.9, line.isTitle));
            painter.setPen(line.colour);
            painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), height), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, line.text);
        }
        inner.setTop(inner.top() + height);
    }
    painter.restore();
    return box;
}

}  // namespace cxr::ui
