// Sums over points, and one pass back to the input.
#include "core/explain/method.h"

namespace cxr::explain {
namespace {

using nn::BackwardRule;
using torch::Tensor;

Tensor startOf(BackwardRule rule, const Tensor& logits) {
    if (rule == BackwardRule::Plain || rule == BackwardRule::Guided) return torch::ones_like(logits);
    if (rule != BackwardRule::DeepLift) return logits.detach();
    Tensor start = torch::zeros_like(logits);
    start.chunk(2)[0].fill_(1);
    return start;
}

Tensor flow(const Question& question, const Tensor& leaf, nn::LayerMode& mode) {
    const nn::LayerScope scope(mode);
    const Tensor logits = question.network.forward(leaf, question.stop).logits.select(1, question.index);
    nn::throwIfStopped(question.stop);
    if (!logits.requires_grad()) return {};
    return torch::autograd::grad({logits}, {leaf}, {startOf(mode.rule, logits)}, {}, false, /*allow_unused=*/true).at(0);
}

}  // namespace

Error noGradients() {
    return {ErrorCode::Unsupported, "this network gives no gradients, so this explanation cannot be computed; choose occlusion"};
}

Result<Tensor> flowToInput(const Question& question, const Tensor& inputs, nn::LayerMode mode) {
    const torch::AutoGradMode withGradients(true);
    const Tensor leaf = inputs.detach().contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
    mode.stop = question.stop;
    mode.input = leaf;
    Tensor given;
    try {
        given = flow(question, leaf, mode);
    } catch (const c10::Error&) {
        if (!question.isProgram) throw;
    }
    if (!given.defined()) return noGradients();
    if (!mode.isBoxFirst || mode.wasBoxUsed) return given;
    return Error{ErrorCode::Unsupported, "the z-box rule cannot find this network's first layer; switch it off"};
}

Tensor overFilm(const Question& question, const Tensor& values) { return values.slice(1, 0, question.filmChannels).sum(1); }

Result<Done> SummedMethod::add(const Batch& batch) {
    const Result<Tensor> found = mapsOf(batch);
    if (!found.isOk()) return found.error();
    std::vector<float> weights;
    for (const Point& point : batch.points) {
        weights.push_back(static_cast<float>(weight(point.part)));
        m_weight += weight(point.part);
    }
    const Tensor each = torch::tensor(weights).to(found.value().device()).view({-1, 1, 1});
    const Tensor sum = (found.value().detach() * each).sum(0);
    m_sum = m_sum.defined() ? m_sum + sum : sum;
    return Done{};
}

Tensor SummedMethod::picture() const {
    double whole = 0;
    for (int part = 0; part < parts(); ++part) whole += weight(part);
    return m_sum * (whole / m_weight);
}

}  // namespace cxr::explain
