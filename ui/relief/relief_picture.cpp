// See relief_picture.h.
#include "ui/relief/relief_picture.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/localize/map_geometry.h"
#include "core/localize/map_support.h"
#include "ui/print/findings_painter.h"
#include "ui/print/halo_text.h"
#include "ui/relief/relief_renderer.h"

namespace cxr::ui {

namespace {

const QColor kGround(16, 19, 24);
const QColor kText(226, 231, 237);
const QColor kPole(226, 231, 237, 190);
constexpr double kMargin = 8;
constexpr int kTicks = 4;
constexpr double kLegendShare = 0.92;  // of the font
constexpr double kFontPerTile = 1.0 / 44;
constexpr double kSmallTile = 30;      // fonts wide: smaller tiles have small legends

QFont fontOf(double px, bool isBold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(px))));
    font.setBold(isBold);
    return font;
}

// The corner of the film that stands farthest left in the view: the pole hides nothing there.
PointPx poleCorner(const Landscape& landscape, const ReliefPose& pose, QSizeF view) {
    const QSizeF film = landscape.film->size();
    const std::array<PointPx, 4> corners{{{0, 0}, {film.width(), 0}, {0, film.height()}, {film.width(), film.height()}}};
    const auto leftOf = [&](PointPx corner) {
        const auto at = projected(pose, view, worldOf(corner, 0, film));
        return at ? at->x() : view.width();
    };
    return *std::min_element(corners.begin(), corners.end(), [&](PointPx a, PointPx b) { return leftOf(a) < leftOf(b); });
}

// A scale that stands on the film: as high as the heights that its numbers mean.
void paintPole(QPainter& painter, QSizeF view, const Landscape& landscape, const ReliefCamera& camera, double fontPx) {
    const MapScale scale = shownScale(*landscape.shown->map, landscape.shown->style);
    const ReliefPose pose = poseOf(camera, view);
    const PointPx corner = poleCorner(landscape, pose, view);
    const auto at = [&](double value) { return projected(pose, view, worldOf(corner, camera.height * kReliefHeight * value / scale.high, landscape.film->size())); };
    const auto foot = at(scale.low), head = at(scale.high);
    if (!foot || !head || std::hypot(head->x() - foot->x(), head->y() - foot->y()) < 3 * fontPx) return;  // seen from above
    painter.setPen(QPen(kPole, 1.4));
    painter.drawLine(*foot, *head);
    for (const double tick : legendTicks(scale, kTicks)) {
        const auto place = at(tick);
        if (!place) continue;
        painter.drawLine(*place - QPointF(5, 0), *place);
        drawHaloText(painter, *place - QPointF(8, 0), Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(legendText(tick)), {.fontPx = fontPx * 0.85, .colour = kText});
    }
}

void paintMark(QPainter& painter, QSizeF view, const Landscape& landscape, const ReliefCamera& camera, PointPx mark, double fontPx) {
    const auto at = viewPointOf(landscape, camera, view, mark);
    if (!at) return;
    painter.setBrush(Qt::NoBrush);
    for (const auto& [colour, width] : {std::pair(QColor(0, 0, 0, 200), 4.0), std::pair(QColor(Qt::white), 1.8)}) {
        painter.setPen(QPen(colour, width));
        painter.drawEllipse(*at, fontPx * 0.4, fontPx * 0.4);
    }
    drawHaloText(painter, *at + QPointF(fontPx * 0.8, -fontPx * 0.4), Qt::AlignLeft | Qt::AlignBottom, valueText(landscape, mark), {.fontPx = fontPx});
}

void paintSentence(QPainter& painter, const QRectF& area, const Landscape& landscape, double fontPx) {
    painter.setPen(kText);
    painter.setFont(fontOf(fontPx * 1.1, false));
    const QString words = heatmapTitle(*landscape.shown->map) + QStringLiteral("\n") + landscape.sentence;
    painter.drawText(area.adjusted(2 * fontPx, 2 * fontPx, -2 * fontPx, -2 * fontPx), Qt::AlignCenter | Qt::TextWordWrap, words);
}

// "1: Cardiomegaly 47 %, Class activation map, by Cardiomegaly 1.0.0, heights 0 to 2.3 logits."
std::string wordsOf(const Landscape& landscape, std::size_t number) {
    const std::string start = "Picture " + std::to_string(number) + ": ";
    if (!landscape.shown) return start + "the bare film.";
    const Heatmap& map = *landscape.shown->map;
    const std::string what = heatmapTitle(map).toStdString() + ", " + methodText(map) + ", by " + map.model.name + " " + map.model.version;
    if (!landscape.sentence.isEmpty()) return start + what + ". " + landscape.sentence.toStdString();
    const MapScale scale = shownScale(map, landscape.shown->style);
    return start + what + ", heights " + legendText(scale.low) + " to " + legendText(scale.high) + " " + scale.unit + ".";
}

QString stripText(const ReliefSheet& sheet) {
    QStringList models;
    for (const LandscapePtr& landscape : sheet.landscapes) {
        if (!landscape || !landscape->shown) continue;
        const QString model = modelText(landscape->shown->map->model);
        if (!models.contains(model)) models << model;
    }
    return models.join(QStringLiteral("; "));
}

// Models and notice below the landscapes; models that are too long are shortened, the notice never is.
void paintStrip(QPainter& painter, const QRectF& strip, const ReliefSheet& sheet, double fontPx) {
    const QFont bold = fontOf(fontPx, true), plain = fontOf(fontPx * 0.9, false);
    const QString notice = QString::fromLatin1(kNotDiagnostic);
    const double width = QFontMetricsF(bold).horizontalAdvance(notice);
    painter.fillRect(strip, kGround);
    painter.setFont(bold);
    painter.setPen(noticeColour());
    painter.drawText(strip.adjusted(kMargin, 0, -kMargin, 0), Qt::AlignRight | Qt::AlignVCenter, notice);
    painter.setFont(plain);
    painter.setPen(kText);
    const double room = strip.width() - width - 4 * kMargin;
    painter.drawText(strip.adjusted(kMargin, 0, -kMargin, 0), Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(plain).elidedText(stripText(sheet), Qt::ElideRight, room));
}

}  // namespace

QString valueText(const Landscape& landscape, PointPx film) {
    const QString anatomy = anatomyAt(landscape.film->chest, film);
    const auto value = landscape.shown ? valueAt(*landscape.shown->map, film) : std::nullopt;
    if (!value) return anatomy;
    const QString number = QString::fromStdString(legendText(*value) + " " + unitOf(landscape.shown->map->method));
    return anatomy.isEmpty() ? number : number + QStringLiteral(", ") + anatomy;
}

void paintReliefNotes(QPainter& painter, const QRectF& area, const Landscape& landscape, const ReliefCamera& camera, const ReliefNotes& notes) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(area, Qt::IntersectClip);
    painter.translate(area.topLeft());
    const QRectF own(QPointF(), area.size());
    drawHaloText(painter, {kMargin, kMargin}, Qt::AlignLeft | Qt::AlignTop, QString::number(notes.number), {.fontPx = notes.fontPx * 1.2, .bold = true});
    if (!landscape.sentence.isEmpty()) {
        paintSentence(painter, own, landscape, notes.fontPx);
    } else {
        if (landscape.shown) {
            paintPole(painter, area.size(), landscape, camera, notes.fontPx);
            paintHeatmapLegend(painter, own.bottomRight() - QPointF(kMargin, kMargin), *landscape.shown, notes.fontPx * kLegendShare,
                               notes.isSmallLegend ? LegendDetail::Small : LegendDetail::Full);
        }
        if (notes.mark) paintMark(painter, area.size(), landscape, camera, *notes.mark, notes.fontPx);
    }
    painter.restore();
}

Result<QImage> reliefPicture(ReliefRenderer& renderer, const ReliefSheet& sheet, const RunContext& context) {
    const int columns = std::max(1, sheet.columns);
    const int rows = (static_cast<int>(sheet.landscapes.size()) + columns - 1) / columns;
    if (rows == 0 || sheet.tile.isEmpty()) return Error{ErrorCode::InvalidArgument, "There is no landscape yet: choose a heatmap first."};
    const double fontPx = std::max(11.0, sheet.tile.width() * kFontPerTile);
    const int strip = static_cast<int>(std::ceil(2.2 * fontPx));
    QImage picture(columns * sheet.tile.width(), rows * sheet.tile.height() + strip, QImage::Format_RGB32);
    picture.fill(kGround);
    QPainter painter(&picture);
    for (std::size_t i = 0; i < sheet.landscapes.size(); ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        const LandscapePtr& landscape = sheet.landscapes[i];
        if (!landscape) continue;
        const QRect place(QPoint(static_cast<int>(i) % columns * sheet.tile.width(), static_cast<int>(i) / columns * sheet.tile.height()), sheet.tile);
        if (landscape->sentence.isEmpty()) {
            const QImage frame = renderer.render(i, landscape, sheet.tile, sheet.camera, false);
            if (frame.isNull()) return Error{ErrorCode::Unsupported, "The picture could not be drawn: close other windows and try again."};
            painter.drawImage(place.topLeft(), frame);
        }
        paintReliefNotes(painter, place, *landscape, sheet.camera, {static_cast<int>(i) + 1, fontPx, sheet.tile.width() < kSmallTile * fontPx, sheet.mark});
        painter.setPen(QPen(QColor(255, 255, 255, 40), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(place.adjusted(0, 0, -1, -1));
    }
    paintStrip(painter, QRectF(0, picture.height() - strip, picture.width(), strip), sheet, fontPx);
    return picture;
}

ReportPicture reportPictureOf(const ReliefSheet& sheet, const QImage& picture) {
    std::string words;
    std::size_t maps = 0;
    for (std::size_t i = 0; i < sheet.landscapes.size(); ++i) {
        if (!sheet.landscapes[i]) continue;
        maps += sheet.landscapes[i]->shown ? 1 : 0;
        words += (words.empty() ? "" : " ") + wordsOf(*sheet.landscapes[i], i + 1);
    }
    const std::string title = maps == 1 ? "Relief of a heatmap" : "Relief of " + std::to_string(maps) + " heatmaps";
    return {title, "Heatmaps as landscapes over the film: height and colour show the value, maps of one unit share one scale unless said otherwise. " + words,
            "Film seen at a slant, with heatmaps raised over it as landscapes. " + words, toPng(picture)};
}

}  // namespace cxr::ui
