// From a film to the network's grid, the same in training and in use.
//   letterbox   the film in the middle of a square as wide as its longer side; area resize (antialiased) to size x size
//   normalise   z-score over the film's own cells: (x - mean) / max(std, 1e-3); cells outside the film become 0
// Pure functions; thread-safe.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "core/base/geometry.h"

namespace cxr::nn {

// Where the square lies on the film; a cell (i, j) begins at origin + (j, i) * cellPx.
struct LetterboxFrame {
    int side = 0;       // of the square, film pixels
    int left = 0;       // margin columns before the film
    int top = 0;        // margin rows above the film
    PointPx originPx;   // (-left, -top)
    double cellPx = 1;
};

// REQUIRES: width, height, size >= 1
LetterboxFrame letterboxFrame(int width, int height, int size);

// float [H, W] -> [size, size]; outside the film: 0.
torch::Tensor letterbox(const torch::Tensor& plane, int size);
// 1 inside the film, 0 outside, fractions at its border: float [size, size].
torch::Tensor letterboxValidity(int width, int height, int size);

// image, valid: float [N, 1, S, S] -> [N, 1, S, S]. A cell counts as film where valid > 0.5.
torch::Tensor normaliseFilm(const torch::Tensor& image, const torch::Tensor& valid);

// float [H, W] row-major in memory as a tensor that shares it. REQUIRES: the memory outlives the tensor.
torch::Tensor planeTensor(const float* values, int width, int height);

}  // namespace cxr::nn
