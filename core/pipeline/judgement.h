// The networks that judge a film: view, diseases, cardiomegaly by a network and from its HeartSpot picture. Runs after
// the segmentation, whose masks it shares; what comes out is core/measure/finding.h.
//   A pack that is not installed is no error: its part is absent. A pack that fails is reported in its place
//   (PackJudgement::error) and the others go on; only Cancelled ends everything.
//   thread rule  call from a worker; the result is an immutable value
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
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

// HeartLungs: segmentation. View: an output "Lateral". Diseases: two or more outputs, one of them a disease of NIH.
// Cardiomegaly and HeartSpot: an output "Cardiomegaly", framing not HeartSpot's or HeartSpot's.
bool suits(const Manifest& manifest, ModelRole role);
// The role that a pack takes when it is named without one. fails Unsupported (no role fits).
Result<ModelRole> roleOf(const Manifest& manifest);

// The user's choices among the installed packs.
struct ModelChoice {
    std::map<ModelRole, std::string> chosen;  // pack's folder name; "" none; no entry: the default pack
    std::set<std::string> disabled;           // folder names that no role takes
};
// The packs of all roles as chosen, in the order of kModelRoles. A chosen pack that is not there, or does not suit,
// gives way to the default one.
std::vector<RolePack> choosePacks(const ModelChoice& choice, const std::vector<RegistryEntry>& installed);

struct JudgeOptions {
    std::vector<RolePack> packs;  // HeartLungs is left out
    DeviceChoice device = DeviceChoice::Auto;
    int threads = 0;
    std::string operatingPoint = kBalancedPoint;
};

// `segmentation` in film pixels, as analyzeFilm makes it. fails Cancelled only.
Result<Judgement> judgeFilm(const Image& image, const Segmentation& segmentation, const JudgeOptions& options,
                            Engine& engine, const RunContext& context = {});

}  // namespace cxr
