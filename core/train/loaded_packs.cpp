// Opens a pack at its first use.
#include "core/train/loaded_packs.h"

#include "core/engine/engine.h"

namespace cxr::train {
namespace {

std::string keyOf(const std::filesystem::path& packFolder, const torch::Device& device) {
    std::error_code ignored;
    return std::filesystem::weakly_canonical(packFolder, ignored).string() + "|" + device.str();
}

// A network that was loaded before, or is loaded now and accepted by `check`.
template <typename Network, typename Check>
Result<Network*> openOnce(std::map<std::string, std::unique_ptr<Network>>& open, const std::filesystem::path& packFolder,
                          const torch::Device& device, const Check& check) {
    const std::string key = keyOf(packFolder, device);
    if (const auto found = open.find(key); found != open.end()) return found->second.get();
    auto loaded = Network::load(packFolder, device);
    if (!loaded.isOk()) return std::move(loaded).error();
    if (auto checked = check(loaded.value()->manifest()); !checked.isOk()) return std::move(checked).error();
    return open.emplace(key, std::move(loaded).value()).first->second.get();
}

}  // namespace

Result<nn::Segmenter*> LoadedPacks::segmenter(const std::filesystem::path& packFolder, const torch::Device& device) {
    return openOnce(m_segmenters, packFolder, device, [](const Manifest& manifest) -> Result<Done> {
        if (manifest.outputs.size() == kOrganCount) return Done{};
        return Error{ErrorCode::Unsupported, "the model pack does not give heart, left and right lung"};
    });
}

Result<nn::ClassifierRunner*> LoadedPacks::classifier(const std::filesystem::path& packFolder, const torch::Device& device) {
    return openOnce(m_classifiers, packFolder, device, [](const Manifest&) -> Result<Done> { return Done{}; });
}

Result<LoadedPacks::Any> LoadedPacks::any(const std::filesystem::path& packFolder, const torch::Device& device) {
    const auto pack = readPack(packFolder);
    if (!pack.isOk()) return Error(pack.error());
    if (pack.value().manifest.task == "classification") {
        const auto found = classifier(packFolder, device);
        if (!found.isOk()) return Error(found.error());
        return Any{&found.value()->manifest(), found.value()->precision()};
    }
    const auto found = segmenter(packFolder, device);
    if (!found.isOk()) return Error(found.error());
    return Any{&found.value()->manifest(), found.value()->precision()};
}

}  // namespace cxr::train
