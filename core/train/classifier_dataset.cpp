// Films to one byte tensor, and which of them an epoch sees.
#include "core/train/classifier_dataset.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>

#include "core/train/split.h"

namespace cxr::train {
namespace {

constexpr std::int64_t kChunk = 64;  // films that are floats at one time while resizing

}  // namespace

Result<ClassifierDataset> ClassifierDataset::fromRequest(const ClassifierTrainRequest& request, std::size_t classes) {
    const auto count = static_cast<std::int64_t>(request.films.size());
    ClassifierDataset data;
    data.m_planes = torch::empty({count, request.channels, request.height, request.width}, torch::kByte);
    data.m_labels = torch::empty({count, static_cast<std::int64_t>(classes)});
    const auto bytes = static_cast<std::size_t>(data.m_planes.numel() / std::max<std::int64_t>(1, count));
    for (std::int64_t i = 0; i < count; ++i) {
        const LabelledInput& film = request.films[static_cast<std::size_t>(i)];
        if (film.planes.size() != bytes || film.labels.size() != classes) {
            return Error{ErrorCode::InvalidArgument, "film number " + std::to_string(i + 1) +
                                                         " has another number of planes, cells or labels than the recipe"};
        }
        std::memcpy(data.m_planes[i].data_ptr(), film.planes.data(), bytes);
        std::memcpy(data.m_labels[i].data_ptr(), film.labels.data(), classes * sizeof(float));
    }
    return data;
}

ClassifierDataset ClassifierDataset::resized(int size) const {
    if (hasSide(size)) return *this;
    const std::vector<std::int64_t> grid{size, size};
    std::vector<torch::Tensor> parts;
    for (std::int64_t i = 0; i < m_planes.size(0); i += kChunk) {
        const auto part = m_planes.slice(0, i, i + kChunk).to(torch::kFloat);
        parts.push_back((at::_upsample_bilinear2d_aa(part, grid, false) + 0.5).clamp(0, 255).to(torch::kByte));
    }
    ClassifierDataset data;
    data.m_planes = torch::cat(parts);
    data.m_labels = m_labels;
    return data;
}

torch::Tensor ClassifierDataset::planes(const std::vector<std::int64_t>& films, const torch::Device& device) const {
    return m_planes.index_select(0, torch::tensor(films, torch::kLong)).to(device).to(torch::kFloat) / 255;
}

torch::Tensor ClassifierDataset::labels(const std::vector<std::int64_t>& films) const {
    return m_labels.index_select(0, torch::tensor(films, torch::kLong));
}

std::vector<double> rareClassWeights(const ClassifierDataset& data, const std::vector<std::int64_t>& films) {
    const auto labels = data.labels(films).to(torch::kDouble).nan_to_num(0);
    const auto perClass = labels / labels.sum(0, true).clamp_min(1e-6);
    const auto none = (labels.sum(1) < 0.5).to(torch::kDouble);
    const auto weights = (perClass.sum(1) + none / none.sum().clamp_min(1)).contiguous();
    return {weights.data_ptr<double>(), weights.data_ptr<double>() + weights.numel()};
}

std::vector<std::int64_t> balancedOrder(const std::vector<std::int64_t>& films, const std::vector<double>& weights,
                                        double share, std::uint64_t seed) {
    const auto drawn = static_cast<std::size_t>(std::lround(share * static_cast<double>(films.size())));
    std::vector<double> sums(weights.size());
    std::partial_sum(weights.begin(), weights.end(), sums.begin());
    std::mt19937_64 random(seed + 15485863);
    std::vector<std::int64_t> chosen;
    for (std::size_t i = 0; i < drawn; ++i) {
        const double at = static_cast<double>(random() >> 11) * 0x1p-53 * sums.back();
        const auto index = std::upper_bound(sums.begin(), sums.end() - 1, at) - sums.begin();
        chosen.push_back(films[static_cast<std::size_t>(index)]);
    }
    for (const std::size_t i : shuffledOrder(films.size(), seed)) {
        if (chosen.size() < films.size()) chosen.push_back(films[i]);
    }
    if (drawn == 0) return chosen;
    std::vector<std::int64_t> order;
    for (const std::size_t i : shuffledOrder(chosen.size(), seed + 1)) order.push_back(chosen[i]);
    return order;
}

}  // namespace cxr::train
