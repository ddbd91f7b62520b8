// Does a frontal chest film look as if black and white were exchanged? The header decides what is shown; this only
// doubts. On a frontal film the middle (spine, heart) is brighter than both lungs, and the air beside the neck is dark.
// Where the middle is darker than both lungs and both upper corners, by a clear margin, the photometric interpretation
// is probably wrong. (The lungs alone are not enough: on a film whose chest lies off the centre the middle may be a
// lung.) Pure function; thread-safe.
#pragma once

#include "core/image/image.h"

namespace cxr {

// False for films that are too small, not of the chest by their header, or lateral.
bool looksInverted(const Image& image);

}  // namespace cxr
