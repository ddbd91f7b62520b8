// Manifests compared, weights renamed and copied.
#include "core/pipeline/merge_packs.h"

#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/atomic_folder.h"
#include "core/base/sha256.h"
#include "core/model/pack.h"
#include "core/model/safetensors.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kFewest = 2, kMost = 32;
constexpr const char* kWeightsFile = "weights.safetensors";

// What members must share: input and the outputs' names, as model.json writes them.
Json sharedFacts(const Manifest& manifest) {
    const Json json = Json::parse(toJson(manifest));
    Json names = Json::array();
    for (const Json& output : json["outputs"]) names.push_back(output["name"]);
    return {{"task", json["task"]}, {"input", json["input"]}, {"outputs", names}};
}

Result<std::vector<Pack>> readMembers(const MergeRequest& request) {
    if (request.packs.size() < kFewest || request.packs.size() > kMost) {
        return Error{ErrorCode::InvalidArgument, "an ensemble has 2 to 32 members"};
    }
    std::vector<Pack> members;
    for (const fs::path& folder : request.packs) {
        auto pack = verifyPack(folder);
        if (!pack.isOk()) return std::move(pack).error();
        const Manifest& manifest = pack.value().manifest;
        if (manifest.architectureName == "ensemble" || manifest.architectureName == "torchscript") {
            return Error{ErrorCode::Unsupported, folder.filename().string() + ": a pack of this architecture cannot be a member"};
        }
        if (!members.empty() && sharedFacts(manifest) != sharedFacts(members[0].manifest)) {
            return Error{ErrorCode::InvalidArgument, folder.string() + " reads another input or gives other outputs than the first pack"};
        }
        members.push_back(std::move(pack).value());
    }
    return members;
}

Manifest mergedManifest(const std::vector<Pack>& members, const MergeRequest& request) {
    Manifest manifest = members[0].manifest;
    manifest.id = request.id.empty() ? request.outFolder.filename().string() : request.id;
    if (!request.name.empty()) manifest.name = request.name;
    if (!request.version.empty()) manifest.version = request.version;
    Json list = Json::array();
    for (const Pack& member : members) list.push_back(Json::parse(member.manifest.architectureJson));
    manifest.architectureName = "ensemble";
    manifest.architectureJson = Json{{"name", "ensemble"}, {"members", list}}.dump();
    manifest.weightsFile = kWeightsFile;
    manifest.metricsJson = "{}";
    for (ModelOutput& output : manifest.outputs) {
        output.calibration = {};
        output.operatingPoints.clear();
        output.auc.reset();
        output.prevalence.reset();
    }
    return manifest;
}

Result<std::vector<TensorToWrite>> mergedWeights(const std::vector<Pack>& members, const RunContext& context) {
    std::vector<TensorToWrite> all;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "merging was stopped"};
        const auto file = SafetensorsFile::open(members[i].weights());
        if (!file.isOk()) return Error(file.error());
        for (const auto& [name, view] : file.value().tensors()) {
            all.push_back({"members." + std::to_string(i) + "." + name, view.type, view.shape,
                           {view.bytes.begin(), view.bytes.end()}});
        }
    }
    return all;
}

}  // namespace

Result<fs::path> mergePacks(const MergeRequest& request, const RunContext& context) {
    const auto members = readMembers(request);
    if (!members.isOk()) return Error(members.error());
    auto weights = mergedWeights(members.value(), context);
    if (!weights.isOk()) return std::move(weights).error();
    Manifest manifest = mergedManifest(members.value(), request);
    const auto written = writeFolderAtomically(request.outFolder, [&](const fs::path& folder) -> Result<Done> {
        auto saved = writeSafetensors(folder / kWeightsFile, std::move(weights).value(), {{"format", "pt"}});
        if (!saved.isOk()) return saved;
        const auto sha256 = sha256OfFile(folder / kWeightsFile);
        if (!sha256.isOk()) return Error(sha256.error());
        manifest.weightsSha256 = sha256.value();
        const std::string text = toJson(manifest);
        if (auto valid = parseManifest(text); !valid.isOk()) return std::move(valid).error();
        return writeFileAtomically(folder / "model.json", text);
    });
    if (!written.isOk()) return Error(written.error());
    return request.outFolder;
}

}  // namespace cxr
