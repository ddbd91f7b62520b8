// Bfloat16 autocast for one scope, on the device in use. LibTorch 1.13 and 2.x name the switches differently.
//   thread rule  the switch belongs to the calling thread
#pragma once

#include <ATen/autocast_mode.h>
#include <torch/torch.h>
#include <torch/version.h>

namespace cxr::nn {

class AutocastScope {
  public:
    AutocastScope(const torch::Device& device, bool enabled) : m_isCuda(device.is_cuda()), m_isOn(enabled) {
        if (m_isOn) set(true);
    }
    ~AutocastScope() {
        if (!m_isOn) return;
        set(false);
        at::autocast::clear_cache();
    }
    AutocastScope(const AutocastScope&) = delete;
    AutocastScope& operator=(const AutocastScope&) = delete;

  private:
    void set(bool on) const {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
        const auto type = m_isCuda ? at::kCUDA : at::kCPU;
        at::autocast::set_autocast_dtype(type, at::kBFloat16);
        at::autocast::set_autocast_enabled(type, on);
#else
        if (m_isCuda) {
            at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
            at::autocast::set_enabled(on);
        } else {
            at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
            at::autocast::set_cpu_enabled(on);
        }
#endif
    }

    bool m_isCuda;
    bool m_isOn;
};

}  // namespace cxr::nn
