// A film becomes what a network reads, as its manifest says: the same function in training and in use.
//   letterbox         the smallest square round the film          centre-crop  the largest centred square inside it
//   thorax            the upright square round heart and lungs (core/measure/thorax_frame.h)
//   heartspot         HeartSpot (core/prior) on the displayed gray: kept pixels in their places, 0 elsewhere
//   heartspot-filled  the same without gaps (core/prior/gap_filling.h), on a grid of any size
//   heartspot-vector  its kept pixels, row by row: planes [1, 1, n]
//   heartspot-thorax, -thorax-filled, -thorax-vector  of the thorax square instead of the film's middle
// Planes: "film" is displayed gray in [0, 1]; "heart", "left_lung", "right_lung" are the segmentation's probabilities on
// the same grid. 0 outside of the film.
//   thread rule  pure functions but for the heart region's file; any thread
#pragma once

#include <opencv2/core/mat.hpp>

#include "core/base/geometry.h"
#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/measure/thorax_frame.h"
#include "core/model/manifest.h"

namespace cxr {

// Where a grid lies on the film: column x and row y of the grid (0, 0 = corner of its first cell) are the film's point
// origin + x * perColumn + y * perRow. A grid of another resolution over the same square (a CAM): scale x and y first.
struct PlaneFrame {
    PointPx origin, perColumn{1, 0}, perRow{0, 1};
    bool isGrid = true;     // false: a HeartSpot vector has no grid; the frame is that of the picture it was taken from
    bool isTrusted = true;  // false: "thorax" fell back to the centre of the film
    [[nodiscard]] PointPx onFilm(double x, double y) const {
        return {origin.x + x * perColumn.x + y * perRow.x, origin.y + x * perColumn.y + y * perRow.y};
    }
};
// For a film that was shrunk by `factor` before (networkFilm's `scale`): the frame in the whole film's pixels.
PlaneFrame scaled(PlaneFrame frame, double factor);

struct NetworkInput {
    NetworkPlanes planes;
    PlaneFrame frame;
};

// What a network of a heartspot framing reads of kept pixels alone: `vector` row by row in the places of `mask` (CV_8UC1 0/1,
// the prior's). fails InvalidArgument (a size that is not the prior's; not for "-filled"), as reconstruct does.
Result<NetworkPlanes> keptPlanes(const ModelInput& input, const cv::Mat& mask, const std::vector<float>& vector);

bool needsSegmentation(const ModelInput& input);
// The prior reads a heart region.
bool needsHeartRegion(const ModelInput& input);

// `segmentation` in the pixels of `film`; null where needsSegmentation is false. `heartRegion` CV_8UC1; empty: the shipped one.
// fails Corrupt (the prior is not the one whose hash the manifest names), InvalidArgument (no segmentation, a size that is
//       not the prior's), Unsupported (framing or plane unknown), NotFound (no heart region), Cancelled.
Result<NetworkInput> networkInput(const ModelInput& input, const GrayFilm& film, const Segmentation* segmentation,
                                  const cv::Mat& heartRegion = {}, const RunContext& context = {});

}  // namespace cxr
