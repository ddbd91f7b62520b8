// Where things are in the phantom: outlines in chest units, drawn after frontal chest films. Internal to the phantom.
//   chest units   x and y in [0, 1] over the largest centred square of the film; the patient's left is at larger x
// Pure functions; thread-safe.
#pragma once

#include <vector>

#include "core/image/polygon.h"

namespace cxr::phantom {

struct Anatomy {
    Polygon body;                 // head side and arms leave the square
    Polygon rightLung, leftLung;  // whole, mediastinum and heart not taken away
    Polygon heart;                // its extent is ratio * chest width
    Polygon mediastinum;          // spine, great vessels, aortic arch
    Polygon gastricBubble;
    std::vector<Polygon> scapulae;
    std::vector<Polygon> posteriorRibs, anteriorRibs, clavicles;  // open centre lines
    double chestLeft = 0, chestRight = 0, chestRow = 0;           // ends of the lungs' extent
    double heartLeft = 0, heartRight = 0, heartRow = 0;
};

// REQUIRES: ratio in [0.3, 0.8]
Anatomy makeAnatomy(double cardiothoracicRatio);

}  // namespace cxr::phantom
