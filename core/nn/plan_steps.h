// The steps of a forward plan, in order: oneDNN primitives on planned memory, and calls of torch's operations between them.
//   thread rule  as ForwardPlan
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/nn/plan_memory.h"

namespace cxr::nn {

class PlanSteps {
  public:
    PlanMemory memory;

    using Arguments = std::vector<std::pair<int, MemoryId>>;
    void addPrimitive(const dnnl::primitive& primitive, Arguments arguments);
    // `arrays`: what the call reads or writes.
    void addCall(std::function<void()> call, std::vector<MemoryId> arrays);
    // After the last step, once: `input` lives from the beginning, `kept` to the end.
    void finish(MemoryId input, const std::vector<MemoryId>& kept);

    // `stop` (may be empty) is asked before each step. False: it said so.
    bool run(const std::function<bool()>& stop);

  private:
    struct Step {
        dnnl::primitive primitive;  // empty: call()
        Arguments arguments = {};
        std::function<void()> call = {};
        std::vector<MemoryId> arrays = {};
        std::unordered_map<int, dnnl::memory> bound = {};  // the arguments, once memory is there
    };

    std::vector<Step> m_steps;
    dnnl::stream m_stream{processor()};
};

}  // namespace cxr::nn
