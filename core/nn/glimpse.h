// Glimpse network: looks at the whole film coarsely, then at K regions of it, one after the other, and weighs what it
// saw.
//   Chen, "Deep Mask", 2018, section 5 (S2's RNN-CNN, a plan without numbers): each step chooses a region from the
//   state of the step before and from the context that a CNN takes from the whole film; a CNN reads the region; the
//   steps' answers are weighted for the decision; regions and their order explain it. context   c = ReLU(W (maps of the
//   coarse film, averaged to 4 x 4)), so that it knows where things are;  h_0 = tanh(W c) region t  a = s_t + W
//   [h_(t-1), c];  size = smallest + (largest - smallest) sigmoid(a_3), a share of both sides;
//             left = (1 - size) sigmoid(a_1), top = (1 - size) sigmoid(a_2): it never leaves the film.
//             s_t: learnt, at first on a circle round the middle, so that the steps start at different places
//   crop      bilinear on a grid of glimpseSize cells, up to 4 x 4 samples a cell averaged (Jaderberg et al., NIPS
//   2015:
//             affine grid), so that the loss tells the region where to move
//   state     h_t = GRU([mean of the reader's maps, left, top, size], h_(t-1))        Cho et al., EMNLP 2014
//   decision  logits = sum_t w_t V h_t, w = softmax_t(u . h_t)
//   Differs from the plan: K is fixed (the plan ends "after finding all areas"); regions keep the film's proportions.
//   input     float [N, inChannels, H, W]      features  the coarse film's maps      cams  none
//   glimpses  [N, K, 5]: left, top, width, height as shares of the grid, weight; under autograd, so that a recipe could
//             teach them (the plan's second and third variant)
//   names     context, reader (the backbones'), see, begin, locate, start, cell, vote, weigh
//   thread rule and cancel  as Network
#pragma once

#include <cstdint>
#include <memory>

#include "core/nn/classifier.h"

namespace cxr::nn {

struct GlimpseOptions {
    std::int64_t inChannels = 1;
    std::int64_t classes = 14;
    std::int64_t glimpses = 6;      // K, 2..32
    std::int64_t glimpseSize = 64;  // cells of a crop's side, 32..512
    std::int64_t coarseSize = 128;  // of the whole film's side, 32..512
    std::int64_t state = 128;       // 1..2048
    double smallest = 0.15;         // side of a region as share of the film's, 0.02..1
    double largest = 0.5;           // not less than smallest, at most 1
    double dropout = 0;             // before the vote
};

class Glimpse : public Network {
  public:
    // Both have no head (classes = 0) and read options.inChannels planes.
    Glimpse(std::shared_ptr<Classifier> context, std::shared_ptr<Classifier> reader, const GlimpseOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override;

  private:
    struct Region {
        torch::Tensor left, top, size;  // [N] each, shares
    };
    [[nodiscard]] Region region(std::int64_t step, const torch::Tensor& state, const torch::Tensor& context);
    [[nodiscard]] torch::Tensor crop(const torch::Tensor& film, const Region& region) const;

    GlimpseOptions m_options;
    std::shared_ptr<Classifier> m_context, m_reader;
    torch::nn::Linear m_see, m_begin, m_locate, m_vote, m_weigh;
    torch::nn::GRUCell m_cell;
    torch::Tensor m_start;  // [K, 3]
};

// Rectangles of equal shares of both sides, bilinearly sampled: film [N, C, H, W], left, top, size [N] in [0, 1] ->
// [N, C, cells, cells], each cell the mean of samples x samples values.
torch::Tensor croppedRegion(const torch::Tensor& film, const torch::Tensor& left, const torch::Tensor& top,
                            const torch::Tensor& size, std::int64_t cells, std::int64_t samples);

}  // namespace cxr::nn
