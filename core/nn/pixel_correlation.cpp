// Products of all cells with all cells as 1x1 convolutions, whose filters are the cells: torch gives those to oneDNN on
// channels last, three times faster than its products of matrices.
#include "core/nn/pixel_correlation.h"

#include <algorithm>
#include <vector>

#include "core/nn/batch_norm_folding.h"

namespace cxr::nn {
namespace {

constexpr std::int64_t kBlock = 256;      // cells: at 32 x 32, their likeness to all others fits the processor's cache
constexpr double kTiny = 1e-8;            // of a length, of a sum

torch::Tensor unitCells(const torch::Tensor& embedded) {
    return embedded * embedded.square().sum(1, /*keepdim=*/true).clamp_min(kTiny * kTiny).rsqrt();
}

// Of one film: unit [1, K, h, w], cams [1, C, h, w] -> [1, C, h, w].
torch::Tensor correlatedFilm(const torch::Tensor& unit, const torch::Tensor& cams, const StopCheck& stop) {
    const std::int64_t cells = unit.size(2) * unit.size(3);
    const auto filters = unit.flatten(2).transpose(1, 2).reshape({cells, unit.size(1), 1, 1});
    const auto maps = torch::cat({cams, torch::ones_like(cams.slice(1, 0, 1))}, 1);  // the last one sums the weights
    const auto mixers = maps.flatten(2).reshape({maps.size(1), cells, 1, 1});
    torch::Tensor sums;  // [1, C + 1, h, w]
    for (std::int64_t from = 0; from < cells; from += kBlock) {
        throwIfStopped(stop);
        const std::int64_t to = std::min(from + kBlock, cells);
        const auto likeness = torch::conv2d(unit, filters.slice(0, from, to)).relu_();  // of all cells to those of the block
        const auto given = torch::conv2d(likeness, mixers.slice(1, from, to));
        sums = sums.defined() ? sums + given : given;
    }
    return sums.slice(1, 0, -1) / sums.slice(1, -1).clamp_min(kTiny);
}

}  // namespace

torch::Tensor suppressedCams(const torch::Tensor& cams) {
    return cams * (cams == torch::amax(cams, {1}, /*keepdim=*/true)).to(cams.scalar_type());
}

torch::Tensor correlatedCams(const torch::Tensor& embedded, const torch::Tensor& cams, const StopCheck& stop) {
    const auto unit = unitCells(embedded.contiguous(at::MemoryFormat::ChannelsLast));
    const auto maps = cams.to(unit.scalar_type());
    std::vector<torch::Tensor> films;
    for (std::int64_t i = 0; i < unit.size(0); ++i) films.push_back(correlatedFilm(unit.slice(0, i, i + 1), maps.slice(0, i, i + 1), stop));
    return torch::cat(films).to(cams.scalar_type());
}

PixelCorrelationImpl::PixelCorrelationImpl(std::int64_t channels, std::int64_t embeddedChannels) {
    m_theta = register_module("theta", makeConvolution(convolutionOptions(channels, embeddedChannels, 1)));
}

torch::Tensor PixelCorrelationImpl::forward(const torch::Tensor& features, const torch::Tensor& cams,
                                            const StopCheck& stop) {
    throwIfStopped(stop);
    return correlatedCams(m_theta->forward(features), suppressedCams(cams), stop);
}

}  // namespace cxr::nn
