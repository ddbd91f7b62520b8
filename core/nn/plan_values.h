// Reading a traced graph: kinds, shapes and constants of its values.
//   thread rule  as the graph
#pragma once

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include <optional>
#include <string>
#include <vector>

namespace cxr::nn {

inline std::string kindOf(const torch::jit::Node* node) { return node->kind().toQualString(); }
inline bool isConstant(const torch::jit::Node* node) { return node->kind() == torch::jit::prim::Constant; }

// Empty if it is no tensor, or of unknown shape.
std::vector<std::int64_t> sizesOf(const torch::jit::Value* value);
std::optional<at::ScalarType> scalarTypeOf(const torch::jit::Value* value);

// A constant bool, int, double or tensor; none if it is something else (None too).
template <typename T>
std::optional<T> constantOf(const torch::jit::Value* value);
// A constant list of ints, `count` of them: one number stands for all. Empty if it is something else.
std::vector<std::int64_t> intsOf(const torch::jit::Value* value, std::size_t count);

// Whether nobody but primitives of a forward plan reads it: neither torch's own operations nor the caller.
bool isReadByPrimitives(const torch::jit::Value* value);

}  // namespace cxr::nn
