// Resamples the visible part of a film to screen pixels, still as stored samples: windowing comes after.
//   screen pixel centre -> film point -> pyramid level -> bilinear of 2 x 2 samples (1/16384 weights, rounded),
//   or the nearest sample from 8 screen pixels per film pixel on, so that the film's pixels can be seen.
// Turned films are resampled upright and transposed. The film reaches to its edge: nothing is blended with outside.
//   thread rule  pure functions; the pyramid builds its levels lazily, so one thread per pyramid
#pragma once

#include <QRect>
#include <QSize>
#include <QTransform>
#include <opencv2/core/mat.hpp>

#include "core/image/film_pyramid.h"

namespace cxr::ui {

inline constexpr double kNearestFromZoom = 8;

struct ResampledFilm {
    QRect deviceRect;  // where the samples lie on the screen, device px; empty = film not in view
    cv::Mat samples;   // CV_16UC1 [deviceRect.height(), deviceRect.width()]
    cv::Mat scratch;   // reused between frames
};

// filmToDevice: scale, quarter turns, mirroring and shift only (as ViewGeometry gives it). Reuses the memory of `result`.
void resampleVisible(const FilmPyramid& film, const QTransform& filmToDevice, QSize deviceSize, ResampledFilm& result);

}  // namespace cxr::ui
