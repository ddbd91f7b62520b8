// Affine and gray-value changes, batched in torch.
#include "core/train/augment_parts.h"

namespace cxr::train {

using torch::Tensor;

namespace {

// A smooth random plane per film with values about in [-1, 1]: 4x4 knots, bicubic.
Tensor smoothField(const Tensor& like, at::Generator& random) {
    const auto knots = (torch::rand({like.size(0), 1, 4, 4}, random) * 2 - 1).to(like.device());
    const std::vector<std::int64_t> grid{like.size(2), like.size(3)};
    return torch::upsample_bicubic2d(knots, grid, false);
}

}  // namespace

Tensor perFilm(const Tensor& values) { return values.view({-1, 1, 1, 1}); }

Tensor affineMatrices(const Augmentation& s, Draws& draws, const Tensor& mirrored) {
    const auto angle = draws.uniform(s.rotationDeg * M_PI / 180);
    const auto zoom = draws.uniform(s.logScale);
    const auto aspect = draws.uniform(s.logAspect / 2);
    const auto scaleX = torch::exp(zoom + aspect) * (1 - 2 * mirrored);
    const auto scaleY = torch::exp(zoom - aspect);
    const auto shiftX = draws.uniform(2 * s.translation), shiftY = draws.uniform(2 * s.translation);
    const auto c = torch::cos(angle), n = torch::sin(angle);
    const auto first = torch::stack({c * scaleX, -n * scaleY, shiftX}, 1);
    const auto second = torch::stack({n * scaleX, c * scaleY, shiftY}, 1);
    return torch::stack({first, second}, 1);
}

Tensor resampled(const Tensor& planes, const Tensor& matrices) {
    const auto grid = torch::affine_grid_generator(matrices, planes.sizes(), false);
    return torch::grid_sampler(planes, grid, /*bilinear*/ 0, /*zeros*/ 0, false);
}

Tensor regrayed(Tensor x, const Augmentation& s, Draws& draws, at::Generator& random) {
    x = torch::pow(x.clamp(1e-4, 1), perFilm(torch::exp(draws.uniform(s.logGamma))));
    x = (x - 0.5) * perFilm(torch::exp(draws.uniform(s.logContrast))) + 0.5 + perFilm(draws.uniform(s.brightness));
    const auto local = perFilm(draws.chance(s.localProbability)) * s.localContrast;
    x = x * (1 + local * smoothField(x, random)) + 0.5 * local * smoothField(x, random);
    const auto blurred = torch::avg_pool2d(x, 3, 1, 1, false, false);
    const auto blur = perFilm(draws.chance(s.blurProbability));
    x = blur * blurred + (1 - blur) * x;
    x = x + perFilm(draws.fraction() * s.noise) * torch::randn(x.sizes(), random).to(x.device());
    x = x.clamp(0, 1);
    const auto inverted = perFilm(draws.chance(s.inversionProbability));
    return inverted * (1 - x) + (1 - inverted) * x;
}

}  // namespace cxr::train
