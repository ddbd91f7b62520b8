// An import request with everything filled in: the source's usual values where the user gave none, all of it checked
// before a byte of weights is read.
//   thread rule  pure; any thread
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/manifest.h"
#include "core/pipeline/import_pack.h"
#include "core/pipeline/import_presets.h"

namespace cxr {

struct ImportPlan {
    ImportPreset preset;
    Manifest manifest;  // complete but for outputs, architectureJson and the weights' hash; architectureName is set
    std::vector<std::string> classes;  // empty: neither the user nor the source names them
    bool isSegmentation = false;
};

// fails InvalidArgument: what is missing or impossible, and what to do.
Result<ImportPlan> planImport(const ImportRequest& request);

// The architecture as JSON for so many outputs. fails InvalidArgument (the user's JSON says another number).
Result<std::string> architectureFor(const ImportPlan& plan, std::size_t outputs);

// heart, left_lung, right_lung: the planes of a segmentation in the program's order.
const std::vector<ModelOutput>& organOutputs();
// Which plane of the network each of organOutputs() is. fails InvalidArgument (not these three, each once)
Result<std::vector<std::size_t>> organPlanes(const std::vector<std::string>& organs);

// Named outputs without operating points. fails InvalidArgument (a name twice, empty, or not printable)
Result<std::vector<ModelOutput>> namedOutputs(const std::vector<std::string>& classes);

}  // namespace cxr
