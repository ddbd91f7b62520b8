// See magnifier_tool.h.
#include "ui/viewport/tools/magnifier_tool.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/print/halo_text.h"

namespace cxr::ui {

namespace {
constexpr double kDiameterPx = 240;  // logical px
constexpr int kSmallestFactor = 2;
constexpr int kLargestFactor = 4;
}  // namespace

void MagnifierTool::hover(QPointF at, bool) {
    m_at = at;
    m_canvas.refresh();
}

void MagnifierTool::leave() {
    m_at.reset();
    m_canvas.refresh();
}

void MagnifierTool::press(QPointF at) {
    m_factor = m_factor == kLargestFactor ? kSmallestFactor : m_factor + 1;
    hover(at, true);
}

void MagnifierTool::paint(QPainter& painter) const {
    const ViewGeometry& view = m_canvas.geometry();
    if (!m_at || !view.isInFilm(view.toFilm(*m_at))) return;
    const int devicePx = static_cast<int>(std::lround(kDiameterPx * view.devicePixelRatio));
    const QImage piece = m_canvas.magnified(view.toFilm(*m_at), view.zoom * m_factor, devicePx);
    const QRectF circle(m_at->x() - kDiameterPx / 2, m_at->y() - kDiameterPx / 2, kDiameterPx, kDiameterPx);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath clip;
    clip.addEllipse(circle);
    painter.setClipPath(clip);
    painter.drawImage(circle, piece);
    painter.setClipping(false);
    painter.setPen(QPen(QColor(0, 0, 0, 160), 5));
    painter.drawEllipse(circle);
    painter.setPen(QPen(QColor(235, 238, 242), 2));
    painter.drawEllipse(circle);
    painter.restore();
    drawHaloText(painter, {circle.center().x(), circle.bottom() - 10}, Qt::AlignHCenter | Qt::AlignBottom,
                 QStringLiteral("%1×").arg(m_factor), {.fontPx = 13, .colour = Qt::white, .bold = true});
}

}  // namespace cxr::ui
