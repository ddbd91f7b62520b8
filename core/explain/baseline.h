// What a film is compared with, as the network reads it.
//   Black   the film's darkest gray everywhere; cells that are 0 before the normalisation stay, as they are black or margin
//   Zero    0 after the normalisation ("film-z-score": the film's mean gray)
//   planes  other planes, like those that are explained, put through the film's own normalisation: a z-score with the
//           film's mean and deviation. Margins of "letterbox" stay 0.
// Masks are the film's, always. Pure functions; thread-safe.
#pragma once

#include <torch/torch.h>

#include "core/engine/engine.h"
#include "core/model/manifest.h"

namespace cxr::explain {

// The normalised film [1, C, H, W] with every cell as dark as its darkest one. Cells whose `gray` (the film before its
// normalisation, [1, 1, H, W]) is 0 stay as they are.
torch::Tensor blackFilm(const torch::Tensor& film, const torch::Tensor& gray);

// planes [1, P, H, W] in [0, 1], `film` [1, C, H, W] their normalised form on any device.
// REQUIRES: options.baselinePlanes is empty or has as many numbers as `planes`
torch::Tensor baselineOf(const torch::Tensor& planes, const torch::Tensor& film, const ModelInput& input, const ExplainOptions& options);

// How many of the network's channels show film.
std::int64_t filmChannelsOf(const ModelInput& input);

}  // namespace cxr::explain
