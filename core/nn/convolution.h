// How the networks make their convolution layers.
//   thread rule  a WeightsFollow belongs to its thread
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace cxr::nn {

// kernel x kernel, as large as the input at stride 1, without bias.
torch::nn::Conv2dOptions convolutionOptions(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1);

// With torch's random first weights; in a WeightsFollow with memory alone. REQUIRES: padding by zeros
torch::nn::Conv2d makeConvolution(const torch::nn::Conv2dOptions& options);

// First weights before training, as torchvision draws them: normal, variance 2 / fan (He et al., ICCV 2015), no bias.
// Nothing in a WeightsFollow.
enum class Fan { In, Out };
void initialiseConvolutions(torch::nn::Module& network, Fan fan);

// While it lives, the convolutions that this thread makes hold no numbers yet and lie channels last, as predictions want
// them: drawing random numbers and moving them took half the time of opening a pack. REQUIRES: a whole state dict is loaded
class WeightsFollow {
  public:
    WeightsFollow();
    ~WeightsFollow();
    WeightsFollow(const WeightsFollow&) = delete;
    WeightsFollow& operator=(const WeightsFollow&) = delete;

  private:
    bool m_before;
};

}  // namespace cxr::nn
