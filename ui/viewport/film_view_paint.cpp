// FilmView: one frame. Film, overlay planes, findings, what the tools draw, texts in the corners, messages.
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/print/edge_letters.h"
#include "ui/print/findings_painter.h"
#include "ui/print/halo_text.h"
#include "ui/viewport/film_annotations.h"
#include "ui/viewport/film_view_p.h"
#include "ui/viewport/tools/ruler_tool.h"

namespace cxr::ui {

namespace {

const QColor kBackground(10, 12, 14);
const QColor kText(226, 231, 237);
const QColor kQuietText(176, 185, 196);
const QColor kPlane(120, 230, 150);
constexpr double kMargin = 14;
constexpr double kFontPx = 13;
constexpr double kLineHeight = 1.4;
constexpr QSizeF kRoomForLegend(640, 480);

// Lines downwards from `corner`, or upwards when `fromBottom`; returns what they cover.
QRectF paintLines(QPainter& painter, QPointF corner, Qt::Alignment side, const QStringList& lines, bool fromBottom,
                  bool firstIsTitle) {
    QRectF covered;
    double y = corner.y();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const bool isTitle = firstIsTitle && i == 0;
        const HaloTextStyle style{.fontPx = isTitle ? kFontPx + 3 : kFontPx, .colour = isTitle ? QColor(Qt::white) : kText,
                                  .bold = isTitle};
        covered |= drawHaloText(painter, {corner.x(), y}, side | (fromBottom ? Qt::AlignBottom : Qt::AlignTop), lines.at(i), style);
        y += (fromBottom ? -1 : 1) * style.fontPx * kLineHeight;
    }
    return covered;
}

void paintMessage(QPainter& painter, const QRectF& area, const QString& message) {
    QFont font = painter.font();
    font.setPixelSize(15);
    painter.setFont(font);
    const QRectF widest = area.adjusted(40, 0, -40, 0);
    const QRectF text = painter.boundingRect(widest, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, message);
    const QRectF box = text.adjusted(-18, -10, 18, 10);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(noticeColour(), 1.2));
    painter.setBrush(QColor(44, 32, 14, 235));
    painter.drawRoundedRect(box, 8, 8);
    painter.setPen(QColor(255, 226, 182));
    painter.drawText(text, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, message);
}

// A film with two lungs, in a few strokes.
void paintFilmSign(QPainter& painter, const QRectF& sheet) {
    painter.setPen(QPen(QColor(92, 104, 118), 2.5, Qt::DashLine));
    painter.setBrush(QColor(255, 255, 255, 8));
    painter.drawRoundedRect(sheet, 10, 10);
    painter.setPen(QPen(QColor(120, 134, 150), 2.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const QPointF middle = sheet.center();
    const double unit = sheet.width() / 10;
    for (const double side : {-1.0, 1.0}) {
        QPainterPath lung(middle + QPointF(side * 0.7 * unit, -2.6 * unit));
        lung.cubicTo(middle + QPointF(side * 2.4 * unit, -3.0 * unit), middle + QPointF(side * 3.2 * unit, 0.2 * unit),
                     middle + QPointF(side * 3.0 * unit, 2.8 * unit));
        lung.cubicTo(middle + QPointF(side * 2.2 * unit, 2.1 * unit), middle + QPointF(side * 1.4 * unit, 2.2 * unit),
                     middle + QPointF(side * 0.8 * unit, 2.4 * unit));
        lung.closeSubpath();
        painter.drawPath(lung);
    }
}

void paintEmpty(QPainter& painter, const QRectF& area) {
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF sheet(area.center().x() - 62, area.center().y() - 110, 124, 148);
    paintFilmSign(painter, sheet);
    QFont font = painter.font();
    font.setPixelSize(17);
    painter.setFont(font);
    painter.setPen(kText);
    const QRectF line(area.left(), sheet.bottom() + 20, area.width(), 26);
    painter.drawText(line, Qt::AlignCenter, FilmView::tr("Open a film: Ctrl+O, or drop files here"));
    font.setPixelSize(13);
    painter.setFont(font);
    painter.setPen(kQuietText);
    painter.drawText(line.translated(0, 28), Qt::AlignCenter, FilmView::tr("DICOM, PNG, TIFF or JPEG; files or folders"));
}

// Where models have more room to themselves, they stand above: the notice is never cut.
QRectF paintNotice(QPainter& painter, const QRectF& area, const QString& models) {
    const HaloTextStyle style{.fontPx = kFontPx, .colour = noticeColour(), .bold = true};
    const QPointF corner(area.right() - kMargin, area.bottom() - kMargin);
    constexpr auto kAlignment = Qt::AlignRight | Qt::AlignBottom;
    const double room = area.width() - 2 * kMargin;
    const QString both = noticeText(models);
    if (haloTextSize(both, style).width() <= room) return drawHaloText(painter, corner, kAlignment, both, style);
    const QRectF notice = drawHaloText(painter, corner, kAlignment, noticeText({}), style);
    QString names = models;
    while (names.size() > 1 && haloTextSize(names, style).width() > room) names = names.left(names.size() - 2) + QChar(0x2026);
    return notice.united(drawHaloText(painter, {corner.x(), notice.top() - 2}, kAlignment, names, style));
}

}  // namespace

std::vector<QRectF> FilmView::Private::paintTexts(QPainter& painter) {
    const QRectF area(m_view.mask().isEmpty() ? m_view.rect() : m_view.mask().boundingRect());  // a curtain shows a part
    const QRectF noticeRect = paintNotice(painter, area, shownModels());
    std::vector<QRectF> covered = paintEdgeLetters(painter, area, edgeLetters(*m_image, m_geometry.filmToWidget()), 20);
    covered.push_back(noticeRect);
    double leftTop = area.bottom() - kMargin;
    const CornerTexts texts = cornerTexts(*m_image, m_voi, m_inverted, m_geometry.zoom);
    if (m_bannerVisible) {
        covered.push_back(paintLines(painter, {kMargin, kMargin}, Qt::AlignLeft, texts.topLeft, false, true));
        covered.push_back(paintLines(painter, {area.right() - kMargin, kMargin}, Qt::AlignRight, texts.topRight, false, false));
        // a narrow view stacks the left block above the notice
        double widest = 0;
        for (const QString& line : texts.bottomLeft) widest = std::max(widest, haloTextSize(line, {.fontPx = kFontPx}).width());
        const double leftBottom = kMargin + widest > noticeRect.left() - kMargin ? noticeRect.top() - 4 : leftTop;
        QStringList upwards(texts.bottomLeft.rbegin(), texts.bottomLeft.rend());
        covered.push_back(paintLines(painter, {kMargin, leftBottom}, Qt::AlignLeft, upwards, true, false));
        leftTop = covered.back().top();
    }
    const bool isNarrow = area.width() < kRoomForLegend.width() || area.height() < kRoomForLegend.height();
    const double bottom = isNarrow && m_bannerVisible ? std::min(leftTop, noticeRect.top()) : noticeRect.top();
    covered.push_back(paintVerdict(painter, area, bottom));
    const double top = covered.back().isEmpty() ? bottom : covered.back().top();
    covered.push_back(paintHeatmapTexts(painter, area, top));
    const double above = covered.back().isEmpty() ? top : covered.back().top();
    if (m_overlaysVisible && m_companions.segments && !isNarrow)
        covered.push_back(paintSegmentLegend(painter, {area.right() - kMargin, above - 8}, *m_companions.segments, kFontPx));
    return covered;
}

// The legend, or where it would cover the film, the verdict alone.
QRectF FilmView::Private::paintVerdict(QPainter& painter, const QRectF& area, double bottom) {
    const auto& shown = shownMeasurement();
    if (!shown) return {};
    const QPointF corner(area.right() - kMargin, bottom - 8);
    if (area.width() >= kRoomForLegend.width() && area.height() >= kRoomForLegend.height()) {
        return paintLegend(painter, corner, *shown, m_image->spacing,
                           {.lineWidthPx = 2, .fontPx = kFontPx, .handles = false, .legend = true});
    }
    return drawHaloText(painter, corner, Qt::AlignRight | Qt::AlignBottom, QString::fromStdString(verdictSentence(*shown)),
                        {.fontPx = kFontPx, .colour = shown->isUncertain ? noticeColour() : QColor(Qt::white), .bold = true});
}

// The heatmap's legend above the findings'; a small view gets its title and bar only.
QRectF FilmView::Private::paintHeatmapTexts(QPainter& painter, const QRectF& area, double bottom) {
    if (!showsHeatmap()) return {};
    const bool isSmall = area.width() < kRoomForLegend.width() || area.height() < kRoomForLegend.height();
    return paintHeatmapLegend(painter, {area.right() - kMargin, bottom - 8}, *m_heatmap.shown(), isSmall ? kFontPx - 1 : kFontPx,
                              isSmall ? LegendDetail::Small : LegendDetail::Window);
}

void FilmView::Private::paintForeignTexts(QPainter& painter, const std::vector<QRectF>& taken) {
    const QRectF area = QRectF(m_view.rect()).adjusted(2, 2, -2, -2);
    paintDrawnTexts(painter, m_geometry.filmToWidget(), m_geometry.filmSize, *m_companions.presentation, m_image->study.sopInstanceUid,
                    {.lineWidthPx = 1.8, .fontPx = kFontPx}, area, taken);
}

QString FilmView::Private::shownModels() const {
    QStringList names;
    if (shownMeasurement() && !m_modelName.isEmpty()) names << m_modelName;
    if (showsHeatmap()) names << QString::fromStdString(m_heatmap.shown()->map->model.name);
    names.removeDuplicates();
    return names.join(QStringLiteral(", "));
}

void FilmView::Private::paintMarker(QPainter& painter) {
    if (!m_marker) return;
    const QPointF at = m_geometry.toWidget(*m_marker);
    constexpr double kGapPx = 4;
    constexpr double kArmPx = 14;
    const QLineF arms[4] = {{at - QPointF(kArmPx, 0), at - QPointF(kGapPx, 0)}, {at + QPointF(kGapPx, 0), at + QPointF(kArmPx, 0)},
                            {at - QPointF(0, kArmPx), at - QPointF(0, kGapPx)}, {at + QPointF(0, kGapPx), at + QPointF(0, kArmPx)}};
    painter.setPen(QPen(QColor(0, 0, 0, 180), 3));
    painter.drawLines(arms, 4);
    painter.setPen(QPen(QColor(120, 230, 255), 1.4));
    painter.drawLines(arms, 4);
}

void FilmView::Private::paint(QPainter& painter) {
    const QTransform filmToDevice = m_geometry.filmToDevice();
    const QSize deviceSize = m_geometry.deviceSize();
    m_layer.setVoi(m_voi, m_inverted);
    m_layer.paintFilm(painter, filmToDevice, deviceSize);
    if (m_companions.presentation) paintShutter(painter, m_geometry.filmToWidget(), m_geometry.filmSize, *m_companions.presentation);
    if (m_overlaysVisible) m_layer.paintOverlayPlanes(painter, filmToDevice, deviceSize, kPlane);
    if (showsHeatmap()) m_heatmap.paint(painter, m_geometry.filmToWidget(), m_geometry.filmSize, kFontPx);
    if (m_overlaysVisible && m_companions.segments)
        paintSegments(painter, m_geometry.filmToWidget(), *m_companions.segments, {.lineWidthPx = 1.8, .fontPx = kFontPx});
    std::vector<QRectF> labels;
    if (const auto& shown = shownMeasurement()) {
        labels = paintFindings(painter, m_geometry.filmToWidget(), *shown, m_image->spacing,
                      {.lineWidthPx = 2, .fontPx = kFontPx + 1, .handles = true, .legend = false});
    }
    if (showsDrawings())
        paintDrawings(painter, m_geometry.filmToWidget(), m_geometry.filmSize, *m_companions.presentation,
                      m_image->study.sopInstanceUid, {.lineWidthPx = 1.8, .fontPx = kFontPx});
    const auto& ruler = static_cast<const RulerTool&>(toolFor(FilmTool::Ruler));
    ruler.paintRulers(painter, m_tool == FilmTool::Ruler);
    m_lineTool->paint(painter);
    m_boxTool->paint(painter);
    if (m_tool != FilmTool::Magnifier) current().paint(painter);
    paintMarker(painter);
    std::vector<QRectF> covered = paintTexts(painter);
    covered.insert(covered.end(), labels.begin(), labels.end());
    if (showsDrawings()) paintForeignTexts(painter, covered);
    if (m_tool == FilmTool::Magnifier) current().paint(painter);
}

void FilmView::paintEvent(QPaintEvent*) {
    if (d->m_geometry.devicePixelRatio != devicePixelRatioF()) d->adoptWidgetSize();
    QPainter painter(this);
    const QRectF area(rect());
    painter.fillRect(area, kBackground);
    if (d->m_image) {
        d->paint(painter);
    } else {
        paintEmpty(painter, area);
    }
    if (d->m_message.isEmpty()) return;
    const double top = d->m_image ? 70 : area.center().y() + 140;
    paintMessage(painter, area.adjusted(0, top, 0, 0), d->m_message);
}

}  // namespace cxr::ui
