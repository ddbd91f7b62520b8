#include "core/pipeline/import_card.h"

#include <cstdio>

#include "core/model/pack.h"
#include "core/model/shown_name.h"

namespace cxr {
namespace {

std::string organTable(const Manifest& manifest) {
    std::string text = "| plane | name in the program |\n|---|---|\n";
    for (const ModelOutput& output : manifest.outputs) text += "| " + output.meaning + " | " + output.name + " |\n";
    return text;
}

std::string outputTable(const Manifest& manifest) {
    if (manifest.task == "segmentation") return organTable(manifest);
    std::string text = "| output | name in the program | threshold of its authors |\n|---|---|---|\n";
    for (const ModelOutput& output : manifest.outputs) {
        std::string threshold = "none";
        if (!output.operatingPoints.empty()) {
            char number[32];
            std::snprintf(number, sizeof number, "%.4f", output.operatingPoints[0].threshold);
            threshold = number;
        }
        text += "| " + output.meaning + " | " + output.name + " | " + threshold + " |\n";
    }
    return text;
}

std::string whatItIs(const ImportedCard& card) {
    const Manifest& m = card.manifest;
    const bool isProgram = m.architectureName == kTorchScript;
    std::string text = "## What it is\nWeights of somebody else, imported from the " + card.fileKind + " `" +
                       shownName(card.fileName) + "` (SHA-256 `" + card.fileSha256 + "`)";
    if (card.preset.source != "none") text += " as one of the source `" + card.preset.source + "`";
    text += ". Task: " + m.task + "; version " + m.version + ".\n";
    if (isProgram) {
        text += "The pack holds a TorchScript program, which can do whatever this user can do; it was imported by naming its "
                "SHA-256, and it runs only where that hash is trusted. It makes no class activation maps.\n";
    } else {
        text += "Architecture: `" + m.architectureJson + "`, in Precordia's own code; weights in " +
                (card.asHalf ? "float16 (vectors float32)" : "float32") + ".\n";
    }
    return text + "Licence: " + m.licence + ".\n";
}

std::string howItReads(const ImportedCard& card) {
    const ModelInput& input = card.manifest.input;
    const std::string side = std::to_string(input.size);
    std::string text = "## How it reads a film\n" + side + " x " + side + ", " + std::to_string(input.channels) +
                       (input.channels == 1 ? " channel" : " channels") + ", framing `" + input.framing + "`, normalisation `" +
                       input.normalisation + "`.";
    if (!card.preset.preparation.empty()) text += " " + card.preset.preparation;
    return text + "\n";
}

}  // namespace

std::string cardText(const ImportedCard& card) {
    const Manifest& m = card.manifest;
    std::string text = "# Model card: " + m.id + "\n\n" + whatItIs(card) + "\n";
    text += "## Intended use\nResearch and teaching. **Not for diagnostic use.** Which films, ages and views the network was made "
            "for is not known to the program that imported it.\n\n";
    text += howItReads(card) + "\n";
    text += "## Outputs\nLogits; probability = sigmoid(logit), not calibrated on any film here.\n\n" + outputTable(m) + "\n";
    text += "## Data and terms\nTraining data: " + m.trainingData + ".\n\n";
    if (m.task == "segmentation") {
        text += "## Numbers\nNone: nothing was measured here. Overlap with outlines of readers and the error of the cardiothoracic ratio "
                "are unknown; measure them with `precordia-cli evaluate heart` on films that the network never saw.\n\n";
    } else text += "## Numbers\nNone: nothing was measured here. AUC, sensitivity, specificity, calibration and performance in subgroups "
            "are unknown; measure them with `precordia-cli evaluate classifier` on films that the network never saw.\n\n";
    text += "## Limits\n- Films prepared otherwise than its authors did can change its answers; that was not measured.\n"
            "- A network trained on one hospital's films often does worse on another's.\n";
    for (const std::string& note : card.notes) text += "- " + note + "\n";
    return text;
}

}  // namespace cxr
