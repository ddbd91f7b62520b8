// Manifest: model.json of a pack as values. models/manifest.schema.json is its JSON schema, models/README.md explains it.
//   fails  Corrupt (not JSON, wrong type), InvalidArgument (missing or impossible value), each naming the key
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

// A threshold on the calibrated probability, and what it gave on films that the network never saw.
struct OperatingPoint {
    std::string name;        // "youden", "sensitivity90", "specificity90", or an imported pack's own
    double threshold = 0.5;  // at or above: positive
    double sensitivity = 0;  // [0, 1]
    double specificity = 0;  // [0, 1]
};

// probability = sigmoid(slope * logit + intercept): temperature scaling (intercept 0) or Platt's.
struct Calibration {
    double slope = 1;
    double intercept = 0;
};

struct ModelOutput {
    std::string name;        // "heart", "left_lung", ...; diseases as NIH ChestX-ray14 spells them: "Cardiomegaly"
    std::string meaning;     // for people
    std::string codeScheme;  // "SCT"
    std::string code;        // "80891009"
    // Classification only:
    Calibration calibration = {};
    std::vector<OperatingPoint> operatingPoints = {};
    std::optional<std::array<double, 3>> auc = {};  // value, low, high: out-of-fold with 95 % interval
    std::optional<double> prevalence = {};          // share of positives among the films that gave these numbers
    bool isAuxiliary = false;                  // learned beside the others (projection, sex, age); the program does not show it
};

// How a film becomes the network's input.
//   framing   "letterbox"        the whole film in the middle of a square
//             "centre-crop"      the largest centred square
//             "thorax"           turned upright and cropped round the lungs (core/measure/thorax_frame.h)
//             "heartspot"        the HeartSpot picture of `prior`, zeros where it keeps nothing; "heartspot-thorax": of the thorax square; "-filled": without gaps
//             "heartspot-vector" the kept pixels of `prior` as one row; "heartspot-thorax-vector": of the thorax square
//   planes    what each plane shows: "film", "heart", "left_lung", "right_lung"; plane 0 is the film
//   normalisation  of plane 0: "film-z-score", "unit" ([0, 1] as it is), "imagenet" (three channels), "xrv" (-1024..1024)
struct ModelInput {
    int size = 256;       // side of the square grid, 32..2048
    int channels = 1;     // of the network; with "imagenet" the film is repeated
    std::string framing;
    std::string normalisation;
    std::vector<std::string> planes{"film"};
    std::string priorJson;   // PriorSpec of the heartspot framings; else empty
    std::string priorHash;   // its hash, checked when the pack is used
};

struct Manifest {
    std::string id;       // [a-z0-9-]+, the folder's name
    std::string name;     // for people
    std::string version;
    std::string task;     // "segmentation", "classification"
    ModelInput input;
    std::vector<ModelOutput> outputs;
    std::string architectureName;   // a name of nn/architectures.cpp
    std::string architectureJson;   // its hyper-parameters, JSON object
    std::string weightsFile;        // inside the pack, no folders: "weights.safetensors"
    std::string weightsSha256;
    std::string licence;
    std::string trainingData;       // one sentence: sources and terms
    std::string metricsJson;        // JSON object as the evaluation wrote it; "{}" if not evaluated
    std::string precision = "float32";  // "bf16": processors with AMX may compute in bfloat16; its author measured that this is as good
};

Result<Manifest> parseManifest(const std::string& json);
std::string toJson(const Manifest& manifest);

}  // namespace cxr
