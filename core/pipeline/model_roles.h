// Which installed pack does what: one pack for each role of core/measure/finding.h, the default one unless the user chose
// another. Pure functions; thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/measure/finding.h"
#include "core/model/registry.h"

namespace cxr {

// A pack and what it is used for.
struct RolePack {
    ModelRole role = ModelRole::Diseases;
    std::filesystem::path folder;
};

// The pack that a role has unless the user chose another: "heart-lungs", "view", "chest14", "cardiomegaly",
// "heartspot-cardiomegaly".
const char* defaultPackOf(ModelRole role);

// HeartLungs: segmentation with three outputs. The others are classification. View: an output "Lateral". Diseases: two
// or more outputs, one of them a disease of NIH. Cardiomegaly and HeartSpot: an output "Cardiomegaly"; a HeartSpot
// framing belongs to the one, every other to the other.
bool suits(const Manifest& manifest, ModelRole role);
// The role that a pack takes when it is named without one: View before Diseases before the single ones.
// fails Unsupported (no role fits; the message names the pack).
Result<ModelRole> roleOf(const Manifest& manifest);

// The user's choices among the installed packs.
struct ModelChoice {
    std::map<ModelRole, std::string> chosen;  // pack's folder name; "" = none; no entry: the default pack
    std::set<std::string> disabled;           // folder names that no role takes
    bool operator==(const ModelChoice&) const = default;
};
// The packs of all roles as chosen, in the order of kModelRoles. A chosen pack that is not there or does not suit gives
// way to the default one; a pack that cannot be read keeps its role, so that its fault is told where it is missed.
std::vector<RolePack> choosePacks(const ModelChoice& choice, const std::vector<RegistryEntry>& installed);

}  // namespace cxr
