// Opens the engine module at the first call of loadEngine() and keeps it until the process ends: torch's worker threads
// and static objects do not survive an unloading.
#include <dlfcn.h>

#include <filesystem>
#include <mutex>

#include "core/engine/engine_module.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

struct Loader {
    std::mutex mutex;
    fs::path folder;
    std::shared_ptr<Engine> engine;
};

Loader& loader() {
    static auto* instance = new Loader;  // never destroyed: see above
    return *instance;
}

std::vector<fs::path> candidates(const fs::path& chosen) {
    std::vector<fs::path> files;
    if (!chosen.empty()) files.push_back(chosen / kEngineModuleFile);
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code).parent_path();
    files.push_back(program / kEngineModuleFile);
    files.push_back(program / "../lib/precordia" / kEngineModuleFile);
    files.push_back(program / "../bin" / kEngineModuleFile);  // tests beside bin/ in the build folder
    return files;
}

Result<std::shared_ptr<Engine>> openModule(const fs::path& file) {
    void* module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
        const char* reason = ::dlerror();
        return Error{ErrorCode::NotFound, std::string("the engine module cannot be loaded: ") + (reason != nullptr ? reason : "unknown reason")};
    }
    const auto interface = reinterpret_cast<EngineInterfaceFunction>(::dlsym(module, kEngineInterfaceSymbol));
    const auto create = reinterpret_cast<EngineCreateFunction>(::dlsym(module, kEngineCreateSymbol));
    if (interface == nullptr || create == nullptr || interface() != kEngineInterface) {
        return Error{ErrorCode::Unsupported, "the engine module belongs to another version of Precordia; install both together"};
    }
    return std::shared_ptr<Engine>(create());
}

}  // namespace

void setEngineFolder(const fs::path& folder) {
    const std::scoped_lock lock(loader().mutex);
    loader().folder = folder;
}

Result<std::shared_ptr<Engine>> loadEngine() {
    const std::scoped_lock lock(loader().mutex);
    if (loader().engine) return loader().engine;
    for (const fs::path& file : candidates(loader().folder)) {
        std::error_code ignored;
        if (!fs::exists(file, ignored)) continue;
        auto engine = openModule(file);
        if (engine.isOk()) loader().engine = engine.value();
        return engine;
    }
    return Error{ErrorCode::NotFound,
                 std::string("the engine module ") + kEngineModuleFile + " is not beside the program; films open, but are not analysed"};
}

}  // namespace cxr
