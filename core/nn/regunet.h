// RegUNet: the registration U-Net, additive skips and an answer drawn from several depths.
//   Fu et al., DeepReg, JOSS 2020, after Hu et al., Medical Image Analysis 2018; form and names of MONAI's RegUNet in
//   two dimensions. It was made for displacement fields; S4 uses it to segment, with one plane per organ.
//   unit     3x3 convolution without bias, batch norm, ReLU, then a residual block: two 3x3 convolutions with batch
//            norm, ReLU between, the block's input added before the last ReLU
//   encoder  depth levels of one unit (channels 2^d maps) and max pooling; one unit at the bottom
//   decoder  transposed 3x3 convolution of stride 2, batch norm, ReLU; plus the encoder's maps (or joined with
//            them, `concatSkip`); one unit
//   output   for each depth in `extractLevels` (0: the film's grid, depth: the bottom) a 3x3 convolution without bias
//            or norm, repeated to the film's grid (nearest); the logits are their mean
//   input    float [N, inChannels, H, W], H and W multiples of 2^depth     logits [N, outChannels, H, W]
//   features the bottom, [N, channels 2^depth, H / stride, W / stride]
//   differs  from MONAI: extractLevels must hold 0 (the decoder always reaches the film's grid), not also depth
//   names    encode_convs.<d>.{0.conv,0.norm,1.layers.<i>.{conv,norm}}, bottom_block..., decode_deconvs.<i>.{conv,norm}
//            and decode_convs.<i>... from deep to shallow, output_block.layers.<i>.conv
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {

struct RegUNetOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::int64_t channels = 16;  // of the first level
    std::int64_t depth = 4;
    std::vector<std::int64_t> extractLevels;  // rising, the first 0, none above depth; empty: all, 0 to depth
    bool concatSkip = false;
};

class RegUNet : public Network {
  public:
    explicit RegUNet(const RegUNetOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;
    [[nodiscard]] std::int64_t stride() const { return std::int64_t{1} << m_options.depth; }

  private:
    struct Unit {
        ConvNorm first, inner, last;
        torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop);
        void fold();
    };
    static Unit makeUnit(torch::nn::Module& names, std::int64_t in, std::int64_t out);
    [[nodiscard]] std::int64_t width(std::int64_t level) const { return m_options.channels << level; }
    void addEncoder();
    void addDecoder();
    void addOutput();
    torch::Tensor answer(const std::vector<torch::Tensor>& levels, const torch::Tensor& film, const StopCheck& stop);

    RegUNetOptions m_options;
    std::vector<Unit> m_encoder;  // the last is the bottom
    std::vector<UpConvNorm> m_deconvs;
    std::vector<Unit> m_decoder;
    std::vector<torch::nn::Conv2d> m_output;  // one per extracted level
};

}  // namespace cxr::nn
