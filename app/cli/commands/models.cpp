#include "app/cli/commands/models.h"

#include <cstdio>
#include <filesystem>

#include "app/cli/commands/models_import.h"
#include "app/cli/commands/models_merge.h"
#include "core/model/registry.h"
#include "core/pipeline/model_facts.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

int runList() {
    int exit = kAllWell;
    const auto entries = listPacks();
    for (const RegistryEntry& entry : entries) {
        if (!entry.pack.isOk()) {
            exit = complain(entry.pack.error());
            continue;
        }
        const Manifest& manifest = entry.pack.value().manifest;
        std::printf("%-16s %-8s %-24s %s  %s\n", manifest.id.c_str(), manifest.version.c_str(), manifest.name.c_str(),
                    manifest.weightsSha256.substr(0, 12).c_str(), entry.folder.lexically_normal().c_str());
        std::printf("    %s; %s; gives %s\n", taskLine(manifest).c_str(), metricsLine(manifest).c_str(), explainsLine(manifest).c_str());
    }
    if (entries.empty()) remark("no model pack is installed; set PRECORDIA_MODELS to the folder that holds them");
    return exit;
}

std::vector<fs::path> foldersToVerify(const std::string& folder) {
    std::vector<fs::path> folders;
    if (folder.empty()) {
        for (const RegistryEntry& entry : listPacks()) folders.push_back(entry.folder);
    } else if (fs::exists(fs::path(folder) / "model.json")) {
        folders.push_back(folder);
    } else {
        for (const RegistryEntry& entry : listPacks({folder})) folders.push_back(entry.folder);
    }
    return folders;
}

int runVerify(const std::string& folder) {
    const auto folders = foldersToVerify(folder);
    if (folders.empty()) return complain("there is no model pack to verify");
    int exit = kAllWell;
    for (const fs::path& pack : folders) {
        const auto verified = verifyPack(pack);
        if (!verified.isOk()) exit = complain(verified.error());
        else std::printf("%s: whole, SHA-256 %s\n", verified.value().manifest.id.c_str(), verified.value().manifest.weightsSha256.c_str());
    }
    return exit;
}

}  // namespace

void addModels(CLI::App& program, CommandRun& chosen) {
    CLI::App* models = program.add_subcommand("models", "Model packs: which are installed, whether they are whole, and new ones from weights");
    models->require_subcommand(1);
    CLI::App* list = models->add_subcommand("list", "Name, version, hash, folder, task and accuracy of every installed pack");
    list->callback([&chosen] { chosen = [](const RunContext&) { return runList(); }; });
    auto folder = std::make_shared<std::string>();
    CLI::App* verify = models->add_subcommand("verify", "Checks manifest, SHA-256 and weights file of packs");
    verify->add_option("DIR", *folder, "One pack, or a folder of packs (all that are installed)");
    verify->callback([folder, &chosen] { chosen = [folder](const RunContext&) { return runVerify(*folder); }; });
    addModelsImport(*models, chosen);
    addModelsMerge(*models, chosen);
    models->footer(example("precordia-cli models verify models/heart-lungs"));
}

}  // namespace cxr::cli
