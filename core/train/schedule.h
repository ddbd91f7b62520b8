// The clockwork of a run: seeds, batches, learning rate, averaging. Pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cxr::train {

// One seed for all that is drawn in an epoch, so that a resumed run repeats it.
std::uint64_t epochSeed(std::uint64_t recipeSeed, std::size_t epoch);

// Films in groups of `size`; a last group of one joins the group before it (batch norm needs two). REQUIRES: size >= 1
std::vector<std::vector<std::int64_t>> batches(const std::vector<std::int64_t>& films, int size);

// Learning rate after `fraction` in [0, 1) of a stage: linear from 10 % to the peak in the first 5 %, then cosine to 1 %.
double learningRateAt(double peak, double fraction);

// Decay of the averaged weights after `steps` >= 1 steps: min(decay, (1 + steps) / (10 + steps)).
double warmedDecay(double decay, std::int64_t steps);

}  // namespace cxr::train
