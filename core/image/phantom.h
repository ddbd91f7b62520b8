// A chest film made by code: body, ribs, spine, lungs, heart, with known geometry. Test picture and sample film.
// It is marked synthetic in its patient banner, notes and in the picture itself. Deterministic.
#pragma once

#include <cstdint>

#include "core/base/geometry.h"
#include "core/image/image.h"

namespace cxr {

struct PhantomSpec {
    int width = 1024;                    // >= 64 px
    int height = 1024;                   // >= 64 px
    double cardiothoracicRatio = 0.46;   // 0.3..0.8
    bool mono1 = false;                  // store inverted, as MONOCHROME1 does
    int bitsStored = 12;                 // 8..16
    double pixelSpacingMm = 0.35;        // 0 = none
    double noise = 0.01;                 // standard deviation, fraction of full scale
    std::uint64_t seed = 1;
    bool burnInLabel = true;             // writes "SYNTHETIC PHANTOM" into the corner
};

struct Phantom {
    Image image;
    cv::Mat heart, leftLung, rightLung;  // CV_8UC1 [H, W] 0 or 255; left lung = the patient's left = right side of the film
    LinePx heartLine, chestLine;         // the widths whose ratio is spec.cardiothoracicRatio, film pixels
};

// REQUIRES: the ranges above.
Phantom makePhantom(const PhantomSpec& spec = {});

}  // namespace cxr
