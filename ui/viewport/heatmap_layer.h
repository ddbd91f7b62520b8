// HeatmapLayer: the heatmap over the film, and only as much of it painted anew as changed:
//   view moved by whole pixels, as a mouse moves it   -> what came into view
//   view zoomed, style or contours changed            -> colours and contours
//   map, colours, threshold, scale changed            -> also the coloured map in its own grid
//   window changed                                    -> nothing
// Boxes are drawn with each frame.
//   thread rule  GUI thread only
#pragma once

#include <QImage>
#include <QSize>
#include <QTransform>
#include <optional>

#include "ui/print/heatmap_painter.h"

class QPainter;

namespace cxr::ui {

class HeatmapLayer {
  public:
    void set(std::optional<ShownHeatmap> shown);
    [[nodiscard]] const std::optional<ShownHeatmap>& shown() const { return m_shown; }
    void setBoxes(std::vector<FindingBox> boxes);

    // filmToPainter: in the painter's units; the painter may be scaled by its device pixel ratio.
    void paint(QPainter& painter, const QTransform& filmToPainter, QSize filmSize, double fontPx);

  private:
    struct View {
        QTransform filmToPainter;
        QSize deviceSize, filmSize;
        double ratio = 1;  // device pixels per unit of the painter
        double fontPx = 0;
        // From here to `next` in whole device pixels; out of sight where it differs in more than that.
        [[nodiscard]] QPoint shiftTo(const View& next) const;
    };
    [[nodiscard]] bool isColouredAs(const ShownHeatmap& next) const;
    void update(const View& view);
    void paintPart(const QRect& devicePart);

    std::optional<ShownHeatmap> m_shown;
    QImage m_coloured;  // in the map's grid
    bool m_isColoured = false;
    QImage m_picture;  // colours and contours as seen in m_view
    View m_view;
    bool m_isPainted = false;
};

}  // namespace cxr::ui
