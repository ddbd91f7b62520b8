// Normalisation of the film plane.
#include "core/nn/planes_input.h"

#include <algorithm>

#include "core/model/framing.h"
#include "core/nn/preprocess.h"

namespace cxr::nn {
namespace {

using torch::Tensor;

bool isOneOf(const std::string& word, std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* one) { return word == one; });
}

Tensor imagenetFilm(const Tensor& film) {
    const auto mean = torch::tensor({0.485F, 0.456F, 0.406F}, film.options()).view({1, 3, 1, 1});
    const auto deviation = torch::tensor({0.229F, 0.224F, 0.225F}, film.options()).view({1, 3, 1, 1});
    return (film - mean) / deviation;
}

Tensor normalisedFilm(const Tensor& film, const ModelInput& input) {
    if (input.normalisation == "unit") return film;
    if (input.normalisation == "xrv") return (2 * film - 1) * 1024;
    if (input.normalisation == "imagenet") return imagenetFilm(film);
    const auto valid = input.framing == "letterbox" ? (film > 0).to(film.scalar_type()) : torch::ones_like(film);
    return normaliseFilm(film, valid);
}

}  // namespace

Result<Done> checkPlanesInput(const ModelInput& input) {
    if (!isKnownFraming(input.framing)) {
        return Error{ErrorCode::Unsupported, "this version does not know the framing \"" + input.framing + "\""};
    }
    if (!isOneOf(input.normalisation, {"film-z-score", "unit", "imagenet", "xrv"})) {
        return Error{ErrorCode::Unsupported, "this version does not know the normalisation \"" + input.normalisation + "\""};
    }
    const auto planes = static_cast<int>(input.planes.size());
    const bool fits = input.normalisation == "imagenet" ? planes == 1 && input.channels == 3
                                                        : planes == 1 || input.channels == planes;
    if (fits) return Done{};
    return Error{ErrorCode::InvalidArgument, "the input's channels must be its planes (with one plane any number, with imagenet 3)"};
}

Tensor normalisedPlanes(const Tensor& planes, const ModelInput& input) {
    auto film = normalisedFilm(planes.slice(1, 0, 1), input);
    if (planes.size(1) > 1) return torch::cat({film, planes.slice(1, 1)}, 1);
    return film.expand({-1, input.channels, -1, -1});
}

Tensor withSidesChanged(const Tensor& planes, const std::vector<std::string>& names) {
    const auto left = std::find(names.begin(), names.end(), "left_lung");
    const auto right = std::find(names.begin(), names.end(), "right_lung");
    if (left == names.end() || right == names.end()) return planes;
    std::vector<std::int64_t> order;
    for (std::size_t i = 0; i < names.size(); ++i) order.push_back(static_cast<std::int64_t>(i));
    std::swap(order[static_cast<std::size_t>(left - names.begin())], order[static_cast<std::size_t>(right - names.begin())]);
    return planes.index_select(1, torch::tensor(order, torch::kLong).to(planes.device()));
}

Tensor mirroredPlanes(const Tensor& planes, const std::vector<std::string>& names) {
    return withSidesChanged(planes.flip({3}), names);
}

}  // namespace cxr::nn
