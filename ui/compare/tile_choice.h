// What a tile of the compare window shows, and making it: pictures of priors, other films, differences of maps.
//   thread rule  TileChoice is a plain value; the functions are pure, call them from a worker
#pragma once

#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"
#include "core/localize/heatmap.h"
#include "core/localize/map_scale.h"
#include "core/measure/chest.h"

namespace cxr::ui {

struct TileChoice {
    enum class Kind { Film, Map, Prior, OtherFilm, Difference };
    Kind kind = Kind::Film;
    QString name;  // Map: the output; Prior: its name; OtherFilm: its path
    QString pack;  // Map: the pack's id
    ExplainMethod method = ExplainMethod::Cam;
    bool operator==(const TileChoice&) const = default;
};

// A picture and where it lies on the reference film: reference px = offset + scale * picture px.
struct PlacedImage {
    ImagePtr image;
    double scale = 1;
    PointPx offset;
};

// The HeartSpot picture of a prior in its own pixels: kept pixels as displayed, the others black.
// fails as priorByName and makeHeartSpotPicture do; InvalidArgument without a heart outline where the prior needs one
Result<PlacedImage> priorPicture(const ImagePtr& film, const VoiSetting& voi, const QString& prior, const std::optional<ChestMeasurement>& chest,
                                 const RunContext& context);
// Another film beside the reference: as wide, its middle at the middle.
PlacedImage placedBeside(const ImagePtr& other, const Image& reference);

struct MapDifference {
    Heatmap map;
    QString sentence;  // which map minus which
    QString unit;
};
// a - b over the whole film on cells of `side` on its longer side, each as a share of its own largest value where their
// units differ. Outside of one of the grids: 0.
MapDifference differenceOf(const Heatmap& a, const Heatmap& b, int filmWidth, int filmHeight, int side = 256);

// The scale of all maps that have this one's unit; empty: nothing to show.
std::optional<MapScale> commonScaleOf(const Heatmap& own, const std::vector<std::shared_ptr<const Heatmap>>& maps, bool isDiverging);

}  // namespace cxr::ui
