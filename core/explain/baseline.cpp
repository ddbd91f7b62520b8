#include "core/explain/baseline.h"

#include "core/nn/planes_input.h"

namespace cxr::explain {
namespace {

using torch::Tensor;

// gray' [1, 1, H, W] by the straight line that took `gray` to `film`, wherever the film was normalised by its own values.
Tensor alongFilm(const Tensor& other, const Tensor& gray, const Tensor& film, bool hasMargin) {
    const Tensor isSeen = hasMargin ? gray > 0 : torch::ones_like(gray, torch::kBool);
    if (!isSeen.any().item<bool>()) return torch::zeros_like(film);
    const Tensor before = gray.masked_select(isSeen), after = film.masked_select(isSeen);
    const auto low = before.argmin(), high = before.argmax();
    const double span = (before[high] - before[low]).item<double>();
    const double slope = span > 0 ? (after[high] - after[low]).item<double>() / span : 1000;  // normaliseFilm's least deviation
    const double origin = after[low].item<double>() - slope * before[low].item<double>();
    return torch::where(isSeen, other * slope + origin, torch::zeros_like(other));
}

Tensor givenFilm(const Tensor& planes, const Tensor& film, const ModelInput& input, const ExplainOptions& options) {
    const Tensor given = torch::tensor(options.baselinePlanes).view(planes.sizes());
    if (input.normalisation != "film-z-score") return nn::normalisedPlanes(given, input).slice(1, 0, film.size(1));
    return alongFilm(given.slice(1, 0, 1), planes.slice(1, 0, 1), film.slice(1, 0, 1), input.framing == "letterbox").expand_as(film);
}

}  // namespace

Tensor blackFilm(const Tensor& film, const Tensor& gray) {
    return torch::where((gray == 0).expand_as(film), film, film.amin({2, 3}, true).expand_as(film));
}

std::int64_t filmChannelsOf(const ModelInput& input) { return input.planes.size() == 1 ? input.channels : 1; }

Tensor baselineOf(const Tensor& planes, const Tensor& film, const ModelInput& input, const ExplainOptions& options) {
    const Tensor whole = film.cpu(), shown = whole.slice(1, 0, filmChannelsOf(input));
    Tensor plain;
    if (!options.baselinePlanes.empty()) plain = givenFilm(planes, shown, input, options);
    else if (options.baseline == ExplainBaseline::Black) plain = blackFilm(shown, planes.slice(1, 0, 1));
    else plain = torch::zeros_like(shown);
    return torch::cat({plain, whole.slice(1, shown.size(1))}, 1).to(film.device());
}

}  // namespace cxr::explain
