// A file with somebody's weights becomes a model pack, whole or not at all.
//   1. read    PyTorch checkpoint or safetensors as data (core/model/weights_source.h)
//   2. rename  the source's key map (core/model/key_maps.h), none for "none"
//   3. compare names and shapes with what the architecture needs (Engine::describe): every difference in one list
//   4. write   weights.safetensors, CARD.md, model.json into a folder that appears when all of it is there
// Networks that find heart and lungs (`organs`): the planes of a U-Net ("head") are put into the program's order; of other
// networks the user must name them in that order. The pack is tried once on an empty film.
// Outputs that their authors never trained (torchxrayvision: no operating threshold) are left out, and a note says so.
// A TorchScript program is code: it is copied as model.pt only if the caller names its SHA-256, which is then trusted for
// good (core/model/trust.h), and it is run once on an empty film to see that it gives one number per class.
//   thread rule  call from a worker; nothing is shared
//   cancel       between arrays and between the steps
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/model/manifest.h"
#include "core/model/weights_source.h"

namespace cxr {

// What a file is, to show before it is imported.
struct WeightsFacts {
    WeightsKind kind = WeightsKind::Checkpoint;
    std::string sha256;
    std::size_t arrays = 0;            // counters left out; 0 for a program
    std::uint64_t numbers = 0;
    std::optional<std::int64_t> outputs;  // rows of the last layer, if it has one of the usual names
    std::string suggestedSource;       // of importSources(): judged by names, channels and outputs
};
// fails as WeightsSource::open does.
Result<WeightsFacts> inspectWeights(const std::filesystem::path& file);

struct ImportRequest {
    std::filesystem::path file;
    std::filesystem::path outFolder;   // the pack; must not exist
    std::string source = "none";       // of importSources()
    std::string architecture;          // empty: the source's usual one
    std::string architectureJson;      // further hyper-parameters, a JSON object; empty: none
    std::vector<std::string> classes;  // in the order of the network's outputs; empty: the source's
    std::vector<std::string> organs;   // a segmentation: heart, left_lung, right_lung in the order of the network's planes; else empty
    std::optional<int> size;           // px; none: the source's, as for the next two
    std::string framing;
    std::string normalisation;
    std::string id;                    // empty: made from outFolder's name
    std::string name;
    std::string version = "1.0.0";
    bool asHalf = false;               // arrays of two and more dimensions as float16
    std::string licence;               // empty: "not stated"
    std::string trainingData;          // empty: what the source says, else "not stated"
    std::string trustedSha256;         // of a TorchScript program that may run
};

struct ImportOutcome {
    std::filesystem::path folder;      // the pack; empty if something did not fit: then nothing was written
    std::vector<std::string> misfits;  // sorted, one a line; empty: the pack was written
    std::vector<std::string> notes;    // what the user should know, one sentence each
    Manifest manifest;                 // of the pack
    std::size_t arrays = 0;
    std::uint64_t numbers = 0;
};

// fails NotFound, Corrupt, TooLarge, Unsupported (what the file is), InvalidArgument (what the request lacks; the folder
// exists), WriteFailed, Cancelled, and as Engine::describe does. Nothing is left behind.
Result<ImportOutcome> importPack(const ImportRequest& request, Engine& engine, const RunContext& context = {});

}  // namespace cxr
