// Probabilities -> one clean mask per organ, on a fine grid over the film.
//   bilinear to about 512 cells a side -> p > threshold, each cell to its likeliest lung -> largest part (of a lung: the
//   largest on its side of the film) -> holes filled -> opened and closed with a small disc
// Pure functions; thread-safe.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>

#include "core/engine/engine.h"
#include "core/image/polygon.h"

namespace cxr {

struct OrganMasks {
    std::array<cv::Mat, kOrganCount> mask;          // CV_8UC1 0 or 255, all of one size; all zero = organ not found
    std::array<double, kOrganCount> kept{1, 1, 1};  // share of the thresholded cells that the largest part holds
    std::array<double, kOrganCount> certainty{0, 0, 0};  // mean of |2p - 1| inside the mask: 1 = no doubt
    PointPx originPx;                                    // film position of the grid's corner
    double cellPx = 1;                                   // film pixels per cell
};

OrganMasks organMasks(const Segmentation& segmentation, double threshold = 0.5);

// Largest 4-connected part without holes. CV_8UC1 0 or 255.
cv::Mat largestPart(const cv::Mat& mask);
cv::Mat withoutHoles(const cv::Mat& mask);

// Smooth outline of a mask in film pixels: `count` evenly spaced points; empty if nothing is set.
Polygon outlineOf(const cv::Mat& mask, PointPx originPx, double cellPx, int count);

}  // namespace cxr
