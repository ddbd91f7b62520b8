// Occlusion: how much the logit falls when a patch of the film is replaced by the baseline.
//   r(i, j) = mean over the patches P that hold (i, j) of f(x) - f(x with x' in P)
//   Zeiler and Fergus, ECCV 2014, section 4.2. Patches of options.patch cells a side start every options.stride cells; the
//   last ones end at the film's edge. A HeartSpot vector has patches of one row.
// Differs from the paper: overlapping patches are averaged, as Captum's Occlusion does. Differs from Captum: nothing.
//   input    float [1, C, H, W], preprocessed as the manifest says      result  float [H, W], signed, in logits
//   cost     1 forward + 1 a patch, in an order that spreads over the film     fails  Cancelled
#pragma once

#include <memory>

#include "core/explain/method.h"

namespace cxr::explain {

// REQUIRES: 1 <= stride <= patch
std::unique_ptr<Method> makeOcclusion(const Question& question);

}  // namespace cxr::explain
