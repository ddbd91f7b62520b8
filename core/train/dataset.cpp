// Films to byte tensors and back to float batches.
#include "core/train/dataset.h"

#include "core/nn/preprocess.h"

namespace cxr::train {
namespace {

torch::Tensor toBytes(const torch::Tensor& fraction) {
    return (fraction * 255 + 0.5).clamp(0, 255).to(torch::kByte);
}

torch::Tensor maskTensor(const std::vector<std::uint8_t>& mask, const GrayFilm& film) {
    return torch::from_blob(const_cast<std::uint8_t*>(mask.data()), {film.height, film.width}, torch::kByte)
        .to(torch::kFloat)
        .clamp(0, 1);
}

bool fits(const LabelledFilm& labelled) {
    const auto pixels = static_cast<std::size_t>(labelled.film.width) * static_cast<std::size_t>(labelled.film.height);
    bool ok = pixels > 0 && labelled.film.values.size() == pixels;
    for (const auto& mask : labelled.masks) ok = ok && (mask.empty() || mask.size() == pixels);
    return ok;
}

torch::Tensor resizedBytes(const torch::Tensor& bytes, int size) {
    const std::vector<std::int64_t> grid{size, size};
    std::vector<torch::Tensor> films;
    for (std::int64_t i = 0; i < bytes.size(0); ++i) {
        const auto plane = bytes.slice(0, i, i + 1).to(torch::kFloat) / 255;
        films.push_back(toBytes(at::_upsample_bilinear2d_aa(plane, grid, /*align_corners=*/false)));
    }
    return torch::cat(films);
}

}  // namespace

Result<Dataset> Dataset::fromFilms(const std::vector<LabelledFilm>& films, int size, const RunContext& context) {
    const auto count = static_cast<std::int64_t>(films.size());
    Dataset data;
    data.m_image = torch::zeros({count, 1, size, size}, torch::kByte);
    data.m_valid = torch::zeros({count, 1, size, size}, torch::kByte);
    data.m_masks = torch::zeros({count, kOrganCount, size, size}, torch::kByte);
    data.m_labelled = torch::zeros({count, kOrganCount});
    for (std::int64_t i = 0; i < count; ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "training was stopped"};
        const LabelledFilm& labelled = films[static_cast<std::size_t>(i)];
        if (!fits(labelled)) {
            return Error{ErrorCode::InvalidArgument, "film number " + std::to_string(i + 1) + " and its masks differ in size"};
        }
        const GrayFilm& film = labelled.film;
        const auto plane = nn::planeTensor(film.values.data(), film.width, film.height);
        data.m_image[i][0].copy_(toBytes(nn::letterbox(plane, size)));
        data.m_valid[i][0].copy_(toBytes(nn::letterboxValidity(film.width, film.height, size)));
        for (std::int64_t organ = 0; organ < kOrganCount; ++organ) {
            const auto& mask = labelled.masks[static_cast<std::size_t>(organ)];
            if (mask.empty()) continue;
            data.m_masks[i][organ].copy_(toBytes(nn::letterbox(maskTensor(mask, film), size)));
            data.m_labelled[i][organ] = 1;
        }
    }
    return data;
}

Dataset Dataset::resized(int size) const {
    if (size == this->size()) return *this;
    Dataset data;
    data.m_image = resizedBytes(m_image, size);
    data.m_valid = resizedBytes(m_valid, size);
    data.m_masks = resizedBytes(m_masks, size);
    data.m_labelled = m_labelled;
    return data;
}

Batch Dataset::batch(const std::vector<std::int64_t>& indices) const {
    const auto index = torch::tensor(indices, torch::kLong);
    const auto take = [&](const torch::Tensor& bytes) { return bytes.index_select(0, index).to(torch::kFloat) / 255; };
    return {take(m_image), take(m_valid), take(m_masks), m_labelled.index_select(0, index)};
}

}  // namespace cxr::train
