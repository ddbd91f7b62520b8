// Torch's layers, and which rule each of them follows in a scope.
#include "core/nn/layers.h"

#include "core/nn/backward_rules.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;
using torch::Tensor;

thread_local LayerMode* t_mode = nullptr;

bool isRelevance(BackwardRule rule) {
    return rule == BackwardRule::LrpEpsilon || rule == BackwardRule::LrpAlpha1Beta0 || rule == BackwardRule::LrpGamma;
}
bool hasRule(BackwardRule rule) { return t_mode != nullptr && t_mode->rule == rule; }
bool followsRelevance() { return t_mode != nullptr && isRelevance(t_mode->rule); }

// The backward pass asks whether it may go on when it has come to x.
void stopHere(const Tensor& x) {
    if (t_mode == nullptr || !t_mode->stop || !x.requires_grad() || !torch::GradMode::is_enabled()) return;
    x.register_hook([stop = t_mode->stop](const Tensor&) { throwIfStopped(stop); });
}

bool isNetworkInput(const Tensor& x) {
    const auto isFrom = [&](const Tensor& input) { return input.defined() && x.is_alias_of(input); };
    return isFrom(t_mode->input) || isFrom(t_mode->changedInput);
}

Tensor ruledOne(const Tensor& x, const Elementwise& f, Backward backward) {
    return ruled({x}, [f](const Tensors& inputs) { return f(inputs[0]); }, std::move(backward));
}

Tensor byRelevance(const Tensor& x, const LinearMap& map, const Tensor& weight, const Tensor& bias) {
    const bool isFirst = isNetworkInput(x);
    if (isFirst && t_mode->isBoxFirst) t_mode->wasBoxUsed = true;
    const auto forward = [&](const Tensors& inputs) {
        const Tensor z = map.apply(inputs[0], weight);
        return bias.defined() ? z + bias : z;
    };
    return ruled({x}, forward, relevanceRule(*t_mode, isFirst, map, weight, bias));
}

// Weight and bias of a layer whose norm is merged into it.
struct Merged {
    Tensor weight, bias;
};
template <typename Layer, typename Norm>
Merged merged(const Layer& layer, const Norm& norm) {
    if (!norm) return {layer->weight, layer->bias};
    const Tensor gain = norm->weight / torch::sqrt(norm->running_var + norm->options.eps());
    const Tensor bias = layer->bias.defined() ? layer->bias - norm->running_mean : -norm->running_mean;
    std::vector<std::int64_t> shape(static_cast<std::size_t>(layer->weight.dim()), 1);
    shape[0] = -1;
    return {layer->weight * gain.view(shape), bias * gain + norm->bias};
}

std::vector<std::int64_t> vectorOf(const torch::ExpandingArray<2>& pair) { return {pair->begin(), pair->end()}; }

// Options: of a Conv2d layer, or as it is made from.
template <typename Options>
LinearMap convolutionMap(const Options& o) {
    // get_if is found by its argument: c10's in LibTorch 1.13, std's in 2.x
    const auto* numbers = get_if<torch::ExpandingArray<2>>(&o.padding());
    TORCH_CHECK(numbers != nullptr && get_if<torch::enumtype::kZeros>(&o.padding_mode()) != nullptr, "this padding has no rule");
    const std::vector<std::int64_t> stride = vectorOf(o.stride()), padding = vectorOf(*numbers), dilation = vectorOf(o.dilation());
    const std::int64_t groups = o.groups();
    const auto apply = [=](const Tensor& x, const Tensor& w) { return torch::conv2d(x, w, {}, stride, padding, dilation, groups); };
    const auto transposed = [=](const Tensor& flow, const Tensor& x, const Tensor& w) {
        return std::get<0>(at::convolution_backward(flow, x, w, c10::nullopt, stride, padding, dilation, /*transposed=*/false,
                                                    /*output_padding=*/{0, 0}, groups, {true, false, false}));
    };
    return {apply, transposed};
}

LinearMap matrixMap() {
    return {[](const Tensor& x, const Tensor& w) { return torch::matmul(x, w.t()); },
            [](const Tensor& flow, const Tensor&, const Tensor& w) { return torch::matmul(flow, w); }};
}

}  // namespace

LayerScope::LayerScope(LayerMode& mode) : m_before(t_mode) { t_mode = &mode; }
LayerScope::~LayerScope() { t_mode = m_before; }
LayerMode* layerMode() { return t_mode; }

Tensor convolved(tnn::Conv2d& layer, tnn::BatchNorm2d& norm, const Tensor& x) {
    stopHere(x);
    if (followsRelevance()) {
        const Merged one = merged(layer, norm);
        const Tensor bias = one.bias.defined() ? one.bias.view({1, -1, 1, 1}) : one.bias;
        return byRelevance(x, convolutionMap(layer->options), one.weight, bias);
    }
    const Tensor y = layer->forward(x);
    return norm ? norm->forward(y) : y;
}

Tensor convolved1x1(const Tensor& x, const Tensor& weight) {
    if (!followsRelevance()) return torch::conv2d(x, weight);
    return byRelevance(x, convolutionMap(tnn::Conv2dOptions(1, 1, 1)), weight, {});
}

Tensor linear(tnn::Linear& layer, tnn::BatchNorm1d& norm, const Tensor& x) {
    stopHere(x);
    if (followsRelevance()) {
        const Merged one = merged(layer, norm);
        return byRelevance(x, matrixMap(), one.weight, one.bias);
    }
    const Tensor y = layer->forward(x);
    return norm ? norm->forward(y) : y;
}

Tensor linear(tnn::Linear& layer, const Tensor& x) {
    tnn::BatchNorm1d none{nullptr};
    return linear(layer, none, x);
}

Tensor normed(tnn::BatchNorm2d& norm, const Tensor& x) {
    if (!followsRelevance()) return norm->forward(x);
    const Tensor gain = norm->weight / torch::sqrt(norm->running_var + norm->options.eps());
    const auto perChannel = [](const Tensor& numbers) { return numbers.view({1, -1, 1, 1}); };
    const LinearMap map{[](const Tensor& maps, const Tensor& w) { return maps * w; },
                        [](const Tensor& flow, const Tensor&, const Tensor& w) { return flow * w; }};
    return byRelevance(x, map, perChannel(gain), perChannel(norm->bias - norm->running_mean * gain));
}

Tensor rectified(Tensor x) {
    if (hasRule(BackwardRule::Guided)) return ruledOne(x, [](const Tensor& a) { return torch::relu(a); }, guidedRule());
    if (hasRule(BackwardRule::DeepLift) || followsRelevance()) return elementwise(x, [](const Tensor& a) { return torch::relu(a); });
    return torch::relu_(x);
}

Tensor elementwise(const Tensor& x, const Elementwise& f) {
    if (hasRule(BackwardRule::DeepLift)) return ruledOne(x, f, rescaleRule(f));
    if (!followsRelevance()) return f(x);
    const Tensor y = ruledOne(x, f, passRule());
    if (isNetworkInput(x)) t_mode->changedInput = y;
    return y;
}

Tensor maxPooled(const Tensor& x, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
    const auto pooled = [=](const Tensor& a) { return torch::max_pool2d(a, kernel, stride, padding); };
    if (!hasRule(BackwardRule::DeepLift)) return pooled(x);  // its gradient gives relevance to the winner
    const MaxPooling pooling{
        [=](const Tensor& a) {
            auto [values, indices] = at::max_pool2d_with_indices(a, kernel, stride, padding);
            return std::pair(values, indices);
        },
        [=](const Tensor& flow, const Tensor& a, const Tensor& indices) {
            return at::max_pool2d_with_indices_backward(flow, a, kernel, stride, padding, /*dilation=*/1, /*ceil_mode=*/false, indices);
        }};
    return ruledOne(x, pooled, rescaledMaxRule(pooling));
}

Tensor globalMax(const Tensor& maps) {
    const auto largest = [](const Tensor& a) { return torch::amax(a, {2, 3}); };
    if (!hasRule(BackwardRule::DeepLift) && !followsRelevance()) return largest(maps);
    const MaxPooling pooling{
        [](const Tensor& a) {
            auto [values, indices] = a.flatten(2).max(2);
            return std::pair(values, indices);
        },
        [](const Tensor& flow, const Tensor& a, const Tensor& indices) {
            return torch::zeros_like(a.flatten(2)).scatter_(2, indices.unsqueeze(2), flow.unsqueeze(2)).view(a.sizes());
        }};
    if (hasRule(BackwardRule::DeepLift)) return ruledOne(maps, largest, rescaledMaxRule(pooling));
    return ruledOne(maps, largest, [pooling](const Tensors& inputs, const Tensor&, const Tensor& flow) -> Tensors {
        return {pooling.scattered(flow, inputs[0], pooling.forward(inputs[0]).second)};
    });
}

Tensor weightedMeans(const Tensor& x, const Elementwise& f) { return followsRelevance() ? ruledOne(x, f, shareRule(f)) : f(x); }

Tensor pooledByShares(const Tensor& maps, const Elementwise& f, const Elementwise& shares) {
    if (!followsRelevance()) return f(maps);
    return ruledOne(maps, f, [shares](const Tensors& inputs, const Tensor&, const Tensor& flow) -> Tensors {
        const Tensor part = inputs[0] * shares(inputs[0]);
        const std::vector<std::int64_t> cells{2, 3};
        return {part * (flow.unsqueeze(2).unsqueeze(3) / keptFromZero(part.sum(cells, true), 1e-9))};
    });
}

Tensor added(Tensor a, const Tensor& b) {
    if (!followsRelevance()) return a += b;
    return ruled({a, b}, [](const Tensors& inputs) { return inputs[0] + inputs[1]; }, sumShareRule(t_mode->rule));
}

Tensor gated(const Tensor& x, const Tensor& factor) {
    if (!hasRule(BackwardRule::DeepLift) && !followsRelevance()) return x * factor;
    return ruled({x, factor}, [](const Tensors& inputs) { return inputs[0] * inputs[1]; }, gateRule(t_mode->rule));
}

Tensor averaged(const std::vector<Tensor>& all) {
    const auto mean = [](const Tensor& stacked) { return stacked.mean(0); };
    return weightedMeans(torch::stack(all), mean);
}

void noteFeatures(const Tensor& maps) {
    if (t_mode != nullptr) t_mode->features.push_back(maps);
}

}  // namespace cxr::nn
