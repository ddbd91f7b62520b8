#include "core/model/pack.h"

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/mapped_file.h"
#include "core/model/safetensors.h"
#include "core/model/torch_checkpoint.h"

namespace cxr {
namespace {

constexpr std::int64_t kMaxManifestBytes = 1 << 20;

Result<Done> checkContent(const Pack& pack) {
    if (!pack.isProgram()) {
        const auto weights = SafetensorsFile::open(pack.weights());
        return weights.isOk() ? Result<Done>(Done{}) : Result<Done>(weights.error());
    }
    const auto mapped = mapFile(pack.weights(), "the program");
    if (!mapped.isOk()) return mapped.error();
    if (TorchCheckpoint::isTorchScript(mapped.value().bytes)) return Done{};
    return Error{ErrorCode::Corrupt, "its model.json promises a TorchScript program, which " + pack.manifest.weightsFile + " is not"};
}

}  // namespace

Result<Pack> readPack(const std::filesystem::path& folder) {
    const std::string operation = "model pack " + folder.filename().string();
    auto text = readWholeFile(folder / "model.json", kMaxManifestBytes);
    if (!text.isOk()) return std::move(text).error().within(operation);
    auto manifest = parseManifest(text.value());
    if (!manifest.isOk()) return std::move(manifest).error().within(operation);
    return Pack{folder, std::move(manifest).value()};
}

Result<Pack> verifyPack(const std::filesystem::path& folder) {
    auto pack = readPack(folder);
    if (!pack.isOk()) return pack;
    const std::string operation = "model pack " + pack.value().manifest.id;
    const auto hash = sha256OfFile(pack.value().weights());
    if (!hash.isOk()) return Error(hash.error()).within(operation);
    if (hash.value() != pack.value().manifest.weightsSha256) {
        return Error{ErrorCode::Corrupt, operation + ": the weights are not those that model.json names (SHA-256 differs); copy the pack again"};
    }
    if (auto content = checkContent(pack.value()); !content.isOk()) return std::move(content).error().within(operation);
    return pack;
}

}  // namespace cxr
