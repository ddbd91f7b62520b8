// Landscape: one heatmap over its film as heights, skin and lines, and what lies under a point of the screen. No OpenGL here.
//   height   value / end of the scale x kReliefHeight, limited to the scale; values against the finding lie below the film where
//            the colours show both signs, else at 0; 0 where the map has no value
//   between  cells are joined by straight lines (core/localize/map_geometry.h). Where the map is finer than the grid, a point of
//            the grid takes the largest of the values round it, so that no peak is lost
//   skin     the film in gray with the map's colours on it, and the letters of its edges, which turn with it
//   lines    iso-lines of the map, outlines of heart and lungs
//   cost     landscapeOf 20-60 ms: call from a worker. Immutable once made; any thread
#pragma once

#include <QImage>
#include <QSize>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/run_context.h"
#include "core/image/image.h"
#include "core/measure/chest.h"
#include "ui/print/heatmap_painter.h"
#include "ui/relief/relief_camera.h"

namespace cxr::ui {

inline constexpr double kReliefHeight = 0.24;  // of the film's longer side, at the end of the scale

// The film that all landscapes of a window lie on.
struct ReliefFilm {
    ImagePtr image;
    std::optional<ChestMeasurement> chest;
    QImage gray;  // as displayed, RGB32, at most 1024 px; edge letters in it
    [[nodiscard]] QSize size() const { return {image->width(), image->height()}; }
};
using ReliefFilmPtr = std::shared_ptr<const ReliefFilm>;
// fails Cancelled. REQUIRES: image not null
Result<ReliefFilmPtr> reliefFilm(const ImagePtr& image, const VoiSetting& voi, const std::optional<ChestMeasurement>& chest, const RunContext& context = {});

// Heights on an even grid over the whole film, from edge to edge; rows downwards.
struct HeightGrid {
    int columns = 0, rows = 0;
    std::vector<float> heights;  // world units
    [[nodiscard]] double at(double u, double v) const;  // bilinear; shares of the film's width and height, limited to [0, 1]
};
// `side` points on the film's longer side. No map: flat.
HeightGrid heightGrid(const std::optional<ShownHeatmap>& shown, QSize film, int side);

struct ReliefLine {
    std::vector<Vector3> points;
    QRgb colour = 0;
    bool isOutline = false;  // of heart or lungs; else an iso-line
};

struct Landscape {
    ReliefFilmPtr film;
    std::optional<ShownHeatmap> shown;  // none: the bare film, flat
    QString sentence;                   // why there is no landscape: nothing in the map speaks for the finding; else empty
    HeightGrid fine, coarse;            // coarse: while the camera moves
    QImage skin;
    std::vector<ReliefLine> lines;
};
using LandscapePtr = std::shared_ptr<const Landscape>;
// The style carries the scale that all landscapes share. fails Cancelled. REQUIRES: film not null
Result<LandscapePtr> landscapeOf(const ReliefFilmPtr& film, const std::optional<ShownHeatmap>& shown, const RunContext& context = {});

// The film point under a point of the view; nullopt beside the landscape.
std::optional<PointPx> filmPointAt(const Landscape& landscape, const ReliefCamera& camera, QSizeF view, QPointF at);
// Where a film point stands in the view.
std::optional<QPointF> viewPointOf(const Landscape& landscape, const ReliefCamera& camera, QSizeF view, PointPx film);

// "heart", "left lung", "right lung", "outside heart and lungs"; empty: the film was not measured.
QString anatomyAt(const std::optional<ChestMeasurement>& chest, PointPx film);

}  // namespace cxr::ui
