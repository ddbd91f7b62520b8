#include "core/pipeline/model_roles.h"

#include <algorithm>

#include "core/model/framing.h"

namespace cxr {
namespace {

constexpr const char* kNone = "";

bool hasOutput(const Manifest& manifest, const std::string& name) {
    return std::any_of(manifest.outputs.begin(), manifest.outputs.end(), [&](const ModelOutput& o) { return o.name == name; });
}

bool hasDisease(const Manifest& manifest) {
    return std::any_of(kChest14Diseases.begin(), kChest14Diseases.end(),
                       [&](const char* disease) { return hasOutput(manifest, disease); });
}

const RegistryEntry* entryOf(const std::string& id, const std::vector<RegistryEntry>& installed) {
    const auto found = std::find_if(installed.begin(), installed.end(),
                                    [&](const RegistryEntry& e) { return e.folder.filename().string() == id; });
    return found == installed.end() ? nullptr : &*found;
}

bool isUsable(const RegistryEntry* entry, ModelRole role) {
    return entry != nullptr && (!entry->pack.isOk() || suits(entry->pack.value().manifest, role));
}

// "" if the role stays empty.
std::string chosenFor(ModelRole role, const ModelChoice& choice, const std::vector<RegistryEntry>& installed) {
    const auto named = choice.chosen.find(role);
    const std::string fallback = defaultPackOf(role);
    const auto isOffered = [&](const std::string& id) {
        return !choice.disabled.contains(id) && isUsable(entryOf(id, installed), role);
    };
    if (named != choice.chosen.end() && (named->second == kNone || isOffered(named->second))) return named->second;
    return isOffered(fallback) ? fallback : kNone;
}

}  // namespace

const char* defaultPackOf(ModelRole role) {
    switch (role) {
        case ModelRole::HeartLungs:
            return kHeartLungsPack;
        case ModelRole::View:
            return "view";
        case ModelRole::Diseases:
            return "chest14";
        case ModelRole::Cardiomegaly:
            return "cardiomegaly";
        case ModelRole::HeartSpot:
            return "heartspot-cardiomegaly";
    }
    return kNone;
}

bool suits(const Manifest& manifest, ModelRole role) {
    if (role == ModelRole::HeartLungs) return manifest.task == "segmentation" && manifest.outputs.size() == kOrganCount;
    if (manifest.task != "classification") return false;
    switch (role) {
        case ModelRole::View:
            return hasOutput(manifest, "Lateral");
        case ModelRole::Diseases:
            return manifest.outputs.size() > 1 && hasDisease(manifest) && !readsHeartSpot(manifest.input.framing);
        case ModelRole::Cardiomegaly:
            return hasOutput(manifest, "Cardiomegaly") && !readsHeartSpot(manifest.input.framing);
        case ModelRole::HeartSpot:
            return hasOutput(manifest, "Cardiomegaly") && readsHeartSpot(manifest.input.framing);
        case ModelRole::HeartLungs:
            break;
    }
    return false;
}

Result<ModelRole> roleOf(const Manifest& manifest) {
    for (const ModelRole role : kModelRoles) {
        if (manifest.id == defaultPackOf(role) && suits(manifest, role)) return role;
    }
    for (const ModelRole role : kModelRoles) {
        if (suits(manifest, role)) return role;
    }
    return Error{ErrorCode::Unsupported, "the pack " + manifest.id +
                                             " finds neither heart and lungs nor a view nor a disease of NIH ChestX-ray14; "
                                             "use `predict` to run it"};
}

std::vector<RolePack> choosePacks(const ModelChoice& choice, const std::vector<RegistryEntry>& installed) {
    std::vector<RolePack> packs;
    for (const ModelRole role : kModelRoles) {
        const std::string id = chosenFor(role, choice, installed);
        if (id.empty()) continue;
        packs.push_back({role, entryOf(id, installed)->folder});
    }
    return packs;
}

}  // namespace cxr
