// Runs a selection network over one block of lanes, with the widest SIMD the processor has (AVX-512BW, AVX2, or what
// every x86-64 has; the same code on other processors). Pure function over the caller's memory; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/prior/selection_network.h"

namespace cxr {

// Slots are aligned to so many bytes; inputs have kBlockLanes + halo readable lanes, scratch slots kSlotLanes.
inline constexpr int kLaneAlignment = 64;
inline constexpr int kSlotLanes = kBlockLanes + 64;

// `slots[i]`: first lane of slot i of the network.
void runNetwork(const SelectionNetwork& network, std::int16_t* const* slots);

// What the processor offers, the best first; runNetwork uses the first. For tests and benchmarks.
std::vector<std::string> laneKernelNames();
void runNetworkWith(const std::string& kernelName, const SelectionNetwork& network, std::int16_t* const* slots);

}  // namespace cxr
