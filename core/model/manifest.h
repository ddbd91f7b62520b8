// Manifest: model.json of a pack as values. models/manifest.schema.json is its JSON schema, models/README.md explains it.
//   fails  Corrupt (not JSON, wrong type), InvalidArgument (missing or impossible value), each naming the key
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

struct ModelOutput {
    std::string name;        // "heart", "left_lung", ...
    std::string meaning;     // for people
    std::string codeScheme;  // "SCT"
    std::string code;        // "80891009"
};

// How a film becomes the network's input.
struct ModelInput {
    int size = 256;       // side of the square grid, 32..2048
    int channels = 1;
    std::string framing;         // "letterbox"
    std::string normalisation;   // "film-z-score"
};

struct Manifest {
    std::string id;       // [a-z0-9-]+, the folder's name
    std::string name;     // for people
    std::string version;
    std::string task;     // "segmentation"
    ModelInput input;
    std::vector<ModelOutput> outputs;
    std::string architectureName;   // a name of nn/architectures.cpp
    std::string architectureJson;   // its hyper-parameters, JSON object
    std::string weightsFile;        // inside the pack, no folders: "weights.safetensors"
    std::string weightsSha256;
    std::string licence;
    std::string trainingData;       // one sentence: sources and terms
    std::string metricsJson;        // JSON object as the evaluation wrote it; "{}" if not evaluated
};

Result<Manifest> parseManifest(const std::string& json);
std::string toJson(const Manifest& manifest);

}  // namespace cxr
