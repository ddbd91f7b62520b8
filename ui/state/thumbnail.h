// A film as a small picture for lists: default window, orientation as stored.
//   thread rule  pure function; call from a worker (about 2 ms, whatever the film's size)
#pragma once

#include <QImage>

#include "core/image/image.h"

namespace cxr::ui {

inline constexpr int kThumbnailSidePx = 128;

// Grayscale8, longer side `sidePx` (shorter films are not enlarged). Each pixel is the mean of up to 4 x 4 samples.
// REQUIRES: sidePx >= 1
QImage makeThumbnail(const Image& image, int sidePx = kThumbnailSidePx);

}  // namespace cxr::ui
