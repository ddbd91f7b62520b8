// The film as HeartSpot takes it: stored samples, bone bright, in their own depth; window and level play no part, so
// that the same film gives the same vector on every screen and on the command line.
//   8 stored bits or less and unsigned -> CV_8UC1, else CV_16UC1; MONOCHROME1 is turned round (largest - sample)
// Pure functions; thread-safe.
#pragma once

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/image/image.h"

namespace cxr {

// Largest sample of the film's depth: 255 for 8 stored bits, 4095 for 12, 65535 for signed pixels.
inline int largestSample(const Image& image) {
    if (image.encoding.isSigned || image.storedOffset != 0) return 65535;
    const int bits = std::clamp(image.encoding.bitsStored, 1, 16);
    return std::max(255, (1 << bits) - 1);
}

// [H, W] as described above.
inline cv::Mat heartSpotFilm(const Image& image) {
    cv::Mat film;  // a buffer of its own where it differs: `film = scalar - film` would write into the shared image
    if (image.isInverse) {
        cv::subtract(cv::Scalar::all(largestSample(image)), image.samples, film);
    } else {
        film = image.samples;
    }
    if (largestSample(image) > 255) return film;
    cv::Mat bytes;
    film.convertTo(bytes, CV_8U);
    return bytes;
}

// Back to a sample of the film, for display through the pixel chain. Fractions (quantiles) are rounded.
inline int sampleOfHeartSpotValue(const Image& image, float value) {
    const int largest = largestSample(image);
    const int rounded = std::clamp(static_cast<int>(std::lround(value)), 0, largest);
    return image.isInverse ? largest - rounded : rounded;
}

}  // namespace cxr
