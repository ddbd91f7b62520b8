// Mask attention: the film outside the heart is made dark before a classifier reads it, so that the decision comes from
// the heart.
//   film'(i, j) = black + (film(i, j) - black) (m + outside (1 - m)),  m = heart mask at (i, j) in [0, 1], outside =
//   0.2 Chen, "Deep Mask", 2018, section 2.2.2, "VGG + Mask" (S2): the gray values outside the heart times 0.2, then
//   VGG-16. Differs from the paper: any backbone; masks between 0 and 1 are mixed; `black` is what black film has
//   become by the normalisation: 0 (normalisation "unit"; the paper), or each film's least value ("film-z-score",
//   "xrv"). input     float [N, inChannels, H, W]: planes before `maskPlane` are film, `maskPlane` is the mask, others
//   follow backbone  reads the film planes made dark, alone, or with all other planes unchanged behind them
//   (`passesAll`) output    the backbone's; its cams are on the backbone's grid names     backbone.<the backbone's>
//   thread rule and cancel  as Network
// S2's classifier of frontal and lateral films needs no file of its own: it is VGG-16 on the plain film with two
// classes,
// {"name": "vgg16", "classes": 2}, or any other backbone.
#pragma once

#include <cstdint>
#include <memory>

#include "core/nn/classifier.h"

namespace cxr::nn {

enum class BlackLevel { Zero, FilmMinimum };

struct MaskAttendedOptions {
    std::int64_t inChannels = 2;  // 2..16
    std::int64_t maskPlane = 1;   // 1..inChannels - 1
    double outside = 0.2;         // factor on the film outside the mask, 0..1
    BlackLevel black = BlackLevel::Zero;
    bool passesAll = false;
    // Channels that the backbone needs.
    [[nodiscard]] std::int64_t backboneChannels() const { return passesAll ? inChannels : maskPlane; }
};

class MaskAttended : public Network {
  public:
    // REQUIRES: backbone->options().inChannels == options.backboneChannels()
    MaskAttended(std::shared_ptr<Classifier> backbone, const MaskAttendedOptions& options);
    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop = {}) override;
    void foldBatchNorm() override { m_backbone->foldBatchNorm(); }
    // What the backbone reads, [N, backboneChannels(), H, W].
    [[nodiscard]] torch::Tensor attended(const torch::Tensor& input) const;

  private:
    MaskAttendedOptions m_options;
    std::shared_ptr<Classifier> m_backbone;
};

}  // namespace cxr::nn
