// V-Net: 5x5 convolutions, residual stages, strided convolutions instead of pooling, ELU.
//   Milletari et al., 3DV 2016; form, defaults and names of MONAI's VNet in two dimensions (dropout of whole maps).
//   unit     5x5 convolution without bias, batch norm, ELU
//   input    5x5 convolution, batch norm, plus the film repeated `channels` / inChannels times, ELU
//   down     2x2 convolution of stride 2 to twice the maps, batch norm, ELU: x; then ELU(x + units(dropout(x))) with
//            1, 2, 3, 2 units; dropout only in the two deepest
//   up       dropout (only in the two deepest), transposed 2x2 convolution with bias, batch norm, ELU, then the
//            encoder's maps after `skipDropout` behind it: x; then ELU(x + units(x)) with 2, 2, 1, 1 units
//   output   5x5 convolution to outChannels, batch norm, ELU, 1x1 convolution with bias
//   input    float [N, inChannels, H, W], H and W multiples of 16     logits [N, outChannels, H, W]
//   features the deepest stage, [N, 16 x channels, H / 16, W / 16]
//   differs  from the paper: ELU and batch norm instead of PReLU, as MONAI
//   names    in_tr.conv_block, down_tr32.{down_conv,bn1,ops.<i>.conv_block}, up_tr256.{up_conv,bn1,ops...},
//            out_tr.{conv_block,conv2}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {

struct VNetOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::int64_t channels = 16;  // of the first stage, a multiple of inChannels; MONAI: always 16
    double dropout = 0.5;        // in the deep stages
    double skipDropout = 0.5;    // of the encoder's maps on their way to the decoder
};

class VNet : public Network {
  public:
    static constexpr std::int64_t kStride = 16;

    explicit VNet(const VNetOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;

  private:
    struct Down {
        ConvNorm step;
        std::vector<ConvNorm> units;
        double dropout;
    };
    struct Up {
        UpConvNorm step;
        std::vector<ConvNorm> units;
        double dropout;
    };
    void addDown(const std::string& name, std::int64_t in, int units, double dropout);
    void addUp(const std::string& name, std::int64_t in, std::int64_t out, int units, double dropout);
    torch::Tensor afterInput(const torch::Tensor& film, const StopCheck& stop);
    torch::Tensor afterDown(Down& stage, const torch::Tensor& input, const StopCheck& stop) const;
    torch::Tensor afterUp(Up& stage, const torch::Tensor& deep, const torch::Tensor& skip, const StopCheck& stop) const;

    VNetOptions m_options;
    ConvNorm m_input, m_output;
    torch::nn::Conv2d m_head{nullptr};
    std::vector<Down> m_down;
    std::vector<Up> m_up;  // deep to shallow
};

}  // namespace cxr::nn
