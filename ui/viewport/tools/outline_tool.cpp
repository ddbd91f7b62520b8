// See outline_tool.h.
#include "ui/viewport/tools/outline_tool.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>

#include "ui/print/findings_painter.h"
#include "ui/viewport/outline_spline.h"

namespace cxr::ui {

namespace {
constexpr int kHeartHandles = 14;
constexpr int kLungHandles = 16;
constexpr std::size_t kFewestHandles = 3;

int handleCount(Organ organ) { return organ == Organ::Heart ? kHeartHandles : kLungHandles; }
}  // namespace

const OutlineTool::HandleSet& OutlineTool::handleSet(const Outline& outline) const {
    HandleSet& set = m_sets[static_cast<std::size_t>(outline.organ)];
    if (set.pointCount != outline.points.size()) {
        set = {outline.points.size(), handleIndices(outline.points, handleCount(outline.organ))};
    }
    return set;
}

std::vector<PointPx> OutlineTool::handles(Organ organ) const {
    const auto& shown = m_canvas.shownMeasurement();
    std::vector<PointPx> points;
    if (!shown) return points;
    const Outline& outline = shown->outlines[static_cast<std::size_t>(organ)];
    if (outline.points.empty()) return points;
    for (const std::size_t index : handleSet(outline).indices) points.push_back(outline.points[index]);
    return points;
}

std::optional<OutlineTool::Grip> OutlineTool::gripAt(QPointF at) const {
    std::optional<Grip> nearest;
    double best = kGrabRadiusPx;
    for (int i = 0; i < kOrganCount; ++i) {
        const auto organ = static_cast<Organ>(i);
        const std::vector<PointPx> points = handles(organ);
        for (std::size_t k = 0; points.size() >= kFewestHandles && k < points.size(); ++k) {
            const double away = QLineF(at, m_canvas.geometry().toWidget(points[k])).length();
            if (away > best) continue;
            best = away;
            nearest = Grip{organ, k, away};
        }
    }
    return nearest;
}

Qt::CursorShape OutlineTool::cursor() const { return m_grabbed || m_hovered ? Qt::SizeAllCursor : m_window.cursor(); }

std::optional<double> OutlineTool::grabDistance(QPointF at) const {
    const auto grip = gripAt(at);
    return grip ? std::optional(grip->distance) : std::nullopt;
}

void OutlineTool::hover(QPointF at, bool isNearest) {
    m_hovered = isNearest ? gripAt(at) : std::nullopt;
    m_canvas.refresh();
}

void OutlineTool::leave() {
    m_hovered.reset();
    m_canvas.refresh();
}

void OutlineTool::press(QPointF at) {
    m_edited = false;
    m_grabbed = gripAt(at);
    if (!m_grabbed) {
        m_window.press(at);
        return;
    }
    m_before = m_canvas.shownMeasurement();
    m_pressedFilm = m_canvas.geometry().toFilm(at);
}

void OutlineTool::drag(QPointF at) {
    if (!m_grabbed) {
        m_window.drag(at);
        return;
    }
    if (!m_before) return;
    Outline outline = m_before->outlines[static_cast<std::size_t>(m_grabbed->organ)];
    const std::vector<std::size_t>& indices = handleSet(outline).indices;
    std::vector<PointPx> moved(indices.size());
    const PointPx film = m_canvas.geometry().toFilm(at);
    moved[m_grabbed->handle] = {film.x - m_pressedFilm.x, film.y - m_pressedFilm.y};
    outline.points = displacedOutline(outline.points, indices, moved);
    const QSize size = m_canvas.geometry().filmSize;
    for (PointPx& point : outline.points) {
        point.x = std::clamp(point.x, 0.0, static_cast<double>(size.width()));
        point.y = std::clamp(point.y, 0.0, static_cast<double>(size.height()));
    }
    outline.edited = true;
    m_edited = true;
    m_canvas.editMeasurement(withOutline(*m_before, outline), false);
}

void OutlineTool::release(QPointF at) {
    if (!m_grabbed) {
        m_window.release(at);
        return;
    }
    m_grabbed.reset();
    m_before.reset();
    if (m_edited && m_canvas.shownMeasurement()) m_canvas.editMeasurement(ChestMeasurement(*m_canvas.shownMeasurement()), true);
}

void OutlineTool::cancel() {
    if (!m_grabbed) {
        m_window.cancel();
        return;
    }
    m_grabbed.reset();
    if (m_before && m_edited) m_canvas.editMeasurement(*m_before, false);
    m_before.reset();
}

void OutlineTool::filmChanged() {
    m_window.filmChanged();
    m_sets = {};
    m_hovered.reset();
    m_grabbed.reset();
    m_before.reset();
}

void OutlineTool::paint(QPainter& painter) const {
    painter.setRenderHint(QPainter::Antialiasing);
    const auto& marked = m_grabbed ? m_grabbed : m_hovered;
    for (int i = 0; i < kOrganCount; ++i) {
        const auto organ = static_cast<Organ>(i);
        const std::vector<PointPx> points = handles(organ);
        if (points.size() < kFewestHandles) continue;
        for (std::size_t k = 0; k < points.size(); ++k) {
            const bool isMarked = marked && marked->organ == organ && marked->handle == k;
            painter.setPen(QPen(QColor(0, 0, 0, 210), 1.5));
            painter.setBrush(isMarked ? QColor(Qt::white) : organColour(organ));
            painter.drawEllipse(m_canvas.geometry().toWidget(points[k]), isMarked ? 7 : 4.5, isMarked ? 7 : 4.5);
        }
    }
    painter.setBrush(Qt::NoBrush);
}

}  // namespace cxr::ui
