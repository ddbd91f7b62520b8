// A pack's network, ready to predict: the one place where packs are loaded.
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/model/pack.h"
#include "core/nn/network.h"

namespace cxr::nn {

struct PackNetwork {
    Pack pack;
    std::shared_ptr<Network> network;
};

// Checks SHA-256, architecture and weights; then eval mode, batch norm folded, on the device, channels-last.
// `check` judges the manifest before the weights are read. fails as verifyPack, `check`, makeNetwork and loadStateDict do.
Result<PackNetwork> loadPackNetwork(const std::filesystem::path& packFolder, const torch::Device& device,
                                    const std::function<Result<Done>(const Manifest&)>& check);

}  // namespace cxr::nn
