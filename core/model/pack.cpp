#include "core/model/pack.h"

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/safetensors.h"

namespace cxr {
namespace {

constexpr std::int64_t kMaxManifestBytes = 1 << 20;

// A program is taken apart by torch when it is loaded; its hash is what makes it trusted.
Result<Done> checkContent(const Pack& pack) {
    if (pack.isProgram()) return Done{};
    const auto weights = SafetensorsFile::open(pack.weights());
    return weights.isOk() ? Result<Done>(Done{}) : Result<Done>(weights.error());
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
