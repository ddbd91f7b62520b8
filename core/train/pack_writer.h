// A finished run as a model pack: model.json and weights.safetensors (float16) in <out>/<recipe id>.
//   fails  WriteFailed, InvalidArgument (model.json would not be a manifest)
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/model/manifest.h"
#include "core/nn/network.h"
#include "core/train/plan.h"

namespace cxr::train {

// Names, architecture and the recipe's own "manifest" entries (licence, training_data, metrics); the rest is the task's.
Manifest manifestOf(const Plan& plan);

// The weights' file name and hash in `manifest` are filled in.
Result<std::filesystem::path> writePack(Manifest manifest, const nn::Network& network,
                                        const std::filesystem::path& outFolder);

}  // namespace cxr::train
