// Turned maps against maps of turned films.
#include "core/train/equivariance.h"

#include "core/train/augment_parts.h"

namespace cxr::train {

using torch::Tensor;

Tensor rotated(const Tensor& planes, const Tensor& degrees) {
    const auto angle = degrees * (M_PI / 180);
    const auto c = torch::cos(angle), s = torch::sin(angle), zero = torch::zeros_like(angle);
    const auto matrices = torch::stack({torch::stack({c, -s, zero}, 1), torch::stack({s, c, zero}, 1)}, 1);
    return resampled(planes, matrices.to(planes.device()));
}

Tensor hardestDistance(const Tensor& a, const Tensor& b, const Tensor& valid) {
    const auto distance = ((a - b).abs() * valid).flatten(1);
    const auto cells = valid.expand_as(a).flatten(1).sum(1);  // that count, per film
    const auto kept = (cells * kEcrKeptShare).clamp_min(1).floor();
    const auto sorted = std::get<0>(distance.sort(/*dim=*/1, /*descending=*/true));
    const auto rank = torch::arange(distance.size(1), distance.options()).unsqueeze(0);
    const auto isKept = (rank < kept.unsqueeze(1)).to(torch::kFloat);
    return ((sorted * isKept).sum(1) / kept).mean();
}

Tensor equivarianceLoss(const Maps& ofFilm, const Maps& ofTurnedFilm, const Tensor& degrees) {
    const auto valid = (rotated(torch::ones_like(ofFilm.cams.slice(1, 0, 1)).detach(), degrees) > 0.999).to(torch::kFloat);
    const auto turned = rotated(ofFilm.cams, degrees);
    if (!ofFilm.refined.defined()) return hardestDistance(turned, ofTurnedFilm.cams, valid);
    return hardestDistance(rotated(ofFilm.refined, degrees), ofTurnedFilm.cams, valid) +
           hardestDistance(turned, ofTurnedFilm.refined, valid);
}

}  // namespace cxr::train
