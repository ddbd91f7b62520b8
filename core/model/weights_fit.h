// Whether a set of arrays is the one that a network needs: the same names, the same shapes, float numbers. Batch norm's
// counters (num_batches_tracked) are neither needed nor in the way.
//   thread rule  pure; any thread
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/model/safetensors.h"

namespace cxr {

using ArrayShapes = std::map<std::string, std::vector<std::int64_t>>;

// "64x3x7x7"; "one number" for a scalar.
std::string shapeText(const std::vector<std::int64_t>& shape);

bool isBatchCounter(const std::string& name);

// float16, bfloat16, float32, float64.
bool isFloat(TensorType type);

// Everything that does not fit, one sentence part each, sorted by the arrays' names; empty if all does.
// "fc.weight has the shape 14x512 instead of 1000x512", "fc.bias is missing", "x is not part of the network", ...
std::vector<std::string> weightsMisfits(const ArrayShapes& wanted, const std::map<std::string, TensorView>& given);

// The first `limit` parts as one: "a; b; and 3 more". REQUIRES: parts is not empty
std::string joinedMisfits(const std::vector<std::string>& parts, std::size_t limit = 8);

}  // namespace cxr
