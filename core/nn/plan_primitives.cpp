// The operations that oneDNN does, one function each.
#include <algorithm>

#include "core/nn/plan_builder.h"
#include "core/nn/plan_values.h"

namespace cxr::nn {

namespace {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::prop_kind;

constexpr auto kAny = memory::format_tag::any;

std::optional<algorithm> activationOf(const torch::jit::Node* node) {
    const std::string kind = kindOf(node);
    if (kind == "aten::relu") return algorithm::eltwise_relu;
    if (kind == "aten::silu") return algorithm::eltwise_swish;
    if (kind == "aten::sigmoid") return algorithm::eltwise_logistic;
    return std::nullopt;
}
float alphaOf(algorithm activation) { return activation == algorithm::eltwise_swish ? 1.0F : 0.0F; }  // x sigmoid(1 x)

torch::jit::Node* onlyReader(const torch::jit::Value* value) {
    return value->uses().size() == 1 ? value->uses()[0].user : nullptr;
}

// a + b, both of the sum's shape; not a + 2 b.
bool isPlainSum(const torch::jit::Node* node) {
    if (kindOf(node) != "aten::add" || node->inputs().size() != 3 || constantOf<double>(node->input(2)) != 1.0) return false;
    const auto sizes = sizesOf(node->output());
    return sizes.size() == 4 && sizesOf(node->input(0)) == sizes && sizesOf(node->input(1)) == sizes;
}

// What torch's convolution is told.
struct Convolution {
    std::optional<at::Tensor> weight, bias;
    std::vector<std::int64_t> stride, padding, dilation;
    std::int64_t groups = 1;

    explicit Convolution(const torch::jit::Node* node) {
        const bool isLong = kindOf(node) == "aten::_convolution";  // with transposed, output_padding and switches
        weight = constantOf<at::Tensor>(node->input(1));
        bias = constantOf<at::Tensor>(node->input(2));
        stride = intsOf(node->input(3), 2), padding = intsOf(node->input(4), 2), dilation = intsOf(node->input(5), 2);
        groups = constantOf<std::int64_t>(node->input(isLong ? 8 : 6)).value_or(0);
        if (isLong && constantOf<bool>(node->input(6)).value_or(true)) groups = 0;
        if (!torch::jit::toIValue(node->input(2))) groups = 0;  // a bias that is computed from the film
    }
    [[nodiscard]] bool isKnown() const {
        return weight && weight->dim() == 4 && groups > 0 && !stride.empty() && !padding.empty() && !dilation.empty();
    }
    [[nodiscard]] memory::dims weightShape() const {
        const auto n = weight->sizes();
        if (groups == 1) return n.vec();
        return {groups, n[0] / groups, n[1], n[2], n[3]};
    }
};

}  // namespace

// What a convolution does after its sums: adds `addend`, then the activation. `output` is the last value of it.
struct PlanBuilder::Tail {
    Value* output = nullptr;
    Value* addend = nullptr;
    std::optional<dnnl::algorithm> activation = {};
    std::vector<const Node*> nodes = {};
};

// Nobody reads `value` after the sum, which takes its array.
bool PlanBuilder::mayBeOverwritten(Value* value, Node* before, Node* by) {
    const auto found = m_places.find(value);
    if (found == m_places.end() || found->second.array < 0 || m_shared.contains(found->second.array)) return false;
    return std::all_of(value->uses().begin(), value->uses().end(), [&](const torch::jit::Use& use) {
        const bool isList = kindOf(use.user) == "prim::ListConstruct";  // read later, by what takes the list
        return use.user == by || (!isList && use.user->isBefore(before));
    });
}

PlanBuilder::Tail PlanBuilder::tailOf(Node* convolution) {
    Tail tail{convolution->output()};
    if (Node* sum = onlyReader(tail.output); sum != nullptr && isPlainSum(sum)) {
        Value* other = sum->input(0) == tail.output ? sum->input(1) : sum->input(0);
        if (other != tail.output && other != convolution->input(0) && mayBeOverwritten(other, convolution, sum)) {
            tail = {sum->output(), other, {}, {sum}};
        }
    }
    if (Node* next = onlyReader(tail.output); next != nullptr && activationOf(next)) {
        tail.activation = activationOf(next);
        tail.output = next->output();
        tail.nodes.push_back(next);
    }
    return tail;
}

bool PlanBuilder::addConvolution(Node* node) {
    const Convolution layer(node);
    const MemoryId film = arrayOf(node->input(0));
    if (!layer.isKnown() || film < 0) return false;
    const Tail tail = tailOf(node);
    const MemoryId addend = tail.addend != nullptr ? m_places.at(tail.addend).array : -1;
    const memory::desc from(m_steps.memory.desc(film).dims(), m_type, kAny), kernel(layer.weightShape(), m_type, kAny);
    const memory::desc to = addend >= 0 ? m_steps.memory.desc(addend) : memory::desc(sizesOf(tail.output), typeOf(tail.output), kAny);
    const memory::desc bias = layer.bias ? memory::desc({layer.bias->numel()}, memory::data_type::f32, memory::format_tag::x) : memory::desc();
    dnnl::post_ops after;
    if (addend >= 0) after.append_sum(1.0F);
    if (tail.activation) after.append_eltwise(1.0F, *tail.activation, alphaOf(*tail.activation), 0.0F);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(after);
    const memory::dims gaps{layer.dilation[0] - 1, layer.dilation[1] - 1};
    const dnnl::convolution_forward::desc wanted(prop_kind::forward_inference, algorithm::convolution_direct, from, kernel, bias, to,
                                                 layer.stride, gaps, layer.padding, layer.padding);
    const dnnl::convolution_forward::primitive_desc best(wanted, attributes, processor());

    std::vector<std::pair<int, MemoryId>> arguments{{DNNL_ARG_SRC, laidOutAs(film, best.src_desc())}};
    arguments.emplace_back(DNNL_ARG_WEIGHTS, weights(*layer.weight, layer.weightShape(), best.weights_desc()));
    if (layer.bias) arguments.emplace_back(DNNL_ARG_BIAS, numbers(*layer.bias));
    const MemoryId result = addend >= 0 ? addend : m_steps.memory.add(best.dst_desc());
    if (addend >= 0) m_copies.erase(addend);  // they hold what it was before
    arguments.emplace_back(DNNL_ARG_DST, result);
    m_steps.addPrimitive(dnnl::convolution_forward(best), arguments);
    store(tail.output, result);
    m_done.insert(tail.nodes.begin(), tail.nodes.end());
    ++m_convolutions;
    return true;
}

bool PlanBuilder::addPooling(Node* node, algorithm kind, const std::vector<std::int64_t>& kernel, std::vector<std::int64_t> stride,
                             const std::vector<std::int64_t>& padding) {
    const MemoryId film = arrayOf(node->input(0));
    if (film < 0 || kernel.empty() || padding.empty()) return false;
    if (stride.empty()) stride = kernel;
    const auto in = m_steps.memory.desc(film).dims(), out = sizesOf(node->output());
    memory::dims behind;  // of the last row and column; more than `padding` where the size is rounded up
    for (std::size_t i = 0; i < 2; ++i) behind.push_back((out[i + 2] - 1) * stride[i] + kernel[i] - in[i + 2] - padding[i]);
    const memory::desc& from = m_steps.memory.desc(film);
    const dnnl::pooling_forward::desc wanted(prop_kind::forward_inference, kind, from, {out, from.data_type(), kAny}, stride, kernel, padding,
                                             behind);
    const dnnl::pooling_forward::primitive_desc best(wanted, processor());
    const MemoryId result = m_steps.memory.add(best.dst_desc());
    m_steps.addPrimitive(dnnl::pooling_forward(best), {{DNNL_ARG_SRC, film}, {DNNL_ARG_DST, result}});
    store(node->output(), result);
    return true;
}

bool PlanBuilder::addMaxPooling(Node* node) {
    if (intsOf(node->input(4), 2) != std::vector<std::int64_t>{1, 1}) return false;
    return addPooling(node, algorithm::pooling_max, intsOf(node->input(1), 2), intsOf(node->input(2), 2), intsOf(node->input(3), 2));
}

bool PlanBuilder::addAveragePooling(Node* node) {
    const auto padding = intsOf(node->input(3), 2);
    if (padding != std::vector<std::int64_t>{0, 0} || constantOf<bool>(node->input(4)).value_or(true)) return false;
    if (constantOf<std::int64_t>(node->input(6))) return false;  // its own divisor
    return addPooling(node, algorithm::pooling_avg_include_padding, intsOf(node->input(1), 2), intsOf(node->input(2), 2), padding);
}

bool PlanBuilder::addUpsampling(Node* node) {
    const MemoryId film = arrayOf(node->input(0));
    if (film < 0 || constantOf<bool>(node->input(2)).value_or(true)) return false;  // corners aligned
    const memory::desc& from = m_steps.memory.desc(film);
    const dnnl::resampling_forward::desc wanted(prop_kind::forward_inference, algorithm::resampling_linear, from,
                                                {sizesOf(node->output()), from.data_type(), kAny});
    const dnnl::resampling_forward::primitive_desc best(wanted, processor());
    const MemoryId result = m_steps.memory.add(best.dst_desc());
    m_steps.addPrimitive(dnnl::resampling_forward(best), {{DNNL_ARG_SRC, film}, {DNNL_ARG_DST, result}});
    store(node->output(), result);
    return true;
}

bool PlanBuilder::addNorm(Node* node) {
    const MemoryId film = arrayOf(node->input(0));
    std::array<std::optional<at::Tensor>, 4> given;  // weight, bias, mean, variance
    for (std::size_t i = 0; i < 4; ++i) given[i] = constantOf<at::Tensor>(node->input(i + 1));
    const bool isKnown = std::all_of(given.begin(), given.end(), [](const auto& one) { return one.has_value(); });
    if (film < 0 || !isKnown || constantOf<bool>(node->input(5)).value_or(true)) return false;
    Node* next = onlyReader(node->output());
    const bool isRectified = next != nullptr && kindOf(next) == "aten::relu";
    auto flags = dnnl::normalization_flags::use_global_stats | dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
    if (isRectified) flags = flags | dnnl::normalization_flags::fuse_norm_relu;
    const memory::desc& from = m_steps.memory.desc(film);
    const auto epsilon = static_cast<float>(constantOf<double>(node->input(7)).value_or(1e-5));
    const dnnl::batch_normalization_forward::desc wanted(prop_kind::forward_inference, from, epsilon, flags);
    const dnnl::batch_normalization_forward::primitive_desc best(wanted, processor());
    const MemoryId result = m_steps.memory.add(best.dst_desc());
    m_steps.addPrimitive(dnnl::batch_normalization_forward(best),
                         {{DNNL_ARG_SRC, film}, {DNNL_ARG_SCALE, numbers(*given[0])}, {DNNL_ARG_SHIFT, numbers(*given[1])},
                          {DNNL_ARG_MEAN, numbers(*given[2])}, {DNNL_ARG_VARIANCE, numbers(*given[3])}, {DNNL_ARG_DST, result}});
    store(isRectified ? next->output() : node->output(), result);
    if (isRectified) m_done.insert(next);
    return true;
}

bool PlanBuilder::addActivation(Node* node) {
    const MemoryId film = arrayOf(node->input(0));
    if (film < 0) return false;
    const algorithm kind = *activationOf(node);
    const memory::desc& from = m_steps.memory.desc(film);
    const dnnl::eltwise_forward::desc wanted(prop_kind::forward_inference, kind, from, alphaOf(kind), 0.0F);
    const dnnl::eltwise_forward::primitive_desc best(wanted, processor());
    const MemoryId result = m_steps.memory.add(best.dst_desc());
    m_steps.addPrimitive(dnnl::eltwise_forward(best), {{DNNL_ARG_SRC, film}, {DNNL_ARG_DST, result}});
    store(node->output(), result);
    return true;
}

bool PlanBuilder::addSum(Node* node) {
    if (!isPlainSum(node)) return false;
    const MemoryId first = arrayOf(node->input(0)), other = arrayOf(node->input(1));
    if (first < 0 || other < 0) return false;
    const memory::desc one = m_steps.memory.desc(first);
    const MemoryId second = laidOutAs(other, one);
    const dnnl::binary::desc wanted(algorithm::binary_add, one, one, one);
    const dnnl::binary::primitive_desc best(wanted, processor());
    const MemoryId result = m_steps.memory.add(best.dst_desc());
    m_steps.addPrimitive(dnnl::binary(best), {{DNNL_ARG_SRC_0, first}, {DNNL_ARG_SRC_1, second}, {DNNL_ARG_DST, result}});
    store(node->output(), result);
    return true;
}

bool PlanBuilder::addJoin(Node* node) {
    const Node* list = node->input(0)->node();
    if (kindOf(list) != "prim::ListConstruct" || constantOf<std::int64_t>(node->input(1)) != 1) return false;
    const auto type = typeOf(node->output());
    std::vector<memory::desc> descs;
    std::vector<std::pair<int, MemoryId>> arguments;
    for (Value* input : const_cast<Node*>(list)->inputs()) {
        const MemoryId part = arrayOf(input);
        if (part < 0) return false;
        const MemoryId plain = laidOutAs(part, channelsLast(m_steps.memory.desc(part).dims(), type));
        descs.push_back(m_steps.memory.desc(plain));
        arguments.emplace_back(DNNL_ARG_MULTIPLE_SRC + static_cast<int>(arguments.size()), plain);
    }
    const memory::desc to = channelsLast(sizesOf(node->output()), type);
    const dnnl::concat::primitive_desc best(to, 1, descs, processor());
    const MemoryId result = m_steps.memory.add(to);
    arguments.emplace_back(DNNL_ARG_DST, result);
    m_steps.addPrimitive(dnnl::concat(best), arguments);
    store(node->output(), result);
    return true;
}

}  // namespace cxr::nn
