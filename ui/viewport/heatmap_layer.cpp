// See heatmap_layer.h.
#include "ui/viewport/heatmap_layer.h"

#include <QPainter>
#include <cmath>
#include <utility>

namespace cxr::ui {

namespace {

constexpr double kSamePx = 0.01;  // nobody sees a shift by less
constexpr QPoint kOutOfSight(1 << 24, 0);

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
    m_isPainted = false;
    m_shown = std::move(shown);
    if (m_shown && !m_shown->map) m_shown.reset();
}

void HeatmapLayer::setBoxes(std::vector<FindingBox> boxes) {
    if (m_shown) m_shown->boxes = std::move(boxes);
}

QPoint HeatmapLayer::View::shiftTo(const View& next) const {
    const QTransform &a = filmToPainter, &b = next.filmToPainter;
    const bool isZoomedAlike = a.m11() == b.m11() && a.m12() == b.m12() && a.m21() == b.m21() && a.m22() == b.m22();
    if (!isZoomedAlike || deviceSize != next.deviceSize || filmSize != next.filmSize || ratio != next.ratio || fontPx != next.fontPx) return kOutOfSight;
    const QPointF shift = QPointF(b.dx() - a.dx(), b.dy() - a.dy()) * ratio;
    const QPoint whole = shift.toPoint();
    return (shift - whole).manhattanLength() <= kSamePx ? whole : kOutOfSight;
}

void HeatmapLayer::paintPart(const QRect& devicePart) {
    if (devicePart.isEmpty()) return;
    const double unit = 1 / m_view.ratio;
    QPainter painter(&m_picture);
    painter.setClipRect(QRectF(devicePart.x() * unit, devicePart.y() * unit, devicePart.width() * unit, devicePart.height() * unit));
    paintMap(painter, m_view.filmToPainter, m_view.filmSize, *m_shown, m_view.fontPx, m_coloured);
}

void HeatmapLayer::update(const View& view) {
    const QRect whole(QPoint(), view.deviceSize);
    const QPoint shift = m_isPainted ? m_view.shiftTo(view) : kOutOfSight;
    const QRect kept = whole.translated(shift) & whole;
    if (kept == whole) return;
    if (kept.isEmpty()) {
        m_view = view;
        m_isPainted = true;
        if (m_picture.size() != view.deviceSize) m_picture = QImage(view.deviceSize, QImage::Format_ARGB32_Premultiplied);
        m_picture.setDevicePixelRatio(view.ratio);
        m_picture.fill(Qt::transparent);
        return paintPart(whole);
    }
    // Shifted from where it was painted, and not to `view`: hundredths of pixels must not add up.
    m_view.filmToPainter *= QTransform::fromTranslate(shift.x() / view.ratio, shift.y() / view.ratio);
    m_picture = m_picture.copy(whole.translated(-shift));  // transparent where there was nothing
    const int top = kept.top(), below = kept.bottom() + 1, behind = kept.right() + 1;
    paintPart({0, 0, whole.width(), top});
    paintPart({0, below, whole.width(), whole.height() - below});
    paintPart({0, top, kept.left(), kept.height()});
    paintPart({behind, top, whole.width() - behind, kept.height()});
}

void HeatmapLayer::paint(QPainter& painter, const QTransform& filmToPainter, QSize filmSize, double fontPx) {
    if (!m_shown) return;
    if (!m_isColoured) {
        m_coloured = colouredMap(*m_shown->map, m_shown->style);
        m_isColoured = true;
    }
    const double ratio = painter.device()->devicePixelRatioF();
    const QSizeF size = QSizeF(painter.window().size()) * ratio;
    update({filmToPainter, QSize(static_cast<int>(std::ceil(size.width())), static_cast<int>(std::ceil(size.height()))), filmSize, ratio, fontPx});
    painter.drawImage(QPointF(), m_picture);
    paintMapBoxes(painter, filmToPainter, filmSize, *m_shown, fontPx);
}

}  // namespace cxr::ui
