// Whole sets of weights: parameters and buffers of a network by name, in memory.
// REQUIRES everywhere: both networks have the same architecture. Not thread-safe.
#pragma once

#include "core/nn/network.h"

namespace cxr::nn {

void copyWeights(const Network& from, Network& to);
// to = decay * to + (1 - decay) * from; integer buffers are copied.
void averageWeights(const Network& from, Network& to, double decay);
// Convolution weights in channels-last order, in place.
void toChannelsLast(Network& network);

}  // namespace cxr::nn
