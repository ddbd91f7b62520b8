#include "app/cli/commands/models_import.h"

#include <cstdio>
#include <string>

#include "app/cli/analysis_options.h"
#include "app/cli/progress_bar.h"
#include "core/pipeline/import_pack.h"
#include "core/pipeline/import_presets.h"

namespace cxr::cli {
namespace {

struct ImportOptions {
    ImportRequest request;
    std::string file, out, map;
    int size = 0;
};

// Weights of a known source were given without saying so.
void hintAtSource(const ImportOptions& options) {
    if (!options.map.empty()) return;
    const auto facts = inspectWeights(options.file);
    if (!facts.isOk() || facts.value().suggestedSource == "none") return;
    remark("The names in the file are those of " + facts.value().suggestedSource + ": try --map " + facts.value().suggestedSource);
}

int showMisfits(const ImportOutcome& outcome) {
    const std::size_t count = outcome.misfits.size();
    complain("the file does not fit the network: " + std::to_string(count) + (count == 1 ? " difference" : " differences") +
             ", nothing was written");
    for (const std::string& misfit : outcome.misfits) remark("  " + misfit);
    return kSomeFailed;
}

int showPack(const ImportOutcome& outcome) {
    const Manifest& manifest = outcome.manifest;
    std::printf("%s: %s, %zu outputs, %zu arrays, %llu numbers, SHA-256 %s\n", manifest.id.c_str(), manifest.architectureName.c_str(),
                manifest.outputs.size(), outcome.arrays, static_cast<unsigned long long>(outcome.numbers), manifest.weightsSha256.c_str());
    for (const std::string& note : outcome.notes) remark(note);
    return kAllWell;
}

int runImport(const ImportOptions& options, const RunContext& context) {
    ImportRequest request = options.request;
    request.file = options.file;
    request.outFolder = options.out;
    if (!options.map.empty()) request.source = options.map;
    if (options.size > 0) request.size = options.size;
    const auto engine = NetworkOptions().engine();
    if (!engine.isOk()) return complain(engine.error());
    ProgressBar bar("import");
    RunContext shown = context;
    shown.progress = [&](double done) { bar.show(done, options.file); };
    const auto outcome = importPack(request, *engine.value(), shown);
    if (!outcome.isOk()) {
        const int exit = complain(outcome.error());
        hintAtSource(options);
        return exit;
    }
    if (outcome.value().misfits.empty()) return showPack(outcome.value());
    const int exit = showMisfits(outcome.value());
    hintAtSource(options);
    return exit;
}

void addSourceOptions(CLI::App& verb, ImportOptions& options) {
    ImportRequest& request = options.request;
    verb.add_option("FILE", options.file, "PyTorch checkpoint, safetensors, or TorchScript (with --trust-sha256)")->required();
    verb.add_option("--out", options.out, "Folder of the new pack; must not exist")->required();
    verb.add_option("--map", options.map, "Whose weights: chexnet, torchxrayvision, torchvision or none (none)")
        ->check(CLI::IsMember(importSources()));
    verb.add_option("--arch", request.architecture, "densenet121, resnet18, resnet50, vgg16, vgg16_bn, efficientnet_b4, ... "
                                                    "(the source's)");
    verb.add_option("--arch-json", request.architectureJson, "Its further hyper-parameters, such as '{\"in_channels\": 1}'");
    verb.add_option("--trust-sha256", request.trustedSha256, "Of a TorchScript program that may run on this account");
}

void addPackOptions(CLI::App& verb, ImportOptions& options) {
    ImportRequest& request = options.request;
    verb.add_option("--id", request.id, "Short name: lower-case letters, digits, dashes (the folder's)");
    verb.add_option("--name", request.name, "Name for people");
    verb.add_option("--classes", request.classes, "What the outputs mean, in their order: A,B,... (the source's)")->delimiter(',');
    verb.add_option("--organs", request.organs, "A network that outlines: heart, left_lung and right_lung (the patient's) in the order of "
                                                "its planes")->delimiter(',');
    verb.add_option("--size", options.size, "Side of the network's picture in pixels (the source's)")->check(CLI::Range(32, 2048));
    verb.add_option("--framing", request.framing, "letterbox, centre-crop or thorax (the source's)");
    verb.add_option("--normalisation", request.normalisation, "film-z-score, unit, imagenet or xrv (the source's)");
    verb.add_flag("--half", request.asHalf, "Weights in half precision: half the size");
    verb.add_option("--licence", request.licence, "Of the weights, for the card (not stated)");
    verb.add_option("--training-data", request.trainingData, "One sentence for the card: sources and terms (not stated)");
}

}  // namespace

void addModelsImport(CLI::App& models, CommandRun& chosen) {
    auto options = std::make_shared<ImportOptions>();
    CLI::App* verb = models.add_subcommand("import", "Makes a pack of somebody's weights, without running any code in them");
    addSourceOptions(*verb, *options);
    addPackOptions(*verb, *options);
    verb->footer(examples({"precordia-cli models import chexnet.pth.tar --map chexnet --out ~/.local/share/precordia/models/chexnet --half",
                           "precordia-cli models import xrv-state-dict.pt --map torchxrayvision --out packs/xrv --licence Apache-2.0",
                           "precordia-cli models import mine.pt --map torchvision --arch resnet18 --classes Cardiomegaly --out packs/mine",
                           "precordia-cli models import mine.safetensors --arch densenet121 --arch-json '{\"in_channels\": 1}' "
                           "--classes Edema,Effusion --size 320 --framing thorax --normalisation unit --out packs/mine",
                           "precordia-cli models import outlines.pt --arch unet --arch-json '{\"channels\": [16, 32, 64]}' "
                           "--organs right_lung,left_lung,heart --size 256 --out packs/outlines"}));
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runImport(*options, c); }; });
}

}  // namespace cxr::cli
