// Packs for tests: a manifest of the wanted outputs in a folder, with weights that are a few bytes. No network can be made
// of them; who needs one answers with an engine of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/manifest.h"

namespace cxr::test {

inline ModelOutput outputOf(const std::string& name, double slope = 1, double intercept = 0, double threshold = 0.4) {
    ModelOutput output;
    output.name = name;
    output.meaning = name + ", in words";
    output.calibration = {slope, intercept};
    output.operatingPoints = {{"youden", threshold, 0.8, 0.7}, {"sensitivity90", threshold / 2, 0.9, 0.5},
                              {"specificity90", (1 + threshold) / 2, 0.5, 0.9}};
    output.auc = {0.74, 0.7, 0.78};
    output.prevalence = 0.1;
    return output;
}

inline Manifest manifestOf(const std::string& id, std::vector<ModelOutput> outputs, const std::string& framing = "letterbox") {
    Manifest manifest;
    manifest.id = id;
    manifest.name = "Test network " + id;
    manifest.version = "1.0.0";
    manifest.task = "classification";
    manifest.input.size = 64;
    manifest.input.framing = framing;
    manifest.input.normalisation = "unit";
    manifest.outputs = std::move(outputs);
    manifest.architectureName = "resnet18";
    manifest.architectureJson = R"({"name":"resnet18"})";
    manifest.weightsFile = "weights.safetensors";
    manifest.licence = "Apache-2.0";
    manifest.trainingData = "Phantoms";
    manifest.metricsJson = R"({"mean_auc":[0.74,0.7,0.78]})";
    return manifest;
}

inline std::vector<ModelOutput> diseaseOutputs(const std::vector<std::string>& names) {
    std::vector<ModelOutput> outputs;
    for (const std::string& name : names) outputs.push_back(outputOf(name, 0.9, -0.1));
    return outputs;
}

// <models>/<id> with model.json, weights and a card. False if it cannot be written.
inline bool writePack(const std::filesystem::path& models, Manifest manifest, const std::string& card = "# Card\n\nA test.\n") {
    const std::filesystem::path folder = models / manifest.id;
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    const std::string weights(100, 'w');
    manifest.weightsSha256 = sha256Hex(std::as_bytes(std::span(weights.data(), weights.size())));
    return writeFileAtomically(folder / manifest.weightsFile, weights).isOk() &&
           writeFileAtomically(folder / "model.json", toJson(manifest)).isOk() &&
           writeFileAtomically(folder / "CARD.md", card).isOk();
}

}  // namespace cxr::test
