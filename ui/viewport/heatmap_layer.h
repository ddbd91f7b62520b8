// HeatmapLayer: the heatmap over the film, coloured once and kept: panning, zooming and windowing only draw it again.
//   opacity, contours, boxes   drawn with each frame
//   map, colours, threshold, scale   coloured again when they change
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
    [[nodiscard]] bool isColouredAs(const ShownHeatmap& next) const;

    std::optional<ShownHeatmap> m_shown;
    QImage m_coloured;
    bool m_isColoured = false;
};

}  // namespace cxr::ui
