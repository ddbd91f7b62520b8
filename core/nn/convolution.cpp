// Torch draws in the constructor and cannot be told not to: the layer is made with the fewest channels, then widened.
#include "core/nn/convolution.h"

namespace cxr::nn {
namespace {

namespace tnn = torch::nn;

thread_local bool t_weightsFollow = false;

tnn::Conv2d withoutNumbers(tnn::Conv2dOptions options) {
    const std::int64_t in = options.in_channels(), out = options.out_channels(), groups = options.groups();
    tnn::Conv2d layer(options.in_channels(groups).out_channels(groups));
    layer->options.in_channels(in).out_channels(out);
    const auto& kernel = *options.kernel_size();
    const auto floats = torch::TensorOptions(torch::kFloat).memory_format(at::MemoryFormat::ChannelsLast);
    layer->weight.set_data(torch::empty({out, in / groups, kernel[0], kernel[1]}, floats));
    if (options.bias()) layer->bias.set_data(torch::empty({out}, torch::kFloat));
    return layer;
}

}  // namespace

tnn::Conv2dOptions convolutionOptions(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
    return tnn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false);
}

tnn::Conv2d makeConvolution(const tnn::Conv2dOptions& options) {
    return t_weightsFollow ? withoutNumbers(options) : tnn::Conv2d(options);
}

void initialiseConvolutions(tnn::Module& network, Fan fan) {
    if (t_weightsFollow) return;
    network.apply([fan](tnn::Module& module) {
        auto* convolution = module.as<tnn::Conv2d>();
        if (!convolution) return;
        if (fan == Fan::In) tnn::init::kaiming_normal_(convolution->weight, 0, torch::kFanIn, torch::kReLU);
        else tnn::init::kaiming_normal_(convolution->weight, 0, torch::kFanOut, torch::kReLU);
        if (convolution->bias.defined()) tnn::init::zeros_(convolution->bias);
    });
}

WeightsFollow::WeightsFollow() : m_before(t_weightsFollow) { t_weightsFollow = true; }
WeightsFollow::~WeightsFollow() { t_weightsFollow = m_before; }

}  // namespace cxr::nn
