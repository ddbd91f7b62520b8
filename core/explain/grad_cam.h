// Grad-CAM: where the last convolution supports one class.
//   alpha_k = mean_ij d logit_c / d A_k(i, j)   eq. 1     L = ReLU(sum_k alpha_k A_k)   eq. 2
// Selvaraju et al., ICCV 2017. Differs from the paper: A are the network's `features`, after their activation; an ensemble
// is one network with the features of all its members. Differs from Captum: nothing (LayerGradCam with relu_attributions).
//   input    float [1, C, H, W], preprocessed as the manifest says
//   result   float [h, w] >= 0, the maps' own resolution; all zero if no positive support
//   cost     1 forward + the backward pass of the head
//   fails    Unsupported (the decision is not read from maps that cover the film), Cancelled
#pragma once

#include <memory>

#include "core/explain/method.h"

namespace cxr::explain {

std::unique_ptr<Method> makeGradCam();

}  // namespace cxr::explain
