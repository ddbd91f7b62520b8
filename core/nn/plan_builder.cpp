// Nodes of the graph, one after the other.
#include "core/nn/plan_builder.h"

#include <ATen/ops/from_blob.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <algorithm>

#include "core/nn/plan_values.h"

namespace cxr::nn {

namespace jit = torch::jit;
using dnnl::memory;

namespace {

// REQUIRES: float, channelsLast()
at::Tensor sharedTensor(const memory& values) {
    const auto n = values.get_desc().dims();
    const std::vector<std::int64_t> strides{n[1] * n[2] * n[3], 1, n[1] * n[3], n[1]};
    return at::from_blob(values.get_data_handle(), n, strides, at::kFloat);
}

}  // namespace

c10::IValue Operand::value(const PlanState& state) const {
    if (array >= 0) return state.arrays.at(array);
    return reg >= 0 ? state.registers[static_cast<std::size_t>(reg)] : constant;
}

PlanBuilder::PlanBuilder(jit::Graph& graph, PlanSteps& steps, PlanState& state, memory::data_type type)
    : m_graph(graph), m_steps(steps), m_state(state), m_type(type) {}

bool PlanBuilder::build() {
    if (m_graph.inputs().size() != 1) return false;
    Value* film = m_graph.inputs()[0];
    const auto sizes = sizesOf(film);
    if (sizes.size() != 4 || sizes[0] != 1) return false;
    m_input = m_steps.memory.add(channelsLast(sizes, memory::data_type::f32));
    store(film, m_input);
    m_shared.insert(m_input);
    for (Node* node : m_graph.nodes()) {
        if (!addNode(node)) return false;
    }
    if (m_convolutions == 0) return false;
    std::vector<MemoryId> kept;
    for (Value* output : m_graph.outputs()) {
        m_outputs.push_back(operandOf(output));
        if (m_outputs.back().array >= 0) kept.push_back(m_outputs.back().array);
    }
    for (const MemoryId id : kept) m_state.arrays[id];
    m_state.arrays[m_input];
    m_steps.finish(m_input, kept);
    for (auto& [id, tensor] : m_state.arrays) tensor = sharedTensor(m_steps.memory.memory(id));
    return true;
}

int PlanBuilder::addRegister(Value* value) {
    m_state.registers.emplace_back();
    const int reg = static_cast<int>(m_state.registers.size()) - 1;
    m_places[value] = {-1, reg};
    return reg;
}

void PlanBuilder::addCall(std::function<void()> call, const std::vector<MemoryId>& arrays) {
    for (const MemoryId id : arrays) m_state.arrays[id];  // filled when there is memory
    m_steps.addCall(std::move(call), arrays);
}

bool PlanBuilder::addNode(Node* node) {
    if (m_done.contains(node) || isConstant(node)) return true;
    if (kindOf(node) == "prim::ListConstruct") return isListOfTensors(node);
    if (keepAsItIs(node)) return true;
    try {
        if (addPrimitive(node)) return true;
    } catch (const dnnl::error&) {  // oneDNN has no code for it here: torch has
    }
    return addTorchCall(node);
}

bool PlanBuilder::addPrimitive(Node* node) {
    using Add = bool (PlanBuilder::*)(Node*);
    static const std::map<std::string, Add> kKinds{
        {"aten::_convolution", &PlanBuilder::addConvolution}, {"aten::conv2d", &PlanBuilder::addConvolution},
        {"aten::max_pool2d", &PlanBuilder::addMaxPooling},    {"aten::avg_pool2d", &PlanBuilder::addAveragePooling},
        {"aten::upsample_bilinear2d", &PlanBuilder::addUpsampling}, {"aten::batch_norm", &PlanBuilder::addNorm},
        {"aten::relu", &PlanBuilder::addActivation},          {"aten::silu", &PlanBuilder::addActivation},
        {"aten::sigmoid", &PlanBuilder::addActivation},       {"aten::add", &PlanBuilder::addSum},
        {"aten::cat", &PlanBuilder::addJoin}};
    const auto found = kKinds.find(kindOf(node));
    if (found == kKinds.end() || sizesOf(node->output()).size() != 4) return false;
    return (this->*found->second)(node);
}

bool PlanBuilder::keepAsItIs(Node* node) {
    const std::string kind = kindOf(node);
    const bool isDropout = kind == "aten::dropout" || kind == "aten::feature_dropout";
    if (isDropout && constantOf<bool>(node->input(2)).value_or(true)) return false;
    const auto isFloat = [](Value* value) { return scalarTypeOf(value) == at::kFloat; };
    const bool isSameType = kind == "aten::to" && isFloat(node->input(0)) && isFloat(node->output());
    if (!isDropout && !isSameType && kind != "aten::contiguous" && kind != "aten::detach") return false;
    const auto found = m_places.find(node->input(0));
    if (found == m_places.end()) return false;
    if (found->second.array >= 0) m_shared.insert(found->second.array);
    const Place place = found->second;
    m_places[node->output()] = place;
    return true;
}

// bfloat16 only where a primitive reads it; torch and the caller get floats.
memory::data_type PlanBuilder::typeOf(Value* value) const {
    return isReadByPrimitives(value) ? m_type : memory::data_type::f32;
}

MemoryId PlanBuilder::arrayOf(Value* value) {
    const auto found = m_places.find(value);
    if (found == m_places.end()) return -1;
    if (found->second.array >= 0) return found->second.array;
    const auto sizes = sizesOf(value);
    if (sizes.size() != 4) return -1;
    const MemoryId id = m_steps.memory.add(channelsLast(sizes, memory::data_type::f32));
    const auto from = static_cast<std::size_t>(found->second.reg);
    addCall([&state = m_state, from, id] { state.arrays.at(id).copy_(state.registers[from].toTensor()); }, {id});
    found->second.array = id;
    m_shared.insert(id);
    return id;
}

MemoryId PlanBuilder::laidOutAs(MemoryId id, const memory::desc& desc) {
    if (m_steps.memory.desc(id) == desc) return id;
    for (const MemoryId copy : m_copies[id]) {
        if (m_steps.memory.desc(copy) == desc) return copy;
    }
    const MemoryId copy = m_steps.memory.add(desc);
    const dnnl::reorder::primitive_desc order(processor(), m_steps.memory.desc(id), processor(), desc);
    m_steps.addPrimitive(dnnl::reorder(order), {{DNNL_ARG_FROM, id}, {DNNL_ARG_TO, copy}});
    m_copies[id].push_back(copy);
    return copy;
}

MemoryId PlanBuilder::weights(const at::Tensor& values, const memory::dims& shape, const memory::desc& wanted) {
    const at::Tensor plain = values.detach().to(at::kFloat);
    memory::dims strides = plain.strides().vec();
    if (shape.size() == 5) strides.insert(strides.begin(), shape[1] * strides[0]);  // groups lie one after the other
    const memory from({shape, memory::data_type::f32, strides}, processor(), plain.data_ptr());
    memory to(wanted, processor());
    dnnl::stream stream(processor());
    dnnl::reorder(from, to).execute(stream, const_cast<memory&>(from), to);
    stream.wait();
    return m_steps.memory.addConstant(to);
}

MemoryId PlanBuilder::numbers(const at::Tensor& values) {
    const at::Tensor plain = values.detach().to(at::kFloat).contiguous();
    memory to({{plain.numel()}, memory::data_type::f32, memory::format_tag::x}, processor());
    std::copy_n(plain.data_ptr<float>(), plain.numel(), static_cast<float*>(to.get_data_handle()));
    return m_steps.memory.addConstant(to);
}

Operand PlanBuilder::operandOf(Value* value) {
    if (isConstant(value->node())) return {-1, -1, *jit::toIValue(value)};
    const Place place = m_places.at(value);
    if (place.reg >= 0) return {-1, place.reg, {}};
    const auto desc = channelsLast(m_steps.memory.desc(place.array).dims(), memory::data_type::f32);
    return {laidOutAs(place.array, desc), -1, {}};
}

std::vector<Operand> PlanBuilder::operandsOf(Node* node, std::vector<MemoryId>& arrays) {
    std::vector<Operand> operands;
    for (Value* input : node->inputs()) {
        operands.push_back(operandOf(input));
        if (operands.back().array >= 0) arrays.push_back(operands.back().array);
    }
    return operands;
}

// The list itself becomes a step only if torch reads it.
bool PlanBuilder::isListOfTensors(Node* node) const {
    return std::all_of(node->inputs().begin(), node->inputs().end(), [&](Value* input) {
        return input->type()->cast<c10::TensorType>() && (isConstant(input->node()) || m_places.contains(input));
    });
}

void PlanBuilder::addList(Node* node) {
    std::vector<MemoryId> arrays;
    const auto operands = operandsOf(node, arrays);
    const int reg = addRegister(node->output());
    addCall([&state = m_state, operands, reg] {
        c10::List<at::Tensor> list;
        for (const Operand& operand : operands) list.push_back(operand.value(state).toTensor());
        state.registers[static_cast<std::size_t>(reg)] = list;
    }, arrays);
}

bool PlanBuilder::addTorchCall(Node* node) {
    if (!node->maybeOperator() || node->schema().is_mutable()) return false;
    for (Value* input : node->inputs()) {
        if (isConstant(input->node()) || m_places.contains(input)) continue;
        if (kindOf(input->node()) != "prim::ListConstruct") return false;
        addList(input->node());
    }
    std::vector<MemoryId> arrays;
    const auto operands = operandsOf(node, arrays);
    std::vector<int> results;
    for (Value* output : node->outputs()) results.push_back(addRegister(output));
    addCall([&state = m_state, operands, results, operation = node->getOperation()]() mutable {
        jit::Stack stack;
        for (const Operand& operand : operands) stack.push_back(operand.value(state));
        operation(stack);
        for (std::size_t i = 0; i < results.size(); ++i) {
            // A view of planned memory would change with what comes next.
            const auto isView = [&](const Operand& operand) {
                return operand.array >= 0 && stack[i].isTensor() && stack[i].toTensor().is_alias_of(operand.value(state).toTensor());
            };
            const bool isOwn = std::none_of(operands.begin(), operands.end(), isView);
            state.registers[static_cast<std::size_t>(results[i])] = isOwn ? stack[i] : c10::IValue(stack[i].toTensor().clone());
        }
    }, arrays);
    return true;
}

}  // namespace cxr::nn
