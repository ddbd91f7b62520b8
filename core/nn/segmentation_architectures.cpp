// Hyper-parameters of the segmentation networks, read and checked.
#include "core/nn/segmentation_architectures.h"

#include <algorithm>
#include <functional>

#include "core/nn/architecture_reader.h"
#include "core/nn/aspp.h"
#include "core/nn/dynunet.h"
#include "core/nn/monai_unet.h"
#include "core/nn/regunet.h"
#include "core/nn/segresnet_vae.h"
#include "core/nn/vgg16_unet.h"
#include "core/nn/vnet.h"

namespace cxr::nn {
namespace {

using nlohmann::json;
using List = std::vector<std::int64_t>;
using Reader = ArchitectureReader;

constexpr std::int64_t kWidest = 2048;

// The deepest of maps that double `times` times. REQUIRES: channels <= 256
bool isWidthFine(std::int64_t channels, std::size_t times) { return times < 8 && (channels << times) <= kWidest; }

void readSegResNet(Reader& reader, SegResNetOptions& options) {
    reader.planes(options.inChannels, options.outChannels);
    reader.number<std::int64_t>("groups", options.groups, 1, 64);
    reader.number<std::int64_t>("init_filters", options.initFilters, 1, 256);
    reader.list("blocks_down", options.blocksDown, 2, 6, 1, 16);
    reader.list("blocks_up", options.blocksUp, 1, 5, 1, 16);
    reader.require(options.blocksUp.size() + 1 == options.blocksDown.size(), "blocks_up");
    reader.require(options.groups > 0 && options.initFilters % options.groups == 0, "init_filters");
    reader.require(isWidthFine(options.initFilters, options.blocksDown.size() - 1), "init_filters");
    reader.fraction("dropout", options.dropout);
}

bool isRisingFromZero(const List& levels, std::int64_t highest) {
    if (levels.empty()) return true;
    const bool isStrict = std::adjacent_find(levels.begin(), levels.end(), std::greater_equal<>()) == levels.end();
    return isStrict && levels.front() == 0 && levels.back() <= highest;
}

}  // namespace

Result<std::shared_ptr<Network>> makeAspp(const json& j) {
    Reader reader(j);
    AsppOptions options;
    reader.planes(options.inChannels, options.outChannels);
    reader.list("channels", options.channels, 2, 6, 1, 1024);
    reader.number<std::int64_t>("aspp_channels", options.asppChannels, 1, 512);
    reader.number<std::int64_t>("low_level_channels", options.lowLevelChannels, 1, 512);
    reader.number<std::int64_t>("decoder_channels", options.decoderChannels, 1, 1024);
    return reader.made<AsppNet>(options);
}

Result<std::shared_ptr<Network>> makeSegResNet(const json& j) {
    Reader reader(j);
    SegResNetOptions options;
    readSegResNet(reader, options);
    return reader.made<SegResNet>(options);
}

Result<std::shared_ptr<Network>> makeSegResNetVae(const json& j) {
    Reader reader(j);
    SegResNetVaeOptions options;
    readSegResNet(reader, options.base);
    reader.require(options.base.groups > 0 && 16 % options.base.groups == 0, "groups");
    reader.number<std::int64_t>("image_size", options.imageSize, 16, 1024);
    const std::int64_t step = std::int64_t{2}
                              << (options.base.blocksDown.size() - (options.base.blocksDown.empty() ? 0 : 1));
    reader.require(options.imageSize % step == 0, "image_size");
    reader.number<std::int64_t>("vae_nz", options.codeLength, 1, 1024);
    reader.flag("vae_estimate_std", options.estimateStd);
    reader.number("vae_default_std", options.defaultStd, 0.0, 10.0);
    return reader.made<SegResNetVae>(options);
}

Result<std::shared_ptr<Network>> makeDynUNet(const json& j) {
    Reader reader(j);
    DynUNetOptions options;
    reader.planes(options.inChannels, options.outChannels);
    reader.list("strides", options.strides, 3, 9, 1, 2);
    reader.require(!options.strides.empty() && options.strides.front() == 1, "strides");
    reader.list("kernel_sizes", options.kernels, 0, 9, 1, 7);
    reader.list("filters", options.filters, 0, 9, 1, 1024);
    for (const std::int64_t kernel : options.kernels) reader.require(kernel % 2 == 1, "kernel_sizes");
    const auto fits = [&](const List& list) { return list.empty() || list.size() == options.strides.size(); };
    reader.require(fits(options.kernels), "kernel_sizes");
    reader.require(fits(options.filters), "filters");
    reader.flag("res_block", options.residual);
    return reader.made<DynUNet>(options);
}

Result<std::shared_ptr<Network>> makeMonaiUNet(const json& j) {
    Reader reader(j);
    MonaiUNetOptions options;
    reader.planes(options.inChannels, options.outChannels);
    reader.list("channels", options.channels, 2, 8, 1, kWidest);
    reader.number<std::int64_t>("residual_units", options.residualUnits, 0, 8);
    reader.fraction("dropout", options.dropout);
    return reader.made<MonaiUNet>(options);
}

Result<std::shared_ptr<Network>> makeVNet(const json& j) {
    Reader reader(j);
    VNetOptions options;
    reader.planes(options.inChannels, options.outChannels);
    reader.number<std::int64_t>("channels", options.channels, 1, 64);
    reader.require(options.inChannels > 0 && options.channels % options.inChannels == 0, "channels");
    reader.fraction("dropout", options.dropout);
    reader.fraction("skip_dropout", options.skipDropout);
    return reader.made<VNet>(options);
}

Result<std::shared_ptr<Network>> makeRegUNet(const json& j) {
    Reader reader(j);
    RegUNetOptions options;
    reader.planes(options.inChannels, options.outChannels);
    reader.number<std::int64_t>("channels", options.channels, 1, 256);
    reader.number<std::int64_t>("depth", options.depth, 1, 6);
    reader.require(isWidthFine(options.channels, static_cast<std::size_t>(options.depth)), "channels");
    reader.list("extract_levels", options.extractLevels, 0, 7, 0, 6);
    reader.require(isRisingFromZero(options.extractLevels, options.depth), "extract_levels");
    reader.flag("concat_skip", options.concatSkip);
    return reader.made<RegUNet>(options);
}

Result<std::shared_ptr<Network>> makeVgg16UNet(const json& j) {
    Reader reader(j);
    Vgg16UNetOptions options;
    reader.planes(options.inChannels, options.outChannels);
    reader.number<std::int64_t>("stem_channels", options.stemChannels, 1, 16);
    reader.require(options.inChannels > 0 && options.stemChannels % options.inChannels == 0, "stem_channels");
    reader.flag("batch_norm", options.batchNorm);
    reader.number("width", options.width, 1.0 / 16, 2.0);
    return reader.made<Vgg16UNet>(options);
}

}  // namespace cxr::nn
