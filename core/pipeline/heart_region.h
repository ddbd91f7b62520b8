// The population heart region for HeartSpot's Heart prior: mean heart probability of our own network over many films.
//   each film's heart probability in its largest centred square -> mean -> Gaussian (sigma 2 cells) -> gray value
//   gray = 255 p^g with g so that p = keepAbove becomes 100: the prior keeps cells >= 100
//   thread rule  pure function; call from a worker
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/pipeline/evaluate_heart.h"

namespace cxr {

struct HeartRegion {
    cv::Mat gray;          // CV_8UC1 [side, side]
    double keptShare = 0;  // cells >= 100
};

// REQUIRES: films not empty, side >= 8, keepAbove in (0, 1). fails as `segment` does, Cancelled.
Result<HeartRegion> averageHeartRegion(const std::vector<LabelledFilm>& films, const SegmentFilm& segment, int side,
                                       double keepAbove, const RunContext& context);

}  // namespace cxr
