// Regions of a film for the question what a network looks at: heart, lungs, what is not the patient, and the corners.
//   heart, lungs  the outlines of the measurement, with the user's corrections
//   outside       what is not the body, on the displayed gray (bone bright):
//                 1. margins: rows and columns from each edge inwards whose gray spans less than 2 % of black to white
//                    (shutters, printed borders), whatever their gray
//                 2. air: gray below half the median gray inside the lungs (without lungs: below half the film's median),
//                    opened by 1 % of the side and joined to the film's edge or to a margin; lungs and heart excepted
//   corners       the four corner squares of 15 % of the shorter side, where letters, markers and labels stand; heart and
//                 lungs excepted
// The limits are choices of ours. Pure functions; thread-safe.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>

#include "core/engine/engine.h"
#include "core/measure/chest.h"

namespace cxr {

inline constexpr double kCornerShare = 0.15;

struct FilmRegions {
    std::array<cv::Mat, kOrganCount> organs;  // CV_8UC1 0 or 255; all zero: not found
    cv::Mat outside, corners;                 // CV_8UC1 0 or 255
    double cellWidthPx = 1, cellHeightPx = 1; // film pixels per mask pixel
    bool isUncertain = false;                 // of the outlines: mask uncertain
    // Is the mask set where this film point lies? False outside of the film.
    [[nodiscard]] bool holds(const cv::Mat& mask, PointPx film) const;
};

// `gray` as networkFilm() makes it, `scale` its film pixels per pixel. Masks have 512 pixels on their longer side, or the
// film's if it has fewer. REQUIRES: gray has pixels
FilmRegions filmRegions(const GrayFilm& gray, double scale, const ChestMeasurement& chest);

}  // namespace cxr
