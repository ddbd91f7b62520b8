// From a traced graph to the steps of a forward plan.
//   in oneDNN: convolutions with the ReLU, SiLU, sigmoid or sum that follows, max and average pooling, bilinear
//   upsampling, batch norms with their ReLU, sums, concatenations of channels. All else is torch's operation.
//   thread rule  one builder, one thread
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/nn/plan_steps.h"

namespace torch::jit {
struct Graph;
struct Node;
struct Value;
}  // namespace torch::jit

namespace cxr::nn {

// What torch's operations read and write: one register for each value that they make, and the planned arrays that they see.
struct PlanState {
    std::vector<c10::IValue> registers;
    std::map<MemoryId, at::Tensor> arrays;  // share the plan's memory
};

// Where torch's operation finds an input.
struct Operand {
    MemoryId array = -1;
    int reg = -1;
    c10::IValue constant = {};
    [[nodiscard]] c10::IValue value(const PlanState& state) const;
};

class PlanBuilder {
  public:
    using Node = torch::jit::Node;
    using Value = torch::jit::Value;

    // The steps use `state`, which must live as long as they do. `type`: of weights and maps, f32 or bf16.
    PlanBuilder(torch::jit::Graph& graph, PlanSteps& steps, PlanState& state, dnnl::memory::data_type type);
    // False: the graph has something that no step can do, or no convolution at all.
    bool build();

    [[nodiscard]] MemoryId input() const { return m_input; }
    [[nodiscard]] const std::vector<Operand>& outputs() const { return m_outputs; }

  private:
    struct Place {  // of a value of the graph; one of both, or both
        MemoryId array = -1;
        int reg = -1;
    };
    struct Tail;  // what a convolution does after its sums

    bool addNode(Node* node);
    bool addPrimitive(Node* node);  // false: oneDNN does not have it
    bool addConvolution(Node* node);
    bool addMaxPooling(Node* node);
    bool addAveragePooling(Node* node);
    bool addUpsampling(Node* node);
    bool addNorm(Node* node);
    bool addActivation(Node* node);
    bool addSum(Node* node);
    bool addJoin(Node* node);
    bool addPooling(Node* node, dnnl::algorithm algorithm, const std::vector<std::int64_t>& kernel, std::vector<std::int64_t> stride,
                    const std::vector<std::int64_t>& padding);
    bool addTorchCall(Node* node);
    void addList(Node* node);
    int addRegister(Value* value);
    void addCall(std::function<void()> call, const std::vector<MemoryId>& arrays);
    bool isListOfTensors(Node* node) const;
    bool keepAsItIs(Node* node);  // dropout in use, type changes that change nothing

    Tail tailOf(Node* convolution);
    bool mayBeOverwritten(Value* value, Node* before, Node* by);
    dnnl::memory::data_type typeOf(Value* value) const;
    MemoryId arrayOf(Value* value);  // -1: none
    MemoryId laidOutAs(MemoryId id, const dnnl::memory::desc& desc);
    MemoryId weights(const at::Tensor& values, const dnnl::memory::dims& shape, const dnnl::memory::desc& wanted);
    MemoryId numbers(const at::Tensor& values);  // a vector, float
    Operand operandOf(Value* value);
    std::vector<Operand> operandsOf(Node* node, std::vector<MemoryId>& arrays);
    void store(Value* value, MemoryId id) { m_places[value] = {id, -1}; }

    torch::jit::Graph& m_graph;
    PlanSteps& m_steps;
    PlanState& m_state;
    dnnl::memory::data_type m_type;
    MemoryId m_input = -1;
    std::vector<Operand> m_outputs;
    std::unordered_map<const Value*, Place> m_places;
    std::map<MemoryId, std::vector<MemoryId>> m_copies;  // of an array in other layouts
    std::set<MemoryId> m_shared;                         // arrays of more than one value
    std::set<const Node*> m_done;                        // taken into an earlier step
    int m_convolutions = 0;
};

}  // namespace cxr::nn
