// Pixel correlation module (PCM): class activation maps that borrow from cells that look alike.
//   y_i = 1/C(x_i) sum_j ReLU( theta(x_i) . theta(x_j) / (|theta(x_i)| |theta(x_j)|) ) yhat_j
//   C(x_i) = sum_j ReLU( cosine )        D'Souza et al., 2022, eq. 2 (S5); Wang et al., CVPR 2020 (SEAM)
//   with theta a 1x1 convolution without bias and without activation, yhat the maps in which, at every cell, all
//   classes but the largest are 0 (S5, section 4.1; equal largest ones stay)
// Differs from SEAM: no background class, and the maps are not cut at 0 or scaled, as S5 does not mention it. A cell
// whose theta(x) is 0 is like no cell and gets 0. theta's width is not in the paper.
//   cost      n^2 (K + C) for n cells; blocks of 256 cells, so that prediction needs n KiB, not 4 n^2 bytes
//   thread rule and cancel  as Network
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "core/nn/network.h"

namespace cxr::nn {

// cams [N, C, h, w] with all but each cell's largest class set to 0.
torch::Tensor suppressedCams(const torch::Tensor& cams);

// eq. 2 for embedded features theta(x) [N, K, h, w] and maps yhat [N, C, h, w] -> y [N, C, h, w].
torch::Tensor correlatedCams(const torch::Tensor& embedded, const torch::Tensor& cams, const StopCheck& stop = {});

class PixelCorrelationImpl : public torch::nn::Module {
  public:
    PixelCorrelationImpl(std::int64_t channels, std::int64_t embeddedChannels);
    // features [N, channels, h, w], cams [N, C, h, w], not suppressed yet -> refined maps [N, C, h, w]
    torch::Tensor forward(const torch::Tensor& features, const torch::Tensor& cams, const StopCheck& stop = {});

  private:
    torch::nn::Conv2d m_theta{nullptr};  // "theta"
};
TORCH_MODULE(PixelCorrelation);

}  // namespace cxr::nn
