// See box_tool.h.
#include "ui/viewport/tools/box_tool.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

namespace cxr::ui {

namespace {

constexpr double kLeastSidePx = 4;  // film pixels
constexpr double kHandlePx = 4;
constexpr double kFrameGrabPx = 6;  // logical px from the frame

struct Side {
    int x, y;
};
constexpr std::array<Side, 8> kSides{{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {0, -1}, {1, 0}, {0, 1}, {-1, 0}}};

PointPx pointOf(const RectPx& box, Side side) {
    return {box.left + box.width * (side.x + 1) / 2, box.top + box.height * (side.y + 1) / 2};
}

double distanceToFrame(const QRectF& frame, QPointF at) {
    const double outsideX = std::max({frame.left() - at.x(), at.x() - frame.right(), 0.0});
    const double outsideY = std::max({frame.top() - at.y(), at.y() - frame.bottom(), 0.0});
    if (outsideX > 0 || outsideY > 0) return std::hypot(outsideX, outsideY);
    return std::min({at.x() - frame.left(), frame.right() - at.x(), at.y() - frame.top(), frame.bottom() - at.y()});
}

// `from` .. `to` with one end moved by `by`, not shorter than kLeastSidePx and not beyond [0, limit].
void moveEnds(double& low, double& length, int side, double by, double limit) {
    double high = low + length;
    if (side < 0) low = std::clamp(low + by, 0.0, high - kLeastSidePx);
    if (side > 0) high = std::clamp(high + by, low + kLeastSidePx, limit);
    length = high - low;
}

}  // namespace

std::vector<QPointF> BoxTool::handles(const FindingBox& box) const {
    std::vector<QPointF> points;
    for (const Side side : kSides) points.push_back(m_canvas.geometry().toWidget(pointOf(box.box, side)));
    return points;
}

std::optional<BoxTool::Grip> BoxTool::gripOf(std::size_t index, const FindingBox& box, QPointF at) const {
    const std::vector<QPointF> points = handles(box);
    std::optional<Grip> nearest;
    double best = kGrabRadiusPx * 0.75;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double away = QLineF(at, points[i]).length();
        if (away > best) continue;
        best = away;
        nearest = Grip{index, kSides[i].x, kSides[i].y, away};
    }
    if (nearest) return nearest;
    const double away = distanceToFrame(QRectF(points[0], points[2]).normalized(), at);
    return away <= kFrameGrabPx ? std::optional(Grip{index, 0, 0, away}) : std::nullopt;
}

std::optional<BoxTool::Grip> BoxTool::gripAt(QPointF at) const {
    std::optional<Grip> nearest;
    if (!m_canvas.isEditing()) return nearest;
    const std::vector<FindingBox>& boxes = m_canvas.shownBoxes();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const auto grip = gripOf(i, boxes[i], at);
        if (grip && (!nearest || grip->distance < nearest->distance)) nearest = grip;
    }
    return nearest;
}

Qt::CursorShape BoxTool::cursor() const {
    const auto& grip = m_grabbed ? m_grabbed : m_hovered;
    if (!grip) return Qt::ArrowCursor;
    return grip->sideX == 0 && grip->sideY == 0 ? Qt::SizeAllCursor : Qt::CrossCursor;
}

std::optional<double> BoxTool::grabDistance(QPointF at) const {
    const auto grip = gripAt(at);
    return grip ? std::optional(grip->distance) : std::nullopt;
}

void BoxTool::hover(QPointF at, bool isNearest) { m_hovered = isNearest ? gripAt(at) : std::nullopt; }

void BoxTool::leave() { m_hovered.reset(); }

void BoxTool::press(QPointF at) {
    m_edited = false;
    m_grabbed = gripAt(at);
    m_selected = m_grabbed ? std::optional(m_grabbed->box) : std::nullopt;
    m_before = m_canvas.shownBoxes();
    m_pressedFilm = m_canvas.geometry().toFilm(at);
    m_canvas.refresh();
}

void BoxTool::drag(QPointF at) {
    if (!m_grabbed || m_grabbed->box >= m_before.size()) return;
    std::vector<FindingBox> boxes = m_before;
    FindingBox& edited = boxes[m_grabbed->box];
    const PointPx film = m_canvas.geometry().toFilm(at);
    const double dx = film.x - m_pressedFilm.x;
    const double dy = film.y - m_pressedFilm.y;
    const QSize size = m_canvas.geometry().filmSize;
    RectPx& box = edited.box;
    if (m_grabbed->sideX == 0 && m_grabbed->sideY == 0) {
        box.left = std::clamp(box.left + dx, 0.0, std::max(0.0, size.width() - box.width));
        box.top = std::clamp(box.top + dy, 0.0, std::max(0.0, size.height() - box.height));
    } else {
        moveEnds(box.left, box.width, m_grabbed->sideX, dx, size.width());
        moveEnds(box.top, box.height, m_grabbed->sideY, dy, size.height());
    }
    edited.isEdited = true;
    m_edited = true;
    m_canvas.editBoxes(std::move(boxes), false);
}

void BoxTool::release(QPointF) {
    m_grabbed.reset();
    if (m_edited) m_canvas.editBoxes(std::vector<FindingBox>(m_canvas.shownBoxes()), true);
    m_edited = false;
}

void BoxTool::cancel() {
    m_grabbed.reset();
    if (m_edited) m_canvas.editBoxes(m_before, false);
    m_edited = false;
}

bool BoxTool::deleteSelected() {
    std::vector<FindingBox> boxes = m_canvas.shownBoxes();
    if (!m_canvas.isEditing() || !m_selected || *m_selected >= boxes.size()) return false;
    boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(*m_selected));
    m_selected.reset();
    m_hovered.reset();
    m_canvas.editBoxes(std::move(boxes), true);
    return true;
}

void BoxTool::filmChanged() {
    m_hovered.reset();
    m_grabbed.reset();
    m_selected.reset();
    m_before.clear();
}

void BoxTool::paint(QPainter& painter) const {
    if (!m_canvas.isEditing()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    const std::vector<FindingBox>& boxes = m_canvas.shownBoxes();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const bool isMarked = m_selected == i || (m_hovered && m_hovered->box == i);
        painter.setPen(QPen(QColor(0, 0, 0, 210), 1.2));
        painter.setBrush(isMarked ? QColor(255, 221, 87) : QColor(Qt::white));
        const double half = isMarked ? kHandlePx + 1 : kHandlePx;
        for (const QPointF& at : handles(boxes[i])) painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half));
    }
    painter.setBrush(Qt::NoBrush);
}

}  // namespace cxr::ui
