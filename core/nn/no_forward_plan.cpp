// Built where there is no oneDNN 2: networks run as torch runs them.
#include "core/nn/forward_plan.h"

namespace cxr::nn {

bool hasFastBfloat16() { return false; }

std::unique_ptr<ForwardPlan> ForwardPlan::make(Network&, const std::vector<std::int64_t>&, Precision, const StopCheck&) {
    return nullptr;
}

}  // namespace cxr::nn
