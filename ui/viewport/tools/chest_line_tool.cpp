// See chest_line_tool.h.
#include "ui/viewport/tools/chest_line_tool.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

namespace cxr::ui {

namespace {

constexpr double kShortestLinePx = 1;  // film px
constexpr double kBodyGrabPx = 6;      // the line between its ends is thinner prey than the ends

// Distance to the part of the line that is clear of both ends; empty beside it.
std::optional<double> distanceToBody(QPointF at, QPointF from, QPointF to) {
    const QLineF line(from, to);
    if (line.length() <= 4 * kGrabRadiusPx) return std::nullopt;
    const QPointF unit = (to - from) / line.length();
    const double along = QPointF::dotProduct(at - from, unit);
    if (along < 2 * kGrabRadiusPx || along > line.length() - 2 * kGrabRadiusPx) return std::nullopt;
    const double away = std::abs(QPointF::dotProduct(at - from, QPointF(-unit.y(), unit.x())));
    return away <= kBodyGrabPx ? std::optional(away) : std::nullopt;
}

}  // namespace

std::optional<ChestLineTool::Grip> ChestLineTool::gripAt(QPointF at) const {
    const auto& shown = m_canvas.shownMeasurement();
    if (!shown) return std::nullopt;
    std::optional<Grip> nearest;
    const auto offer = [&](Grip grip) {
        if (!nearest || grip.distance < nearest->distance) nearest = grip;
    };
    for (const bool isHeart : {true, false}) {
        const LinePx& line = isHeart ? shown->heartLine : shown->chestLine;
        if (line.length() == 0) continue;
        const QPointF from = m_canvas.geometry().toWidget(line.from);
        const QPointF to = m_canvas.geometry().toWidget(line.to);
        const double fromAway = QLineF(at, from).length();
        const double toAway = QLineF(at, to).length();
        if (fromAway <= kGrabRadiusPx) offer({isHeart, Part::From, fromAway});
        if (toAway <= kGrabRadiusPx) offer({isHeart, Part::To, toAway});
        const auto away = m_canvas.isEditing() ? distanceToBody(at, from, to) : std::nullopt;
        if (away) offer({isHeart, Part::Body, *away});
    }
    return nearest;
}

std::optional<double> ChestLineTool::grabDistance(QPointF at) const {
    const auto grip = gripAt(at);
    return grip ? std::optional(grip->distance) : std::nullopt;
}

Qt::CursorShape ChestLineTool::cursor() const {
    const auto& grip = m_grabbed ? m_grabbed : m_hovered;
    if (!grip) return Qt::ArrowCursor;
    const bool isTurned = m_canvas.geometry().orientation.quarterTurns % 2 != 0;
    const bool isAcross = (grip->part != Part::Body) != isTurned;
    return isAcross ? Qt::SizeHorCursor : Qt::SizeVerCursor;
}

void ChestLineTool::hover(QPointF at, bool isNearest) {
    const auto before = m_hovered;
    m_hovered = isNearest ? gripAt(at) : std::nullopt;
    if (before.has_value() != m_hovered.has_value() || m_hovered) m_canvas.refresh();
}

void ChestLineTool::leave() {
    m_hovered.reset();
    m_canvas.refresh();
}

void ChestLineTool::press(QPointF at) {
    m_before = m_canvas.shownMeasurement();
    m_grabbed = gripAt(at);
    m_pressedFilm = m_canvas.geometry().toFilm(at);
}

void ChestLineTool::drag(QPointF at) {
    if (!m_grabbed || !m_before) return;
    const PointPx film = m_canvas.geometry().toFilm(at);
    const double right = m_canvas.geometry().filmSize.width();
    const double bottom = m_canvas.geometry().filmSize.height();
    const double dx = film.x - m_pressedFilm.x;
    const double dy = film.y - m_pressedFilm.y;
    LinePx heart = m_before->heartLine;
    LinePx chest = m_before->chestLine;
    LinePx& line = m_grabbed->isHeart ? heart : chest;
    switch (m_grabbed->part) {
        case Part::From:
            line.from.x = std::clamp(line.from.x + dx, 0.0, std::max(0.0, line.to.x - kShortestLinePx));
            break;
        case Part::To:
            line.to.x = std::clamp(line.to.x + dx, std::min(right, line.from.x + kShortestLinePx), right);
            break;
        case Part::Body:
            line.from.y = line.to.y = std::clamp(line.from.y + dy, 0.0, bottom);
            break;
    }
    m_canvas.editMeasurement(withLines(*m_before, heart, chest), false);
}

void ChestLineTool::release(QPointF) {
    const auto& now = m_canvas.shownMeasurement();
    const bool changed = m_before && now && (now->heartLine != m_before->heartLine || now->chestLine != m_before->chestLine);
    m_grabbed.reset();
    if (changed) m_canvas.editMeasurement(ChestMeasurement(*now), true);
    m_before.reset();
}

void ChestLineTool::cancel() {
    m_grabbed.reset();
    if (m_before) m_canvas.editMeasurement(*m_before, false);
    m_before.reset();
}

void ChestLineTool::filmChanged() {
    m_hovered.reset();
    m_grabbed.reset();
    m_before.reset();
}

void ChestLineTool::paint(QPainter& painter) const {
    const auto& grip = m_grabbed ? m_grabbed : m_hovered;
    const auto& shown = m_canvas.shownMeasurement();
    if (!grip || !shown || grip->part == Part::Body) return;
    const LinePx& line = grip->isHeart ? shown->heartLine : shown->chestLine;
    const QPointF at = m_canvas.geometry().toWidget(grip->part == Part::From ? line.from : line.to);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0, 0, 0, 200), 2));
    painter.setBrush(QColor(255, 255, 255));
    painter.drawEllipse(at, 7, 7);
    painter.setBrush(Qt::NoBrush);
}

}  // namespace cxr::ui
