// The standard pose of a chest film: the square round heart and lungs, turned upright, in which networks judge it.
//   upright   by the line that halves the angle between the lungs' long axes; beyond 15 degrees the film stays as it is.
//             Over 1,606 films of NIH ChestX-ray14 its turn spreads by 3.2 degrees, that of the line between the lungs'
//             centroids by 5.0 and that between their apices by 4.9: of what they share (2.4) the axes add the least noise.
//   square    the lungs' and the heart's bounds along the turned axes (the heart counts because fluid hides the bases of
//             the lungs), the longer side plus 8 % of it on each side, round the middle of the bounds
// A lung that is missing or tiny, or bounds that are no chest's: the largest centred square of the film, not trusted.
// Pure functions; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>

#include "core/base/geometry.h"
#include "core/engine/engine.h"

namespace cxr {

// A square on the film, in film pixels; it may reach beyond the film's edges.
struct ThoraxFrame {
    PointPx centre;
    double sidePx = 1;       // > 0
    double angleDeg = 0;     // of the square's upper edge, clockwise on screen
    bool isTrusted = false;  // false: made without the lungs
    bool operator==(const ThoraxFrame&) const = default;
};

inline constexpr double kLargestTurnDeg = 15;
inline constexpr double kThoraxMargin = 0.08;  // each side, share of the longer side of the bounds

// `segmentation` in the pixels of a film of this size. REQUIRES: width, height >= 1.
ThoraxFrame thoraxFrame(const Segmentation& segmentation, int filmWidth, int filmHeight);

// Squares that need no lungs (isTrusted is false): the largest centred one inside the film, and the smallest round it.
ThoraxFrame centredSquare(int filmWidth, int filmHeight);
ThoraxFrame letterboxSquare(int filmWidth, int filmHeight);

// What lies in the square, on a grid of size x size cells: CV_32FC1, each cell the mean of what it covers (bilinear
// where a cell is smaller than a pixel), 0 outside of the film. REQUIRES: film of one channel, not empty; size >= 1.
cv::Mat warpToFrame(const cv::Mat& film, const ThoraxFrame& frame, int size);

}  // namespace cxr
