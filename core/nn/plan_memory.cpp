// Lives of arrays, and which buffer each gets.
#include "core/nn/plan_memory.h"

#include <algorithm>

namespace cxr::nn {

using dnnl::memory;

const dnnl::engine& processor() {
    static const dnnl::engine kEngine(dnnl::engine::kind::cpu, 0);
    return kEngine;
}

memory::desc channelsLast(const std::vector<std::int64_t>& sizes, memory::data_type type) {
    return {memory::dims(sizes.begin(), sizes.end()), type, memory::format_tag::nhwc};
}

MemoryId PlanMemory::add(const memory::desc& desc) {
    m_arrays.push_back({desc});
    return count() - 1;
}

MemoryId PlanMemory::addConstant(const dnnl::memory& values) {
    m_arrays.push_back({values.get_desc(), true, -1, -1, values});
    return count() - 1;
}

void PlanMemory::use(MemoryId id, int step) {
    Array& array = m_arrays[static_cast<std::size_t>(id)];
    array.first = array.first < 0 ? step : std::min(array.first, step);
    array.last = std::max(array.last, step);
}

// The smallest free buffer that is large enough, else the largest free one, which grows, else a new one.
void PlanMemory::place(MemoryId id, std::vector<Buffer>& buffers) const {
    const Array& array = at(id);
    const std::size_t bytes = array.desc.get_size();
    Buffer* best = nullptr;
    const auto isBetter = [&](const Buffer& a, const Buffer& b) {
        const bool fitsA = a.bytes >= bytes, fitsB = b.bytes >= bytes;
        return fitsA != fitsB ? fitsA : fitsA ? a.bytes < b.bytes : a.bytes > b.bytes;
    };
    for (Buffer& buffer : buffers) {
        if (buffer.lastUse < array.first && (best == nullptr || isBetter(buffer, *best))) best = &buffer;
    }
    if (best == nullptr) best = &buffers.emplace_back();
    best->bytes = std::max(best->bytes, bytes);
    best->lastUse = array.last;
    best->arrays.push_back(id);
}

void PlanMemory::allocate() {
    std::vector<MemoryId> order;
    for (MemoryId id = 0; id < count(); ++id) {
        const Array& array = at(id);
        if (!array.isConstant && array.last >= 0) order.push_back(id);
    }
    std::stable_sort(order.begin(), order.end(), [&](MemoryId a, MemoryId b) {
        return at(a).first < at(b).first;
    });
    std::vector<Buffer> buffers;
    for (const MemoryId id : order) place(id, buffers);
    for (const Buffer& buffer : buffers) {
        const auto bytes = static_cast<std::int64_t>(buffer.bytes);
        m_bytes.emplace_back(memory::desc({bytes}, memory::data_type::u8, memory::format_tag::x), processor());
        for (const MemoryId id : buffer.arrays) {
            Array& array = m_arrays[static_cast<std::size_t>(id)];
            array.values = dnnl::memory(array.desc, processor(), m_bytes.back().get_data_handle());
        }
    }
}

}  // namespace cxr::nn
