// Equivariant cross regularisation (ECR): the maps of a turned film should be the turned maps of the film.
//   S5 (paper 004) eq. 6: loss_ECR = || A(y^o) - yhat^t ||_1 - || A(yhat^o) - y^t ||_1, A a "random rotation between
//   (-30 to 30 degrees)", yhat the CAMs, y the refined CAMs, o the film and t the turned film; "online hard example mining
//   is applied to keep only the top 20 % largest pixel losses". The minus is a misprint: both terms are distances and are
//   added, as in the paper's source (SEAM, Wang et al., CVPR 2020, eq. 7).
// Without refined maps the loss is || A(yhat^o) - yhat^t ||_1. Only cells whose turned source lies inside the film count.
// Pure functions; thread-safe.
#pragma once

#include <torch/torch.h>

namespace cxr::train {

inline constexpr double kEcrMaxDegrees = 30;
inline constexpr double kEcrKeptShare = 0.2;

// Turned about the middle, bilinear, zeros outside. planes float [N, C, H, W] square grid, degrees [N].
torch::Tensor rotated(const torch::Tensor& planes, const torch::Tensor& degrees);

// Mean over films of the mean of the largest 20 % of |a - b| among the cells where valid [N, 1, h, w] is 1; a, b [N, C, h, w].
torch::Tensor hardestDistance(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& valid);

struct Maps {
    torch::Tensor cams;     // [N, C, h, w]
    torch::Tensor refined;  // same, or undefined
};
torch::Tensor equivarianceLoss(const Maps& ofFilm, const Maps& ofTurnedFilm, const torch::Tensor& degrees);

}  // namespace cxr::train
