// Registry: where model packs are found. The first folder that has a pack of a name wins:
//   $PRECORDIA_MODELS, $XDG_DATA_HOME/precordia/models (~/.local/share/...), ../share/precordia/models beside the program,
//   and for a program that runs from its build folder the source tree's models/.
//   thread rule  reads the disk at each call; any thread
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/pack.h"

namespace cxr {

// The pack that `analyze` and the window use.
inline constexpr const char* kHeartLungsPack = "heart-lungs";

std::vector<std::filesystem::path> modelFolders();
// Where the user's own packs go: $XDG_DATA_HOME/precordia/models. Empty if there is no home folder.
std::filesystem::path userModelFolder();

struct RegistryEntry {
    std::filesystem::path folder;
    Result<Pack> pack;  // the reason if model.json cannot be read
};
// Every pack of every folder, sorted by name; a name that an earlier folder has is left out.
std::vector<RegistryEntry> listPacks(const std::vector<std::filesystem::path>& folders = modelFolders());

// fails NotFound (the message names the folders searched), Corrupt.
Result<Pack> findPack(const std::string& id, const std::vector<std::filesystem::path>& folders = modelFolders());

}  // namespace cxr
