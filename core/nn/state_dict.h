// Weights of a network to and from safetensors, under the names of named_parameters() and named_buffers(): PyTorch's
// state_dict names. Batch norm's counters (num_batches_tracked) are neither written nor needed.
//   fails  Corrupt (a name is missing or too much, a shape differs)
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/model/safetensors.h"
#include "core/nn/network.h"

namespace cxr::nn {

// All or nothing: nothing is changed if one array does not fit.
Result<Done> loadStateDict(Network& network, const SafetensorsFile& file);

// `asHalf` writes arrays of two and more dimensions as float16; vectors (biases, batch norm) stay float32.
std::vector<TensorToWrite> stateDictOf(const Network& network, bool asHalf);

}  // namespace cxr::nn
