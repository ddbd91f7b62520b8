// Film <-> widget; see view_geometry.h.
#include "ui/viewport/view_geometry.h"

#include <algorithm>
#include <cmath>

namespace cxr::ui {

namespace {

// The linear part without the zoom: exact, all entries are -1, 0 or 1.
QTransform turnAndMirror(const FilmOrientation& orientation) {
    const int turns = ((orientation.quarterTurns % 4) + 4) % 4;
    static constexpr int kCos[4] = {1, 0, -1, 0};
    static constexpr int kSin[4] = {0, 1, 0, -1};
    const int c = kCos[turns];
    const int s = kSin[turns];
    const int mx = orientation.flipHorizontal ? -1 : 1;
    const int my = orientation.flipVertical ? -1 : 1;
    return {static_cast<qreal>(mx * c), static_cast<qreal>(my * s), static_cast<qreal>(-mx * s),
            static_cast<qreal>(my * c), 0, 0};
}

QTransform about(const ViewGeometry& view, double scale, double width, double height) {
    QTransform result = turnAndMirror(view.orientation);
    result = QTransform::fromScale(scale, scale) * result;
    const QPointF moved = result.map(QPointF(view.centre.x, view.centre.y));
    return result * QTransform::fromTranslate(width / 2 - moved.x(), height / 2 - moved.y());
}

}  // namespace

QTransform ViewGeometry::filmToWidget() const {
    return about(*this, zoom / devicePixelRatio, widgetSize.width(), widgetSize.height());
}

QTransform ViewGeometry::filmToDevice() const {
    return about(*this, zoom, widgetSize.width() * devicePixelRatio, widgetSize.height() * devicePixelRatio);
}

QSize ViewGeometry::deviceSize() const {
    return {static_cast<int>(std::ceil(widgetSize.width() * devicePixelRatio)),
            static_cast<int>(std::ceil(widgetSize.height() * devicePixelRatio))};
}

PointPx ViewGeometry::toFilm(QPointF widgetPoint) const {
    const QPointF film = filmToWidget().inverted().map(widgetPoint);
    return {film.x(), film.y()};
}

QPointF ViewGeometry::toWidget(PointPx filmPoint) const {
    return filmToWidget().map(QPointF(filmPoint.x, filmPoint.y));
}

bool ViewGeometry::isInFilm(PointPx filmPoint) const {
    return filmPoint.x >= 0 && filmPoint.y >= 0 && filmPoint.x < filmSize.width() && filmPoint.y < filmSize.height();
}

double ViewGeometry::fitZoom() const {
    if (filmSize.isEmpty() || widgetSize.isEmpty()) return 1;
    const bool lying = orientation.quarterTurns % 2 != 0;
    const double filmWidth = lying ? filmSize.height() : filmSize.width();
    const double filmHeight = lying ? filmSize.width() : filmSize.height();
    const double zoomToFit = std::min(widgetSize.width() / filmWidth, widgetSize.height() / filmHeight) * devicePixelRatio;
    return std::clamp(zoomToFit, kSmallestZoom, kLargestZoom);
}

void ViewGeometry::fit() {
    zoom = fitZoom();
    centre = {filmSize.width() / 2.0, filmSize.height() / 2.0};
}

void ViewGeometry::zoomAbout(QPointF widgetPoint, double newZoom) {
    const PointPx before = toFilm(widgetPoint);
    zoom = std::clamp(newZoom, kSmallestZoom, kLargestZoom);
    const PointPx after = toFilm(widgetPoint);
    moveCentre({centre.x + before.x - after.x, centre.y + before.y - after.y});
}

void ViewGeometry::panBy(QPointF widgetDelta) {
    const QPointF middle(widgetSize.width() / 2, widgetSize.height() / 2);
    moveCentre(toFilm(middle - widgetDelta));
}

void ViewGeometry::moveCentre(PointPx filmPoint) {
    centre = {std::clamp(filmPoint.x, 0.0, static_cast<double>(filmSize.width())),
              std::clamp(filmPoint.y, 0.0, static_cast<double>(filmSize.height()))};
}

}  // namespace cxr::ui
