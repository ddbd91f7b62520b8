// See heatmap_layer.h.
#include "ui/viewport/heatmap_layer.h"

#include <QPainter>
#include <utility>

namespace cxr::ui {

namespace {

bool isSame(const std::optional<MapScale>& a, const std::optional<MapScale>& b) {
    if (a.has_value() != b.has_value()) return false;
    return !a || (a->low == b->low && a->high == b->high);
}

}  // namespace

bool HeatmapLayer::isColouredAs(const ShownHeatmap& next) const {
    if (!m_isColoured || !m_shown || m_shown->map != next.map) return false;
    const HeatmapStyle& a = m_shown->style;
    const HeatmapStyle& b = next.style;
    return a.colours == b.colours && a.threshold == b.threshold && a.showColours == b.showColours && isSame(a.locked, b.locked);
}

void HeatmapLayer::set(std::optional<ShownHeatmap> shown) {
    if (!shown || !isColouredAs(*shown)) m_isColoured = false;
    m_shown = std::move(shown);
    if (m_shown && !m_shown->map) m_shown.reset();
}

void HeatmapLayer::setBoxes(std::vector<FindingBox> boxes) {
    if (m_shown) m_shown->boxes = std::move(boxes);
}

void HeatmapLayer::paint(QPainter& painter, const QTransform& filmToPainter, QSize filmSize, double fontPx) {
    if (!m_shown) return;
    if (!m_isColoured) {
        m_coloured = colouredMap(*m_shown->map, m_shown->style);
        m_isColoured = true;
    }
    paintHeatmap(painter, filmToPainter, filmSize, *m_shown, fontPx, &m_coloured);
}

}  // namespace cxr::ui
