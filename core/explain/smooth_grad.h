// SmoothGrad: the mean of an explanation over noisy films, whatever the method.
//   x_s = x + sigma n_s, n_s normal numbers, sigma = options.smoothNoise times the range of what the network reads
//   Smilkov et al., 2017, section 3.1, equation of M-hat_c. S1 combines it with integrated gradients.
// Differs from the paper: nothing. Differs from Captum's NoiseTunnel: sigma is a share of the film's range (the paper's
// noise level), not an absolute number. The baseline gets no noise; masks get none; a film that is repeated to several
// channels gets the same noise in each.
//   thread rule  pure functions; the same seed gives the same noise on every device and thread count
#pragma once

#include "core/explain/question.h"

namespace cxr::explain {

// x_s [1, C, H, W]; the film itself if options.smoothSamples is 0. REQUIRES: 0 <= sample < max(1, smoothSamples)
torch::Tensor noisyFilm(const Question& question, int sample);

}  // namespace cxr::explain
