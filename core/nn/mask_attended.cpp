// The film made dark outside the mask.
#include "core/nn/mask_attended.h"

#include "core/nn/layers.h"

namespace cxr::nn {

MaskAttended::MaskAttended(std::shared_ptr<Classifier> backbone, const MaskAttendedOptions& options)
    : m_options(options), m_backbone(register_module("backbone", std::move(backbone))) {
    TORCH_CHECK(m_backbone->options().inChannels == options.backboneChannels(),
                "the backbone must read what the mask leaves");
}

torch::Tensor MaskAttended::attended(const torch::Tensor& input) const {
    TORCH_CHECK(input.dim() == 4 && input.size(1) == m_options.inChannels, "a mask-attended network was made for ",
                m_options.inChannels, " planes, film and mask");
    const std::int64_t plane = m_options.maskPlane;
    const auto film = input.slice(1, 0, plane), mask = input.slice(1, plane, plane + 1).clamp(0, 1);
    const auto share = m_options.outside + (1 - m_options.outside) * mask;
    const auto dark = elementwise(film, [share, black = m_options.black](const torch::Tensor& gray) {
        if (black == BlackLevel::Zero) return gray * share;
        return gray * share + torch::amin(gray, {2, 3}, /*keepdim=*/true) * (1 - share);
    });
    return m_options.passesAll ? torch::cat({dark, input.slice(1, plane)}, 1) : dark;
}

NetworkOutput MaskAttended::forward(const torch::Tensor& input, const StopCheck& stop) {
    throwIfStopped(stop);
    return m_backbone->forward(attended(input), stop);
}

}  // namespace cxr::nn
