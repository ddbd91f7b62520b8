#include "app/cli/analysis_options.h"

namespace cxr::cli {

void NetworkOptions::addTo(CLI::App& verb) {
    verb.add_option("--pack", pack, "Folder of a heart-lungs model pack (the one that is installed)");
    addDevice(verb);
}

void NetworkOptions::addDevice(CLI::App& verb) {
    verb.add_option("--device", device, "auto, cpu or cuda (auto)")->check(CLI::IsMember({"auto", "cpu", "cuda"}));
    verb.add_option("--threads", threads, "Threads of the network, 0 = all cores (0)")->check(CLI::Range(0, 1024));
}

AnalysisOptions NetworkOptions::analysis() const {
    AnalysisOptions options;
    options.packFolder = pack;
    options.device = device == "cpu" ? DeviceChoice::Cpu : device == "cuda" ? DeviceChoice::Cuda : DeviceChoice::Auto;
    options.threads = threads;
    return options;
}

Result<std::shared_ptr<Engine>> NetworkOptions::engine() const {
    auto loaded = loadEngine();
    if (!loaded.isOk()) return loaded;
    const AnalysisOptions wanted = analysis();
    loaded.value()->configure(wanted.device, wanted.threads);
    return loaded;
}

}  // namespace cxr::cli
