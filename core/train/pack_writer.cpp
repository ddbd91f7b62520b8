// Manifest + weights -> pack folder.
#include "core/train/pack_writer.h"

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/nn/state_dict.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWeightsFile = "weights.safetensors";

}  // namespace

Manifest manifestOf(const Plan& plan) {
    Manifest manifest;
    manifest.id = plan.id;
    manifest.name = plan.name;
    manifest.version = plan.version;
    manifest.architectureName = plan.architecture.value("name", "");
    manifest.architectureJson = plan.architecture.dump();
    manifest.licence = plan.manifest.value("licence", "");
    manifest.trainingData = plan.manifest.value("training_data", "");
    manifest.metricsJson = plan.manifest.value("metrics", nlohmann::json::object()).dump();
    return manifest;
}

Result<fs::path> writePack(Manifest manifest, const nn::Network& network, const fs::path& outFolder) {
    const fs::path folder = outFolder / manifest.id;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the pack's folder: " + failed.message()};
    auto weights = writeSafetensors(folder / kWeightsFile, nn::stateDictOf(network, /*asHalf=*/true), {{"format", "pt"}});
    if (!weights.isOk()) return std::move(weights).error();
    const auto sha256 = sha256OfFile(folder / kWeightsFile);
    if (!sha256.isOk()) return Error(sha256.error());
    manifest.weightsFile = kWeightsFile;
    manifest.weightsSha256 = sha256.value();
    const std::string text = toJson(manifest);
    if (auto valid = parseManifest(text); !valid.isOk()) return std::move(valid).error();
    if (auto written = writeFileAtomically(folder / "model.json", text); !written.isOk()) return std::move(written).error();
    return folder;
}

}  // namespace cxr::train
