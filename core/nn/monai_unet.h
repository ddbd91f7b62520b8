// The U-Net that MONAI calls UNet, which S4 trained: strided convolutions down, transposed convolutions up, residual
// units.
//   Rdzhabov and Kovalev, PRIP 2021 (S4); Kerfoot et al., STACOM 2018; form and defaults of MONAI's UNet in two
//   dimensions. unit      3x3 convolution (bias), instance norm (no weights), dropout, PReLU (one number) residual unit
//   of n  n units, the first with the stride, + the input, through a 3x3 convolution of the stride where
//             that halves the grid, through a 1x1 convolution where only the channels change
//   level     down = residual unit of `residualUnits`, stride 2 -> all below, concatenated to it -> up = transposed
//             3x3 unit, stride 2, then a residual unit of 1; the deepest level has stride 1
//             the last convolution has no norm and PReLU; residualUnits = 0: single units in place of residual ones
//   input     float [N, inChannels, H, W], multiples of 2^(levels - 1)     logits  [N, outChannels, H, W]
//   features  the deepest level
//   names     MONAI's: model.0 (down), model.1.submodule (below), model.2 (up), each .conv.unit<i>.{conv,adn.A},
//   .residual differs   from MONAI: nothing with its defaults; `unet` is the form of Ronneberger et al. thread rule and
//   cancel  as Network. foldBatchNorm does nothing: instance norm is measured on every film
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/nn/network.h"

namespace cxr::nn {

struct MonaiUNetOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::vector<std::int64_t> channels{64, 128, 256, 512, 1024};  // two to eight levels
    std::int64_t residualUnits = 2;                               // 0..8
    double dropout = 0;
};

class MonaiUnit;

class MonaiUNet : public Network {
  public:
    explicit MonaiUNet(const MonaiUNetOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override {}
    [[nodiscard]] std::int64_t stride() const { return std::int64_t{1} << (m_options.channels.size() - 1); }

  private:
    using Chain = std::vector<std::shared_ptr<MonaiUnit>>;
    void addLevel(torch::nn::Module& parent, std::size_t level, std::int64_t in, std::int64_t out);
    Chain addDown(torch::nn::Module& parent, const std::string& name, std::int64_t in, std::int64_t out,
                  std::int64_t stride) const;
    Chain addUp(torch::nn::Module& parent, std::int64_t in, std::int64_t out, bool isTop) const;

    MonaiUNetOptions m_options;
    std::vector<Chain> m_down, m_up;  // fine to coarse; m_down has one more, the deepest
};

}  // namespace cxr::nn
