// The heart region as HeartSpot's authors found theirs: where a network that judges the heart's size looks.
//   S1 section II, "Region of Interest Heart Mask": attributions of many films are averaged, smoothed, read as a binary mask.
//   a = mean over films of |relevance|      on the network's grid (core/explain; S1: DeepLift)
//   s = Gaussian of a, bilinear to side x side
//   t = the s above which `keptShare` of the cells lie; 0.47 is the share that S1's heart keeps (Table II, IMR), or Otsu's
//       threshold (IEEE Trans. SMC 1979), which separates two groups of s best
//   gray = 255 (s / max s)^g with g so that t becomes 100: the prior keeps cells >= 100
//   thread rule  pure functions but for the engine's call; call from a worker
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/image/image.h"
#include "core/model/pack.h"
#include "core/pipeline/heart_region.h"

namespace cxr {

struct RelevanceRegionOptions {
    int side = 160;           // of the picture, >= 8
    double smoothing = 0.05;  // the Gaussian's sigma as a share of the side
    double keptShare = 0.47;  // in (0, 1); 0: Otsu's threshold
};

struct RelevanceRegion {
    HeartRegion region;
    double otsuShare = 0;  // what Otsu's threshold would keep
};

// The plane of one of the films, all of one shape.
using FilmRelevance = std::function<Result<Plane>(std::size_t film, const RunContext&)>;

// fails as `relevance` does; Corrupt (relevance is 0 everywhere, or no number), Cancelled. REQUIRES: films > 0
Result<RelevanceRegion> averageRelevanceRegion(std::size_t films, const FilmRelevance& relevance, const RelevanceRegionOptions& options,
                                               const RunContext& context);

// What of a film made the pack's output `output` as large as it is, on the centre crop.
// fails Unsupported (the pack does not read the centre crop alone), as networkInput and Engine::explain do.
Result<Plane> cropRelevance(const Image& film, const Pack& pack, const std::string& output, const ExplainOptions& options, Engine& engine,
                            const RunContext& context);

struct RegionOverlap {
    double dice = 0, iou = 0;
    double keptShare = 0, otherShare = 0;  // cells >= 100
};
// Both as the prior reads them at `region`'s size: `other` resized to the nearest cell. REQUIRES: CV_8UC1, not empty
RegionOverlap regionOverlap(const cv::Mat& region, const cv::Mat& other);

}  // namespace cxr
