#include "core/model/registry.h"

#include <cstdlib>
#include <map>

namespace cxr {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

fs::path userDataFolder() {
    if (const std::string data = environment("XDG_DATA_HOME"); !data.empty()) return data;
    if (const std::string home = environment("HOME"); !home.empty()) return fs::path(home) / ".local/share";
    return {};
}

fs::path programFolder() {
    std::error_code code;
    return fs::read_symlink("/proc/self/exe", code).parent_path();
}

}  // namespace

fs::path userModelFolder() {
    const fs::path data = userDataFolder();
    return data.empty() ? data : data / "precordia/models";
}

std::vector<fs::path> modelFolders() {
    std::vector<fs::path> folders;
    if (const std::string chosen = environment("PRECORDIA_MODELS"); !chosen.empty()) folders.emplace_back(chosen);
    if (const fs::path own = userModelFolder(); !own.empty()) folders.push_back(own);
    folders.push_back(programFolder() / "../share/precordia/models");
    folders.emplace_back(CXR_SOURCE_MODELS);
    return folders;
}

std::vector<RegistryEntry> listPacks(const std::vector<fs::path>& folders) {
    std::map<std::string, fs::path> found;
    for (const fs::path& folder : folders) {
        std::error_code code;
        for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
            std::error_code ignored;
            if (fs::exists(entry->path() / "model.json", ignored)) found.emplace(entry->path().filename().string(), entry->path());
        }
    }
    std::vector<RegistryEntry> entries;
    for (const auto& [name, folder] : found) entries.push_back({folder, readPack(folder)});
    return entries;
}

Result<Pack> findPack(const std::string& id, const std::vector<fs::path>& folders) {
    std::string searched;
    for (const fs::path& folder : folders) {
        std::error_code ignored;
        if (fs::exists(folder / id / "model.json", ignored)) return readPack(folder / id);
        searched += (searched.empty() ? "" : ", ") + folder.lexically_normal().string();
    }
    return Error{ErrorCode::NotFound, "there is no model pack " + id + "; put it into one of these folders: " + searched};
}

}  // namespace cxr
