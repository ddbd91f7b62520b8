// The pieces that augmentation is made of. Random numbers are drawn on the processor from the given generator, so that a
// seed gives the same ones on every device, and moved to the films' device.
//   thread rule  a generator belongs to one thread
#pragma once

#include <torch/torch.h>

#include "core/train/plan.h"

namespace cxr::train {

// One random number per film of the batch: float [N].
class Draws {
  public:
    Draws(std::int64_t count, at::Generator& random, const torch::Device& device)
        : m_count(count), m_random(random), m_device(device) {}
    torch::Tensor uniform(double reach) { return (fraction() * 2 - 1) * reach; }  // in [-reach, reach]
    torch::Tensor fraction() { return torch::rand({m_count}, m_random).to(m_device); }
    torch::Tensor chance(double probability) { return (fraction() < probability).to(torch::kFloat); }

  private:
    std::int64_t m_count;
    at::Generator& m_random;
    torch::Device m_device;
};

// [N] -> [N, 1, 1, 1]
torch::Tensor perFilm(const torch::Tensor& values);

// Output to input coordinates in [-1, 1]: mirror (where `mirrored` is 1), scale with aspect, rotate, shift. [N, 2, 3]
torch::Tensor affineMatrices(const Augmentation& settings, Draws& draws, const torch::Tensor& mirrored);
// Bilinear, zeros outside. planes [N, C, H, W]
torch::Tensor resampled(const torch::Tensor& planes, const torch::Tensor& matrices);

// Gamma, contrast, brightness, smooth local contrast, blur, noise, inversion of gray films [N, 1, H, W] in [0, 1].
torch::Tensor regrayed(torch::Tensor films, const Augmentation& settings, Draws& draws, at::Generator& random);

}  // namespace cxr::train
