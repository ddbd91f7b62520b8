// Binding of memory, and one run.
#include "core/nn/plan_steps.h"

namespace cxr::nn {

void PlanSteps::addPrimitive(const dnnl::primitive& primitive, Arguments arguments) {
    m_steps.push_back({primitive, std::move(arguments)});
}

void PlanSteps::addCall(std::function<void()> call, std::vector<MemoryId> arrays) {
    m_steps.push_back({{}, {}, std::move(call), std::move(arrays)});
}

void PlanSteps::finish(MemoryId input, const std::vector<MemoryId>& kept) {
    const int count = static_cast<int>(m_steps.size());
    for (int i = 0; i < count; ++i) {
        const Step& step = m_steps[static_cast<std::size_t>(i)];
        for (const auto& [name, id] : step.arguments) memory.use(id, i);
        for (const MemoryId id : step.arrays) memory.use(id, i);
    }
    memory.use(input, 0);
    for (const MemoryId id : kept) memory.use(id, count);
    memory.allocate();
    for (Step& step : m_steps) {
        for (const auto& [name, id] : step.arguments) step.bound[name] = memory.memory(id);
    }
}

bool PlanSteps::run(const std::function<bool()>& stop) {
    for (const Step& step : m_steps) {
        if (stop && stop()) return false;
        if (step.call) step.call();
        else step.primitive.execute(m_stream, step.bound);
    }
    return true;
}

}  // namespace cxr::nn
