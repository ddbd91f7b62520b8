// Segmentation networks from their JSON hyper-parameters; architectures.cpp lists them by name. Every key is optional.
//   all            in_channels 1..16, out_channels 1..256; no more than 2048 maps at the deepest level
//   aspp           channels [2..6 of 1..1024], aspp_channels 1..512, low_level_channels 1..512,
//                  decoder_channels 1..1024
//   segresnet      init_filters 1..256, a multiple of groups 1..64, blocks_down [2..6 of 1..16], blocks_up [one less],
//                  dropout 0..0.99
//   segresnet_vae  segresnet's (groups dividing 16), image_size 16..1024 px, vae_nz 1..1024, vae_estimate_std,
//                  vae_default_std 0..10
//   dynunet        strides [3..9 of 1..2, the first 1], kernel_sizes [as many; 1, 3, 5 or 7], filters [as many of
//                  1..1024], res_block
//   vnet           channels 1..64, dropout and skip_dropout 0..0.99
//   regunet        channels 1..256, depth 1..6, extract_levels [rising, the first 0, none above depth], concat_skip
//   monai_unet     channels [2..8 of 1..2048], residual_units 0..8, dropout 0..0.99
//   vgg16_unet     stem_channels 1..16, batch_norm, width 1/16..2
//   fails  InvalidArgument (a hyper-parameter outside its range, or two that do not fit each other; it is named);
//          throws json::exception for a wrong type, as architectures.cpp expects
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace cxr::nn {

Result<std::shared_ptr<Network>> makeAspp(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeSegResNet(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeSegResNetVae(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeDynUNet(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeVNet(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeRegUNet(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeMonaiUNet(const nlohmann::json& architecture);
Result<std::shared_ptr<Network>> makeVgg16UNet(const nlohmann::json& architecture);

}  // namespace cxr::nn
