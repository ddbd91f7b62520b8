// The correlation of every cell with every cell, a block of cells with itself and those behind it.
#include "core/nn/pixel_correlation.h"

#include <algorithm>
#include <vector>

#include "core/nn/batch_norm_folding.h"

namespace cxr::nn {
namespace {

constexpr std::int64_t kBlock = 256;  // cells: at 32 x 32, their correlations with all others fit the processor's cache
constexpr double kTiny = 1e-8;         // of a length, of a sum

}  // namespace

torch::Tensor suppressedCams(const torch::Tensor& cams) {
    return cams * (cams == torch::amax(cams, {1}, /*keepdim=*/true)).to(cams.scalar_type());
}

torch::Tensor correlatedCams(const torch::Tensor& embedded, const torch::Tensor& cams, const StopCheck& stop) {
    const auto x = embedded.flatten(2);
    const auto unit = x / torch::norm(x, 2, {1}, /*keepdim=*/true).clamp_min(kTiny);
    const auto flat = cams.flatten(2).to(unit.scalar_type());
    const auto maps = torch::cat({flat, torch::ones_like(flat.slice(1, 0, 1))}, 1);  // the last row sums the weights
    std::vector<torch::Tensor> blocks;
    torch::Tensor pending;  // what blocks before gave the cells from `from` on
    const std::int64_t cells = unit.size(2);
    for (std::int64_t from = 0; from < cells; from += kBlock) {
        throwIfStopped(stop);
        const std::int64_t to = std::min(from + kBlock, cells), size = to - from;
        const auto some = unit.slice(2, from, to).transpose(1, 2);
        const auto affinity = torch::bmm(some, unit.slice(2, from)).relu_().to(maps.scalar_type());  // [N, block, cells from it on]
        auto weighted = torch::bmm(maps.slice(2, from), affinity.transpose(1, 2));
        if (pending.defined()) weighted = weighted + pending.slice(2, 0, size);
        blocks.push_back(weighted.slice(1, 0, -1) / weighted.slice(1, -1).clamp_min(kTiny));
        if (to == cells) break;
        const auto given = torch::bmm(maps.slice(2, from, to), affinity.slice(2, size));  // i is as like j as j is like i
        pending = pending.defined() ? pending.slice(2, size) + given : given;
    }
    return torch::cat(blocks, 2).view_as(cams).to(cams.scalar_type());
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
