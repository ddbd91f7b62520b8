// Affine and gray-value augmentation, batched in torch.
#include "core/train/augment.h"

namespace cxr::train {
namespace {

using torch::Tensor;

class Dice {  // one random number per film of the batch
  public:
    Dice(std::int64_t count, at::Generator& random) : m_count(count), m_random(random) {}
    Tensor uniform(double reach) { return (torch::rand({m_count}, m_random) * 2 - 1) * reach; }
    Tensor fraction() { return torch::rand({m_count}, m_random); }
    Tensor chance(double probability) { return (fraction() < probability).to(torch::kFloat); }

  private:
    std::int64_t m_count;
    at::Generator& m_random;
};

Tensor perFilm(const Tensor& values) { return values.view({-1, 1, 1, 1}); }

// Output to input coordinates in [-1, 1]: mirror, scale with aspect, rotate, shift. float [N, 2, 3]
Tensor affineMatrices(const Augmentation& s, Dice& dice, const Tensor& mirrored) {
    const auto angle = dice.uniform(s.rotationDeg * M_PI / 180);
    const auto zoom = dice.uniform(s.logScale);
    const auto aspect = dice.uniform(s.logAspect / 2);
    const auto scaleX = torch::exp(zoom + aspect) * (1 - 2 * mirrored);
    const auto scaleY = torch::exp(zoom - aspect);
    const auto shiftX = dice.uniform(2 * s.translation), shiftY = dice.uniform(2 * s.translation);
    const auto c = torch::cos(angle), n = torch::sin(angle);
    const auto first = torch::stack({c * scaleX, -n * scaleY, shiftX}, 1);
    const auto second = torch::stack({n * scaleX, c * scaleY, shiftY}, 1);
    return torch::stack({first, second}, 1);
}

Batch moved(const Batch& batch, const Augmentation& s, Dice& dice) {
    const auto mirrored = dice.chance(s.mirrorProbability);
    const auto planes = torch::cat({batch.image, batch.valid, batch.masks}, 1);
    const auto grid = torch::affine_grid_generator(affineMatrices(s, dice, mirrored), planes.sizes(), false);
    const auto sampled = torch::grid_sampler(planes, grid, /*bilinear*/ 0, /*zeros*/ 0, false);
    const auto masks = sampled.slice(1, 2);
    const auto swapped = torch::cat({masks.slice(1, 0, 1), masks.slice(1, 2, 3), masks.slice(1, 1, 2)}, 1);
    const auto isMirrored = perFilm(mirrored) > 0.5;
    const auto labels = batch.labelled;
    const auto swappedLabels = torch::cat({labels.slice(1, 0, 1), labels.slice(1, 2, 3), labels.slice(1, 1, 2)}, 1);
    return {sampled.slice(1, 0, 1), sampled.slice(1, 1, 2), torch::where(isMirrored, swapped, masks),
            torch::where(mirrored.view({-1, 1}) > 0.5, swappedLabels, labels)};
}

// A smooth random plane per film with values about in [-1, 1]: 4x4 knots, bicubic.
Tensor smoothField(const Tensor& like, at::Generator& random) {
    const auto knots = torch::rand({like.size(0), 1, 4, 4}, random) * 2 - 1;
    const std::vector<std::int64_t> grid{like.size(2), like.size(3)};
    return torch::upsample_bicubic2d(knots, grid, false);
}

Tensor regrayed(Tensor x, const Augmentation& s, Dice& dice, at::Generator& random) {
    x = torch::pow(x.clamp(1e-4, 1), perFilm(torch::exp(dice.uniform(s.logGamma))));
    x = (x - 0.5) * perFilm(torch::exp(dice.uniform(s.logContrast))) + 0.5 + perFilm(dice.uniform(s.brightness));
    const auto local = perFilm(dice.chance(s.localProbability)) * s.localContrast;
    x = x * (1 + local * smoothField(x, random)) + 0.5 * local * smoothField(x, random);
    const auto blurred = torch::avg_pool2d(x, 3, 1, 1, false, false);
    const auto blur = perFilm(dice.chance(s.blurProbability));
    x = blur * blurred + (1 - blur) * x;
    x = x + perFilm(dice.fraction() * s.noise) * torch::randn(x.sizes(), random);
    x = x.clamp(0, 1);
    const auto inverted = perFilm(dice.chance(s.inversionProbability));
    return inverted * (1 - x) + (1 - inverted) * x;
}

}  // namespace

Batch augmented(const Batch& batch, const Augmentation& settings, at::Generator& random) {
    Dice dice(batch.image.size(0), random);
    Batch result = moved(batch, settings, dice);
    const auto inside = (result.valid > 0.5).to(torch::kFloat);
    result.image = regrayed(result.image, settings, dice, random) * inside;
    const auto isBlack = perFilm(dice.chance(settings.blackMarginProbability));
    result.valid = torch::maximum(result.valid, isBlack.expand_as(result.valid));
    return result;
}

}  // namespace cxr::train
