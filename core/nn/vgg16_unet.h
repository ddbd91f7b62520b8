// VGG16-U-Net: U-Net whose encoder is VGG-16, so that weights learnt on photographs can be spliced in.
//   S2 (Deep Mask, section on U-net and VGG) after Simonyan and Zisserman, ICLR 2015, and Ronneberger et al., MICCAI
//   2015.
//   encoder  the 13 convolutions of VGG-16 (or of its batch norm form), core/nn/vgg.h, stride 16, no last pooling
//   decoder  four levels: 1x1 convolution to the width of the encoder's maps, bilinear x2, joined with those maps, two
//            3x3 convolutions with batch norm and ReLU; 1x1 head. S2 gives its decoder no numbers; this is our U-Net's.
//   stem     the first convolution reads `stemChannels`; the film is repeated to fill them, so that torchvision's
//            weights for three colours fit unchanged
//   input    float [N, inChannels, H, W], H and W multiples of 16     logits [N, outChannels, H, W]
//   features conv5_3 after its ReLU, [N, 512 x width, H / 16, W / 16]
//   names    features.<i> as torchvision's vgg16 / vgg16_bn, decoder.<level>.{reduce,block}, head
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/nn/unet.h"
#include "core/nn/vgg.h"

namespace cxr::nn {

struct Vgg16UNetOptions {
    std::int64_t inChannels = 1;
    std::int64_t outChannels = 3;
    std::int64_t stemChannels = 3;  // a multiple of inChannels
    bool batchNorm = false;         // in the encoder: VGG-16 or VGG-16 bn
    double width = 1;               // factor on every channel count
};

class Vgg16UNet : public Network {
  public:
    static constexpr std::int64_t kStride = 16;

    explicit Vgg16UNet(const Vgg16UNetOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;

  private:
    struct Level {
        torch::nn::Conv2d reduce;
        ConvUnit block;
    };

    Vgg16UNetOptions m_options;
    std::shared_ptr<Vgg> m_encoder;  // its "features" are registered here
    std::vector<Level> m_decoder;    // level i works on the grid of encoder level i
    torch::nn::Conv2d m_head{nullptr};
};

}  // namespace cxr::nn
