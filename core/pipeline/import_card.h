// The model card of an imported pack: what is known, and in plain words what is not.
//   thread rule  pure; any thread
#pragma once

#include <string>
#include <vector>

#include "core/model/manifest.h"
#include "core/pipeline/import_presets.h"

namespace cxr {

struct ImportedCard {
    Manifest manifest;
    ImportPreset preset;
    std::string fileName;    // of the weights, without folders
    std::string fileSha256;
    std::string fileKind;    // "PyTorch checkpoint"
    bool asHalf = false;
    std::vector<std::string> notes;
};

// Markdown.
std::string cardText(const ImportedCard& card);

}  // namespace cxr
