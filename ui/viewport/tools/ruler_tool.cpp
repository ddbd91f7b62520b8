// See ruler_tool.h.
#include "ui/viewport/tools/ruler_tool.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/print/halo_text.h"

namespace cxr::ui {

namespace {

const QColor kLine(255, 221, 87);
const QColor kMarked(255, 255, 255);
constexpr double kTickPx = 7;

double distanceToSegment(QPointF point, QPointF from, QPointF to) {
    const QPointF along = to - from;
    const double squared = QPointF::dotProduct(along, along);
    const double t = squared > 0 ? std::clamp(QPointF::dotProduct(point - from, along) / squared, 0.0, 1.0) : 0.0;
    return QLineF(point, from + t * along).length();
}

// lengthText() speaks of horizontal lines: a horizontal line as long as this one, whatever the spacing of rows.
LinePx laidFlat(const LinePx& line, const Spacing& spacing) {
    const double rowsPerColumn = spacing.isKnown() ? spacing.rowMm / spacing.columnMm : 1.0;
    return {{0, 0}, {std::hypot(line.to.x - line.from.x, (line.to.y - line.from.y) * rowsPerColumn), 0}};
}

void drawRuler(QPainter& painter, QPointF from, QPointF to, const QColor& colour) {
    const QLineF line(from, to);
    QPointF across(0, kTickPx);
    if (line.length() > 0) across = QPointF(-line.dy(), line.dx()) / line.length() * kTickPx;
    const QLineF parts[3] = {line, {from - across, from + across}, {to - across, to + across}};
    painter.setPen(QPen(QColor(0, 0, 0, 170), 4, Qt::SolidLine, Qt::RoundCap));
    painter.drawLines(parts, 3);
    painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap));
    painter.drawLines(parts, 3);
}

void drawGrip(QPainter& painter, QPointF at, bool isHovered) {
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1.5));
    painter.setBrush(isHovered ? kMarked : kLine);
    painter.drawEllipse(at, isHovered ? 6 : 4, isHovered ? 6 : 4);
    painter.setBrush(Qt::NoBrush);
}

}  // namespace

QString rulerText(const LinePx& line, const Spacing& spacing) {
    return QString::fromStdString(lengthText(laidFlat(line, spacing), spacing));
}

std::optional<RulerTool::End> RulerTool::endAt(QPointF at, double* distance) const {
    std::optional<End> nearest;
    double best = kGrabRadiusPx;
    const auto& rulers = m_canvas.rulers();
    for (std::size_t i = 0; i < rulers.size(); ++i) {
        for (const bool isTo : {false, true}) {
            const QPointF end = m_canvas.geometry().toWidget(isTo ? rulers[i].to : rulers[i].from);
            const double away = QLineF(at, end).length();
            if (away > best) continue;
            best = away;
            nearest = End{i, isTo};
        }
    }
    if (distance) *distance = best;
    return nearest;
}

std::optional<std::size_t> RulerTool::rulerAt(QPointF at) const {
    const auto& rulers = m_canvas.rulers();
    for (std::size_t i = 0; i < rulers.size(); ++i) {
        const QPointF from = m_canvas.geometry().toWidget(rulers[i].from);
        if (distanceToSegment(at, from, m_canvas.geometry().toWidget(rulers[i].to)) <= kGrabRadiusPx) return i;
    }
    return std::nullopt;
}

std::optional<double> RulerTool::grabDistance(QPointF at) const {
    double distance = 0;
    if (!endAt(at, &distance)) return std::nullopt;
    return distance;
}

void RulerTool::hover(QPointF at, bool isNearest) {
    m_hovered = isNearest ? endAt(at) : std::nullopt;
    m_canvas.refresh();
}

void RulerTool::leave() {
    m_hovered.reset();
    m_canvas.refresh();
}

void RulerTool::press(QPointF at) {
    m_before = m_canvas.rulers();
    m_pressed = at;
    m_grabbed = endAt(at);
    m_selected = m_grabbed ? std::optional(m_grabbed->ruler) : rulerAt(at);
    m_canvas.refresh();
}

void RulerTool::drag(QPointF at) {
    std::vector<LinePx> rulers = m_canvas.rulers();
    const PointPx film = m_canvas.geometry().toFilm(at);
    if (!m_grabbed) {
        const PointPx start = m_canvas.geometry().toFilm(m_pressed);
        rulers.push_back({start, film});
        m_grabbed = End{rulers.size() - 1, true};
        m_selected = m_grabbed->ruler;
    }
    LinePx& line = rulers[m_grabbed->ruler];
    (m_grabbed->isTo ? line.to : line.from) = film;
    m_canvas.setRulers(std::move(rulers));
}

void RulerTool::release(QPointF) {
    m_grabbed.reset();
}

void RulerTool::cancel() {
    m_grabbed.reset();
    m_selected.reset();
    m_canvas.setRulers(m_before);
}

bool RulerTool::deleteSelected() {
    std::vector<LinePx> rulers = m_canvas.rulers();
    if (!m_selected || *m_selected >= rulers.size()) return false;
    rulers.erase(rulers.begin() + static_cast<std::ptrdiff_t>(*m_selected));
    m_selected.reset();
    m_hovered.reset();
    m_canvas.setRulers(std::move(rulers));
    return true;
}

void RulerTool::filmChanged() {
    m_hovered.reset();
    m_selected.reset();
    m_grabbed.reset();
}

void RulerTool::paintRulers(QPainter& painter, bool isActive) const {
    const auto& rulers = m_canvas.rulers();
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < rulers.size(); ++i) {
        const QPointF from = m_canvas.geometry().toWidget(rulers[i].from);
        const QPointF to = m_canvas.geometry().toWidget(rulers[i].to);
        drawRuler(painter, from, to, isActive && m_selected == i ? kMarked : kLine);
        if (isActive) {
            const auto isHovered = [&](bool isTo) { return m_hovered && m_hovered->ruler == i && m_hovered->isTo == isTo; };
            drawGrip(painter, from, isHovered(false));
            drawGrip(painter, to, isHovered(true));
        }
        const QString length = rulerText(rulers[i], m_canvas.image()->spacing);
        const QPointF end = from.x() > to.x() ? from : to;
        drawHaloText(painter, end + QPointF(12, 0), Qt::AlignLeft | Qt::AlignVCenter, length, {.fontPx = 13, .colour = kLine});
    }
}

}  // namespace cxr::ui
