// Class activation maps: what each cell of the last maps adds to one class.
//   CAM_c(i, j) = sum_k w_ck A_k(i, j), as the network gives it (core/nn/classifier.h)      Zhou et al., CVPR 2016, eq. 2
//   refined: after the pixel correlation module (core/nn/pixel_correlation.h)      D'Souza et al., 2022 (S5), eq. 2
// Differs from the papers: nothing. Captum has neither.
//   input    float [1, C, H, W], preprocessed as the manifest says
//   result   float [h, w], signed, the maps' own resolution; with a global mean as pooling: logit = mean + bias
//   cost     1 forward     fails  Unsupported (the network makes no such maps), Cancelled
#pragma once

#include <memory>

#include "core/explain/method.h"

namespace cxr::explain {

std::unique_ptr<Method> makeCam();
std::unique_ptr<Method> makeRefinedCam();

}  // namespace cxr::explain
