// A model pack: a folder with model.json, weights.safetensors, CARD.md and curves/. Data only, never code.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/model/manifest.h"

namespace cxr {

struct Pack {
    std::filesystem::path folder;
    Manifest manifest;
    [[nodiscard]] std::filesystem::path weights() const { return folder / manifest.weightsFile; }
    [[nodiscard]] std::filesystem::path card() const { return folder / "CARD.md"; }
};

// Reads model.json only. fails NotFound, Corrupt, InvalidArgument.
Result<Pack> readPack(const std::filesystem::path& folder);
// Also checks that the weights are there, have the manifest's SHA-256, and are a whole safetensors file.
Result<Pack> verifyPack(const std::filesystem::path& folder);

}  // namespace cxr
