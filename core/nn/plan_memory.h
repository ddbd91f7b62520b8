// The memory of a forward plan: every array that its steps read or write, in as few buffers as their lives allow.
//   An array lives from the first to the last step that uses it; arrays whose lives do not meet share a buffer, which stays
//   in the processor's cache and is never given back between films.
//   thread rule  one plan runs at a time; its arrays hold the last run's numbers
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include <cstdint>
#include <vector>

namespace cxr::nn {

using MemoryId = int;

// [N, C, H, W], numbers of one cell side by side (torch's channels-last): what torch reads without copying.
dnnl::memory::desc channelsLast(const std::vector<std::int64_t>& sizes, dnnl::memory::data_type type);
const dnnl::engine& processor();

class PlanMemory {
  public:
    MemoryId add(const dnnl::memory::desc& desc);
    MemoryId addConstant(const dnnl::memory& values);  // weights
    [[nodiscard]] const dnnl::memory::desc& desc(MemoryId id) const { return at(id).desc; }
    // `step` reads or writes it.
    void use(MemoryId id, int step);
    // Once all uses are known.
    void allocate();
    [[nodiscard]] const dnnl::memory& memory(MemoryId id) const { return at(id).values; }
    [[nodiscard]] int count() const { return static_cast<int>(m_arrays.size()); }

  private:
    struct Array {
        dnnl::memory::desc desc;
        bool isConstant = false;
        int first = -1, last = -1;  // steps; -1: never used
        dnnl::memory values = {};
    };
    struct Buffer {
        std::size_t bytes = 0;
        int lastUse = -1;
        std::vector<MemoryId> arrays = {};
    };
    [[nodiscard]] const Array& at(MemoryId id) const { return m_arrays[static_cast<std::size_t>(id)]; }
    void place(MemoryId id, std::vector<Buffer>& buffers) const;

    std::vector<Array> m_arrays;
    std::vector<dnnl::memory> m_bytes;
};

}  // namespace cxr::nn
