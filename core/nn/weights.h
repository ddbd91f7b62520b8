// Whole sets of weights: parameters and buffers of a network by name, in memory.
// REQUIRES everywhere: both networks have the same architecture. Not thread-safe.
#pragma once

#include <cstdint>

#include "core/nn/network.h"

namespace cxr::nn {

void copyWeights(const Network& from, Network& to);
// to = decay * to + (1 - decay) * from; integer buffers are copied.
void averageWeights(const Network& from, Network& to, double decay);
// Every parameter and folded bias drawn anew: normal numbers of the array's own mean and deviation; the same seed, the same
// weights. For the test whether an explanation depends on what was learnt: Adebayo et al., NeurIPS 2018, section 4. Differs
// from the paper: the draw keeps each array's spread, so that the network's answers stay in range.
void drawWeights(Network& network, std::uint32_t seed);
// Convolution weights in channels-last order, in place.
void toChannelsLast(Network& network);

}  // namespace cxr::nn
