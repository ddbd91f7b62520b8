// What the segmentation networks besides U-Net share: the check of their input, named layers, transposed convolution
// with batch norm, and the joining of maps of two resolutions.
//   names    follow MONAI's modules: a convolution alone is "<name>.conv"; one with its norm "<name>.conv" and
//            "<name>.norm" (MONAI says "<name>.adn.N")
//   thread rule  as Network
#pragma once

#include <cstdint>
#include <string>

#include "core/nn/batch_norm_folding.h"

namespace cxr::nn {

// Throws c10::Error with a sentence for the user unless `film` is [N, channels, H, W] with H and W multiples of
// `stride`.
void requireFilm(const char* network, const torch::Tensor& film, std::int64_t channels, std::int64_t stride);

// A module that only gives its children a common first name.
torch::nn::Module& addGroup(torch::nn::Module& parent, const std::string& name);

// "<name>.conv.weight"
torch::nn::Conv2d addConvolution(torch::nn::Module& parent, const std::string& name,
                                 const torch::nn::Conv2dOptions& options);
// "<name>.conv.weight", "<name>.norm.weight", ...
ConvNorm addConvNorm(torch::nn::Module& parent, const std::string& name, const torch::nn::Conv2dOptions& options,
                     Activation activation);

// Transposed convolution, batch norm, no activation; registered in `parent` as ConvNorm does.
class UpConvNorm {
  public:
    UpConvNorm(torch::nn::Module& parent, const std::string& convName, const std::string& normName,
               const torch::nn::ConvTranspose2dOptions& options);
    torch::Tensor forward(const torch::Tensor& input, const StopCheck& stop);
    void fold();  // calling it twice changes nothing

  private:
    torch::nn::ConvTranspose2d m_conv;
    torch::nn::BatchNorm2d m_norm;  // null: folded
};

// Bilinear, half-pixel centres, to [N, C, height, width].
torch::Tensor resizedBilinear(const torch::Tensor& maps, std::int64_t height, std::int64_t width);
// To twice the grid.
torch::Tensor doubled(const torch::Tensor& maps);
// Channels of `first`, then those of `second`; both on one grid. The result has the type of `first` (autocast).
torch::Tensor joined(const torch::Tensor& first, const torch::Tensor& second);

}  // namespace cxr::nn
