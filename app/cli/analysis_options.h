// The options of every verb that runs the heart network: --pack --device --threads.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include "core/pipeline/analysis.h"

namespace cxr::cli {

struct NetworkOptions {
    std::string pack;
    std::string device = "auto";
    int threads = 0;

    void addTo(CLI::App& verb);
    void addDevice(CLI::App& verb);  // --device and --threads alone
    [[nodiscard]] AnalysisOptions analysis() const;
    // The engine, loaded and set to these device and threads. Fails as loadEngine().
    [[nodiscard]] Result<std::shared_ptr<Engine>> engine() const;
};

}  // namespace cxr::cli
