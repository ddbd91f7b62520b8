#include "core/prior/lane_kernels.h"

#include <cstring>

// One copy of the steps for each instruction set; the vector type decides the width.
#define CXR_LANE_NAMESPACE baseline
#define CXR_LANE_BYTES 16
#include "core/prior/lane_steps.inc"
#undef CXR_LANE_NAMESPACE
#undef CXR_LANE_BYTES

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CXR_HAS_TARGETS 1
#pragma GCC push_options
#pragma GCC target("avx2")
#define CXR_LANE_NAMESPACE avx2
#define CXR_LANE_BYTES 32
#include "core/prior/lane_steps.inc"
#undef CXR_LANE_NAMESPACE
#undef CXR_LANE_BYTES
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl")
#define CXR_LANE_NAMESPACE avx512
#define CXR_LANE_BYTES 64
#include "core/prior/lane_steps.inc"
#undef CXR_LANE_NAMESPACE
#undef CXR_LANE_BYTES
#pragma GCC pop_options
#endif

namespace cxr {
namespace {

struct Kernel {
    void (*run)(const SelectionNetwork&, std::int16_t* const*);
    const char* name;
};

std::vector<Kernel> availableKernels() {
    std::vector<Kernel> kernels;
#if defined(CXR_HAS_TARGETS)
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) kernels.push_back({avx512::run, "avx512bw"});
    if (__builtin_cpu_supports("avx2")) kernels.push_back({avx2::run, "avx2"});
#endif
    kernels.push_back({baseline::run, "baseline"});
    return kernels;
}

const std::vector<Kernel>& kernels() {
    static const std::vector<Kernel> available = availableKernels();
    return available;
}

}  // namespace

void runNetwork(const SelectionNetwork& network, std::int16_t* const* slots) {
    kernels().front().run(network, slots);
}

std::vector<std::string> laneKernelNames() {
    std::vector<std::string> names;
    for (const Kernel& kernel : kernels()) names.emplace_back(kernel.name);
    return names;
}

void runNetworkWith(const std::string& kernelName, const SelectionNetwork& network, std::int16_t* const* slots) {
    for (const Kernel& kernel : kernels()) {
        if (kernel.name == kernelName) kernel.run(network, slots);
    }
}

}  // namespace cxr
