// Global pooling of maps to one number each: mean, largest, or Log-Sum-Exp between them.
//   LSE(x) = 1/gamma log( 1/(h w) sum_ij exp(gamma x_ij) )      Wang et al., CVPR 2017, eq. 1 (ChestX-ray8)
//   calculated as  m + 1/gamma log( mean_ij exp(gamma (x_ij - m)) ), m = max_ij x_ij, so that nothing overflows
//   mean <= LSE <= max; gamma -> 0 gives the mean, gamma -> infinity the maximum; LSE(x + b) = LSE(x) + b
//   thread rule  pure functions; thread-safe
#pragma once

#include <torch/torch.h>

namespace cxr::nn {

// maps [N, C, h, w] -> [N, C], the type of `maps`; calculated in float or better. REQUIRES: gamma > 0
torch::Tensor logSumExpPool(const torch::Tensor& maps, double gamma);

enum class Pooling { LogSumExp, Mean, Max };
// maps [N, C, h, w] -> [N, C]; gamma is for LogSumExp only.
torch::Tensor globalPool(const torch::Tensor& maps, Pooling pooling, double gamma);

}  // namespace cxr::nn
