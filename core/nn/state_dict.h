// Weights of a network to and from named arrays (safetensors, a PyTorch checkpoint), under the names of
// named_parameters() and named_buffers(): PyTorch's state_dict names. Batch norm's counters (num_batches_tracked) are
// neither written nor needed.
//   fails  Corrupt (names missing or too much, shapes differ, no floats: one list, core/model/weights_fit.h)
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/safetensors.h"
#include "core/nn/network.h"

namespace cxr::nn {

// Parameters and buffers by name; the tensors share the network's memory.
std::map<std::string, torch::Tensor> stateOf(const Network& network);

// float16, bfloat16, float32 or float64. All or nothing: nothing is changed if one array does not fit.
Result<Done> loadStateDict(Network& network, const std::map<std::string, TensorView>& weights);
inline Result<Done> loadStateDict(Network& network, const SafetensorsFile& file) {
    return loadStateDict(network, file.tensors());
}

// `asHalf` writes arrays of two and more dimensions as float16; vectors (biases, batch norm) stay float32.
std::vector<TensorToWrite> stateDictOf(const Network& network, bool asHalf);

}  // namespace cxr::nn
