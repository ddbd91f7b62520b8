// From planes to what a classifier reads, the same in training and in use. The film is plane 0, in [0, 1]; masks follow.
//   film-z-score  (x - mean) / max(deviation, 1e-3) of each film. With framing "letterbox" only cells brighter than 0
//                 count, and the others become 0: the margin is exactly 0, and black film tells as little as the margin.
//                 With every other framing all cells count.
//   unit          as it is, [0, 1]
//   imagenet      (x - mean_c) / deviation_c of the ImageNet films in red, green and blue (torchvision's numbers)
//   xrv           (2 x - 1) * 1024, as torchxrayvision's networks want it
//   masks         as they are; only a lone film is repeated to the network's channels
// Pure functions; thread-safe.
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/manifest.h"

namespace cxr::nn {

// fails Unsupported (framing, normalisation), InvalidArgument (planes and channels do not go together)
Result<Done> checkPlanesInput(const ModelInput& input);

// float [N, planes, H, W] -> [N, channels, H, W]. REQUIRES: checkPlanesInput(input).isOk()
torch::Tensor normalisedPlanes(const torch::Tensor& planes, const ModelInput& input);

// The planes "left_lung" and "right_lung" change places, as after mirroring. planes [N, P, H, W]
torch::Tensor withSidesChanged(const torch::Tensor& planes, const std::vector<std::string>& names);
// Mirrored left to right.
torch::Tensor mirroredPlanes(const torch::Tensor& planes, const std::vector<std::string>& names);

}  // namespace cxr::nn
