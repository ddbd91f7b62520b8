// Several packs of one task become one pack whose network is their ensemble (core/nn/ensemble.h).
//   The members must read the same input and give the same outputs, in the same order. What was measured on one member
//   does not hold for all together: calibration, operating points, metrics and curves are left out.
//   thread rule  call from a worker
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"

namespace cxr {

struct MergeRequest {
    std::vector<std::filesystem::path> packs;  // 2..32
    std::filesystem::path outFolder;           // the pack; must not exist
    std::string id, name, version;             // empty: of the first pack (id: outFolder's name)
};

// Weights keep their precision. fails as verifyPack does; InvalidArgument (number of packs, inputs or outputs that differ,
// outFolder exists), Unsupported (a member that is an ensemble or a TorchScript program), WriteFailed, Cancelled.
Result<std::filesystem::path> mergePacks(const MergeRequest& request, const RunContext& context = {});

}  // namespace cxr
