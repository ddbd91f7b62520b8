// Spatially-preserving flattening: each of many activation maps is auto-encoded to a few numbers that keep its shape
// and place; the numbers of all maps, in fixed order, are the vector that the classifier reads.
//   Srivathsa et al., 2022, sections 2.1 and 2.2, figure 3 (S3); the extractor is that of its reference 15.
//   extractor  a backbone's maps / 4 .. / 32 -> feature pyramid (Lin et al., CVPR 2017): 1x1 convolutions to
//   `channels`,
//              from coarse to fine the upsampled sum, 3x3 convolution at / 4
//              -> dilated block of `channels` -> 2x2 max pooling -> dilated block of `maps`, / 8 (512 px: 64 x 64 as in
//              S3) dilated block: relu( three 3x3 convolutions with dilation 1, 2, 4, norm and ReLU between, + input or
//              its 1x1 convolution ), then spatial dropout (whole maps)
//   predictor  1x1 convolution and sigmoid -> `maps` activation maps, averaged to grid x grid
//   encoder    the same for every map: two 3x3 convolutions of stride 2 (8, 16 maps, ReLU), linear to `code` numbers
//   decoder    linear, ReLU, twice bilinear x 2 and 3x3 convolution (8, 1 maps), sigmoid; in training only
//   vector     maps x code numbers (128 x 128 = 16,384 in S3), map after map -> dropout -> linear -> logits
//   auxiliaryLoss = mean((map - decoded map)^2), in training mode only; its gradient reaches the whole network
// Differs from S3, which says little of its layers (figure 3 is a picture): any backbone; the predictor's maps are
// averaged to a fixed grid (S3: 512 x 512), so that films of any size fit; the encoder's layers are chosen here.
//   input     float [N, inChannels, H, W], H and W at least 32      features  the activation maps [N, maps, grid, grid]
//   cams      none: the vector's numbers have no place on the film
//   names     backbone, pyramid.<l>, smooth, blocks.<i>, predictor, encoder.{0,1,code}, decoder.{grid,0,1}, classifier
//   thread rule and cancel  as Network
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/nn/batch_norm_folding.h"
#include "core/nn/classifier.h"

namespace cxr::nn {

struct SpfOptions {
    std::int64_t classes = 57;    // S3's labels
    std::int64_t channels = 128;  // of the pyramid, 1..512
    std::int64_t maps = 128;      // 1..512
    std::int64_t code = 128;      // numbers for each map, 1..1024; S3 tried 32..256
    std::int64_t grid = 32;       // side of an auto-encoded map, a multiple of 4, 8..128
    double spatialDropout = 0.1;
    double dropout = 0;  // of the vector
};

class DilatedBlock;

class Spf : public Network {
  public:
    // `backbone` has no head (classes = 0).
    Spf(std::shared_ptr<Classifier> backbone, const SpfOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;

  private:
    void addAutoEncoder();
    torch::Tensor activationMaps(const torch::Tensor& input, const StopCheck& stop);
    torch::Tensor encoded(const torch::Tensor& maps);  // [M, 1, grid, grid] -> [M, code]
    torch::Tensor decoded(const torch::Tensor& codes);

    SpfOptions m_options;
    std::shared_ptr<Classifier> m_backbone;
    std::vector<torch::nn::Conv2d> m_pyramid;  // fine to coarse
    std::vector<ConvNorm> m_smooth;            // one
    std::vector<std::shared_ptr<DilatedBlock>> m_blocks;
    torch::nn::Conv2d m_predictor{nullptr};
    std::vector<torch::nn::Conv2d> m_encoder, m_decoder;  // two each
    torch::nn::Linear m_code{nullptr}, m_grid{nullptr}, m_classifier{nullptr};
};

}  // namespace cxr::nn
