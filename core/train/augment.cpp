// Augmentation of films with organ masks.
#include "core/train/augment.h"

#include "core/train/augment_parts.h"

namespace cxr::train {
namespace {

Batch moved(const Batch& batch, const Augmentation& s, Draws& draws) {
    const auto mirrored = draws.chance(s.mirrorProbability);
    const auto planes = torch::cat({batch.image, batch.valid, batch.masks}, 1);
    const auto sampled = resampled(planes, affineMatrices(s, draws, mirrored));
    const auto masks = sampled.slice(1, 2);
    const auto swapped = torch::cat({masks.slice(1, 0, 1), masks.slice(1, 2, 3), masks.slice(1, 1, 2)}, 1);
    const auto isMirrored = perFilm(mirrored) > 0.5;
    const auto labels = batch.labelled;
    const auto swappedLabels = torch::cat({labels.slice(1, 0, 1), labels.slice(1, 2, 3), labels.slice(1, 1, 2)}, 1);
    return {sampled.slice(1, 0, 1), sampled.slice(1, 1, 2), torch::where(isMirrored, swapped, masks),
            torch::where(mirrored.view({-1, 1}) > 0.5, swappedLabels, labels)};
}

}  // namespace

Batch augmented(const Batch& batch, const Augmentation& settings, at::Generator& random) {
    Draws draws(batch.image.size(0), random, batch.image.device());
    Batch result = moved(batch, settings, draws);
    const auto inside = (result.valid > 0.5).to(torch::kFloat);
    result.image = regrayed(result.image, settings, draws, random) * inside;
    const auto isBlack = perFilm(draws.chance(settings.blackMarginProbability));
    result.valid = torch::maximum(result.valid, isBlack.expand_as(result.valid));
    return result;
}

}  // namespace cxr::train
