// A finished run as a model pack: model.json and weights.safetensors (float16) in <out>/<recipe id>.
//   fails  WriteFailed, InvalidArgument (the recipe's "manifest" is not one)
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/nn/network.h"
#include "core/train/recipe.h"

namespace cxr::train {

Result<std::filesystem::path> writePack(const Recipe& recipe, const nn::Network& network,
                                        const std::filesystem::path& outFolder);

}  // namespace cxr::train
