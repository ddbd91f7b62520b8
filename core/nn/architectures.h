// Networks by name, from the hyper-parameters in a manifest or recipe. A new network is one pair of files and one line
// in architectures.cpp.
//   fails  Unsupported (unknown name), InvalidArgument (a hyper-parameter outside its range)
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/nn/network.h"

namespace cxr::nn {

// `architecture` = {"name": "unet", ...hyper-parameters}
Result<std::shared_ptr<Network>> makeNetwork(const nlohmann::json& architecture);
std::vector<std::string> architectureNames();

}  // namespace cxr::nn
