// ViewGeometry: where the film lies in the widget: centre, zoom, quarter turns, mirroring, device pixel ratio.
//   widget = W/2 + M * R * (film - centre) * zoom / dpr     R = quarter turns clockwise, M = mirroring, R first
// Plain value; any thread.
#pragma once

#include <QPointF>
#include <QSize>
#include <QSizeF>
#include <QTransform>

#include "core/base/geometry.h"
#include "ui/viewport/film_orientation.h"

namespace cxr::ui {

inline constexpr double kSmallestZoom = 0.01;
inline constexpr double kLargestZoom = 64;

struct ViewGeometry {
    QSize filmSize;            // film px; empty = no film
    QSizeF widgetSize;         // logical px
    double devicePixelRatio = 1;
    double zoom = 1;           // device px of the screen per film px: 1 shows every film pixel as one screen pixel
    PointPx centre;            // film point in the middle of the widget
    FilmOrientation orientation;

    [[nodiscard]] QTransform filmToWidget() const;  // logical px
    [[nodiscard]] QTransform filmToDevice() const;  // device px
    [[nodiscard]] QSize deviceSize() const;
    [[nodiscard]] PointPx toFilm(QPointF widgetPoint) const;
    [[nodiscard]] QPointF toWidget(PointPx filmPoint) const;
    [[nodiscard]] bool isInFilm(PointPx filmPoint) const;

    [[nodiscard]] double fitZoom() const;  // the whole film just fits
    void fit();
    // Keeps the film point under `widgetPoint` where it is; clamps the zoom.
    void zoomAbout(QPointF widgetPoint, double newZoom);
    void panBy(QPointF widgetDelta);
    void moveCentre(PointPx filmPoint);  // clamped to the film
};

}  // namespace cxr::ui
