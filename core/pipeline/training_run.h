// What a training run left for those who judge it: its pack and the films that it never saw.
//   held_out.json   in the run's folder: {"pack": folder's name, "films": [names]}; a heart-lungs run names films "site/name"
//   thread rule     pure functions
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

// A pack and the films that it may judge; without names: all films.
struct TrainingRun {
    std::filesystem::path pack;
    std::set<std::string> heldOut;
    [[nodiscard]] bool mayJudge(const std::string& film) const { return heldOut.empty() || heldOut.contains(film); }
};

// fails ReadFailed or NotFound (no held_out.json), Corrupt; InvalidArgument when the run held no film out.
Result<TrainingRun> readTrainingRun(const std::filesystem::path& folder);
// All of them, in their order. fails as readTrainingRun.
Result<std::vector<TrainingRun>> readTrainingRuns(const std::vector<std::string>& folders);
// fails WriteFailed.
Result<Done> writeHeldOut(const std::filesystem::path& folder, const std::filesystem::path& pack, const std::vector<std::string>& films);

}  // namespace cxr
