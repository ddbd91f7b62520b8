#include "core/nn/prepared_network.h"

#include <ATen/Parallel.h>

#include <cstdlib>
#include <string_view>

namespace cxr::nn {

Precision precisionFor(const Manifest& manifest) {
    const char* wish = std::getenv("PRECORDIA_PRECISION");
    const bool keepsFloats = wish != nullptr && std::string_view(wish) == "float32";
    return manifest.precision == "bf16" && !keepsFloats && hasFastBfloat16() ? Precision::Bfloat16 : Precision::Float32;
}

// In bfloat16, in floats, or not at all.
void PreparedNetwork::prepare(Setting setting, const StopCheck& stop) {
    if (setting == m_setting) return;
    m_plan = nullptr;
    m_plan = ForwardPlan::make(*m_network, setting.sizes, m_wanted, stop);
    if (!m_plan && m_wanted != Precision::Float32) {
        m_wanted = Precision::Float32;
        m_plan = ForwardPlan::make(*m_network, setting.sizes, m_wanted, stop);
    }
    m_setting = std::move(setting);
}

bool PreparedNetwork::isPlanned(const std::vector<std::int64_t>& sizes, const torch::Device& device, const StopCheck& stop) {
    if (!m_mayPlan || !device.is_cpu() || sizes.size() != 4 || sizes[0] != 1) return false;
    prepare({sizes, at::get_num_threads()}, stop);
    return m_plan != nullptr;
}

NetworkOutput PreparedNetwork::forward(const torch::Tensor& input, const StopCheck& stop) {
    return isPlanned(input.sizes().vec(), input.device(), stop) ? m_plan->run(input, stop) : m_network->forward(input, stop);
}

void PreparedNetwork::warmUp(const std::vector<std::int64_t>& sizes, const torch::Device& device) {
    const torch::NoGradGuard noGrad;
    if (!isPlanned(sizes, device, {})) m_network->forward(torch::zeros(sizes, device).contiguous(at::MemoryFormat::ChannelsLast));
}

}  // namespace cxr::nn
