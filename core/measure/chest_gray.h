// Do the gray values under the outlines look like heart and lungs? Air in the lungs is darker than the heart on every
// frontal film, and no lung lies in the black outside of the body. The network sees neither on its own: on a side view
// it may draw a plausible pair of lungs, one of them over the background.
//   ranges  from 396 frontal films of two sites under their reference masks; chest_gray.cpp
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/measure/chest_shape.h"

namespace cxr {

// Gray is that of the film's default window, in [0, 1].
struct ChestGray {
    double heartOverLung = 0;  // mean gray of the heart less that of the brighter lung, in [-1, 1]
    double black = 0;          // share of the blacker lung's pixels with a gray of 0.02 or less
};

// An organ without an outline has a mean of 0 and is all black.
ChestGray chestGrayOf(const OrganPolygons& outlines, const Image& image);

struct GrayJudgement {
    double plausibility = 1;         // [0, 1]
    std::vector<std::string> notes;  // one sentence for each thing that does not fit
};
GrayJudgement judgeGray(const ChestGray& gray);

}  // namespace cxr
