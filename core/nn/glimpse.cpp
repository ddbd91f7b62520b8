// The steps of the glimpse network.
#include "core/nn/glimpse.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

constexpr std::int64_t kContextGrid = 4;
constexpr std::int64_t kMostSamples = 4;  // along a cell's side
constexpr double kFirstRadius = 0.3;      // of the circle of first regions

// Middles on a circle round the film's, as logits; size half-way between the smallest and the largest.
torch::Tensor firstRegions(std::int64_t count) {
    const auto logit = [](double share) { return static_cast<float>(std::log(share / (1 - share))); };
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(count);
        values.insert(values.end(),
                      {logit(0.5 + kFirstRadius * std::cos(angle)), logit(0.5 + kFirstRadius * std::sin(angle)), 0.0F});
    }
    return torch::tensor(values).view({count, 3});
}

}  // namespace

torch::Tensor croppedRegion(const torch::Tensor& film, const torch::Tensor& left, const torch::Tensor& top,
                            const torch::Tensor& size, std::int64_t cells, std::int64_t samples) {
    namespace F = tnn::functional;
    const auto type = film.scalar_type() == torch::kDouble ? torch::kDouble : torch::kFloat;
    const auto none = torch::zeros_like(size);
    const auto row = [&](const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& from) {
        return torch::stack({a, b, 2 * from + size - 1}, 1);  // the middle, in [-1, 1]
    };
    const auto theta = torch::stack({row(size, none, left), row(none, size, top)}, 1).to(type);
    const auto grid = F::affine_grid(theta, {film.size(0), film.size(1), cells * samples, cells * samples},
                                     /*align_corners=*/false);
    const auto options = F::GridSampleFuncOptions().padding_mode(torch::kBorder).align_corners(false);
    const auto fine = F::grid_sample(film.to(type), grid, options);
    return samples == 1 ? fine : torch::avg_pool2d(fine, samples);
}

Glimpse::Glimpse(std::shared_ptr<Classifier> context, std::shared_ptr<Classifier> reader, const GlimpseOptions& options)
    : m_options(options),
      m_context(register_module("context", std::move(context))),
      m_reader(register_module("reader", std::move(reader))),
      m_see(register_module(
          "see", tnn::Linear(m_context->levelChannels().back() * kContextGrid * kContextGrid, options.state))),
      m_begin(register_module("begin", tnn::Linear(options.state, options.state))),
      m_locate(register_module("locate", tnn::Linear(2 * options.state, 3))),
      m_vote(register_module("vote", tnn::Linear(options.state, options.classes))),
      m_weigh(register_module("weigh", tnn::Linear(tnn::LinearOptions(options.state, 1).bias(false)))),
      m_cell(register_module("cell", tnn::GRUCell(m_reader->levelChannels().back() + 3, options.state))),
      m_start(register_parameter("start", firstRegions(options.glimpses))) {
    tnn::init::normal_(m_locate->weight, 0, 0.01);
    tnn::init::zeros_(m_locate->bias);
}

Glimpse::Region Glimpse::region(std::int64_t step, const torch::Tensor& state, const torch::Tensor& context) {
    const auto moved = m_locate->forward(torch::cat({state, context.to(state.scalar_type())}, 1));
    const auto shares = torch::sigmoid(m_start[step] + moved);  // of the room that is left
    const auto size = m_options.smallest + (m_options.largest - m_options.smallest) * shares.select(1, 2);
    return {(1 - size) * shares.select(1, 0), (1 - size) * shares.select(1, 1), size};
}

torch::Tensor Glimpse::crop(const torch::Tensor& film, const Region& region) const {
    const double side = static_cast<double>(std::max(film.size(2), film.size(3))) * m_options.largest;
    const auto wanted = static_cast<std::int64_t>(std::ceil(side / static_cast<double>(m_options.glimpseSize)));
    const std::int64_t samples = std::clamp<std::int64_t>(wanted, 1, kMostSamples);
    return croppedRegion(film, region.left, region.top, region.size, m_options.glimpseSize, samples);
}

NetworkOutput Glimpse::forward(const torch::Tensor& input, const StopCheck& stop) {
    const auto coarse = torch::adaptive_avg_pool2d(input, {m_options.coarseSize, m_options.coarseSize});
    const auto maps = m_context->features(coarse, stop);
    const auto places = torch::adaptive_avg_pool2d(maps, {kContextGrid, kContextGrid}).flatten(1);
    const auto context = torch::relu(m_see->forward(places));
    auto state = torch::tanh(m_begin->forward(context)).to(m_start.scalar_type());
    std::vector<torch::Tensor> votes, weights, regions;
    for (std::int64_t step = 0; step < m_options.glimpses; ++step) {
        throwIfStopped(stop);
        const Region seen = region(step, state, context);
        const auto where = torch::stack({seen.left, seen.top, seen.size}, 1);
        const auto what = torch::mean(m_reader->features(crop(input, seen), stop), {2, 3});
        state = m_cell->forward(torch::cat({what.to(where.scalar_type()), where}, 1), state).to(state.scalar_type());
        votes.push_back(m_vote->forward(torch::dropout(state, m_options.dropout, is_training())));
        weights.push_back(m_weigh->forward(state));
        regions.push_back(torch::cat({where, seen.size.unsqueeze(1)}, 1));
    }
    const auto weight = torch::softmax(torch::stack(weights, 1), 1);  // [N, K, 1]
    NetworkOutput output{(weight * torch::stack(votes, 1)).sum(1), maps, torch::Tensor()};
    output.glimpses = torch::cat({torch::stack(regions, 1), weight.to(regions.front().scalar_type())}, 2);
    return output;
}

void Glimpse::foldBatchNorm() {
    m_context->foldBatchNorm();
    m_reader->foldBatchNorm();
}

}  // namespace cxr::nn
