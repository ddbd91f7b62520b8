// First weights from another pack: what has the same name and shape is taken over (a pre-trained encoder, for example).
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace cxr::train {

struct TakenOver {
    int taken = 0;  // arrays
    int all = 0;    // arrays of the network
};

// fails as verifyPack does; InvalidArgument if nothing fits
Result<TakenOver> takeOverWeights(const std::filesystem::path& packFolder, nn::Network& network);

}  // namespace cxr::train
