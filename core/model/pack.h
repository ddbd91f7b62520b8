// A model pack: a folder with model.json, weights.safetensors, CARD.md and curves/. Data only, with one exception: a pack
// whose architecture is "torchscript" holds somebody's program (model.pt), which only core/nn loads, and only if the user
// trusts its SHA-256 (trust.h).
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/model/manifest.h"

namespace cxr {

inline constexpr const char* kTorchScript = "torchscript";

struct Pack {
    std::filesystem::path folder;
    Manifest manifest;
    [[nodiscard]] std::filesystem::path weights() const { return folder / manifest.weightsFile; }
    [[nodiscard]] bool isProgram() const { return manifest.architectureName == kTorchScript; }
    [[nodiscard]] std::filesystem::path card() const { return folder / "CARD.md"; }
};

// Reads model.json only. fails NotFound, Corrupt, InvalidArgument.
Result<Pack> readPack(const std::filesystem::path& folder);
// Also checks that the weights are there, have the manifest's SHA-256, and are a whole safetensors file (for a program: a
// TorchScript archive; nothing of it is run, and whether it is trusted is not asked).
Result<Pack> verifyPack(const std::filesystem::path& folder);

}  // namespace cxr
