// Recipe + weights -> pack folder.
#include "core/train/pack_writer.h"

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/manifest.h"
#include "core/nn/state_dict.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWeightsFile = "weights.safetensors";

// Standard codes: SNOMED CT, as DICOM CID 4031 and segmentation objects name these structures.
std::vector<ModelOutput> organs() {
    return {{"heart", "Heart", "SCT", "80891009"},
            {"left_lung", "Left lung", "SCT", "44029006"},
            {"right_lung", "Right lung", "SCT", "3341006"}};
}

Manifest manifestOf(const Recipe& recipe, const std::string& sha256) {
    Manifest manifest;
    manifest.id = recipe.id;
    manifest.name = recipe.name;
    manifest.version = recipe.version;
    manifest.task = "segmentation";
    manifest.input = {recipe.stages.back().size, 1, "letterbox", "film-z-score"};
    manifest.outputs = organs();
    manifest.architectureName = recipe.architecture.value("name", "");
    manifest.architectureJson = recipe.architecture.dump();
    manifest.weightsFile = kWeightsFile;
    manifest.weightsSha256 = sha256;
    manifest.licence = recipe.manifest.value("licence", "");
    manifest.trainingData = recipe.manifest.value("training_data", "");
    manifest.metricsJson = recipe.manifest.value("metrics", nlohmann::json::object()).dump();
    return manifest;
}

}  // namespace

Result<fs::path> writePack(const Recipe& recipe, const nn::Network& network, const fs::path& outFolder) {
    const fs::path folder = outFolder / recipe.id;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the pack's folder: " + failed.message()};
    auto weights = writeSafetensors(folder / kWeightsFile, nn::stateDictOf(network, /*asHalf=*/true), {{"format", "pt"}});
    if (!weights.isOk()) return std::move(weights).error();
    const auto sha256 = sha256OfFile(folder / kWeightsFile);
    if (!sha256.isOk()) return Error(sha256.error());
    const std::string text = toJson(manifestOf(recipe, sha256.value()));
    if (auto valid = parseManifest(text); !valid.isOk()) return std::move(valid).error();
    if (auto written = writeFileAtomically(folder / "model.json", text); !written.isOk()) return std::move(written).error();
    return folder;
}

}  // namespace cxr::train
