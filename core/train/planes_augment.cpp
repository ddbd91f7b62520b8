// Augmentation of classifier planes.
#include "core/train/planes_augment.h"

#include "core/model/framing.h"
#include "core/nn/planes_input.h"
#include "core/train/augment_parts.h"

namespace cxr::train {
namespace {

using torch::Tensor;

Tensor jittered(const Tensor& vectors, const Augmentation& s, Draws& draws, at::Generator& random) {
    auto x = (vectors - 0.5) * perFilm(torch::exp(draws.uniform(s.logContrast))) + 0.5 + perFilm(draws.uniform(s.brightness));
    x = x + perFilm(draws.fraction() * s.noise) * torch::randn(x.sizes(), random).to(x.device());
    return x.clamp(0, 1);
}

// 1 inside each film's random rectangle, which exists with the recipe's probability. float [N, 1, H, W]
Tensor erasedCells(const Tensor& planes, double probability, Draws& draws) {
    const auto chosen = perFilm(draws.chance(probability));
    const auto side = torch::sqrt(0.02 + 0.13 * draws.fraction());
    const auto stretch = torch::exp(draws.uniform(0.5 * std::log(2.0)));
    const auto width = perFilm(side * stretch), height = perFilm(side / stretch);
    const auto left = perFilm(draws.fraction()) * (1 - width), top = perFilm(draws.fraction()) * (1 - height);
    const auto rows = (torch::arange(planes.size(2), planes.options()) + 0.5) / static_cast<double>(planes.size(2));
    const auto columns = (torch::arange(planes.size(3), planes.options()) + 0.5) / static_cast<double>(planes.size(3));
    const auto y = rows.view({1, 1, -1, 1}), x = columns.view({1, 1, 1, -1});
    const auto inside = (x >= left) & (x < left + width) & (y >= top) & (y < top + height);
    return inside.to(torch::kFloat) * chosen;
}

Tensor moved(const Tensor& planes, const ModelInput& input, const Augmentation& s, Draws& draws) {
    const auto mirrored = draws.chance(s.mirrorProbability);
    const auto valid = input.framing == "letterbox" ? (planes.slice(1, 0, 1) > 0).to(torch::kFloat)
                                                    : torch::ones_like(planes.slice(1, 0, 1));
    const auto sampled = resampled(torch::cat({planes, valid}, 1), affineMatrices(s, draws, mirrored));
    const auto views = sampled.slice(1, 0, planes.size(1)), inside = sampled.slice(1, planes.size(1));
    const auto swapped = nn::withSidesChanged(views, input.planes);
    return torch::cat({torch::where(perFilm(mirrored) > 0.5, swapped, views), inside}, 1);
}

}  // namespace

Tensor augmentedPlanes(const Tensor& planes, const ModelInput& input, const Augmentation& s, at::Generator& random) {
    Draws draws(planes.size(0), random, planes.device());
    if (readsVector(input.framing)) return jittered(planes, s, draws, random);
    const auto all = moved(planes, input, s, draws);
    const auto count = planes.size(1);
    const auto inside = (all.slice(1, count) > 0.5).to(torch::kFloat);
    const auto film = regrayed(all.slice(1, 0, 1), s, draws, random) * inside;
    auto views = torch::cat({film, all.slice(1, 1, count)}, 1);
    if (s.eraseProbability <= 0) return views;
    const auto erased = erasedCells(views, s.eraseProbability, draws);
    auto gray = torch::zeros({planes.size(0), count, 1, 1}, planes.options());
    gray.slice(1, 0, 1).copy_(perFilm(draws.fraction()));
    return views * (1 - erased) + gray * erased;
}

}  // namespace cxr::train
