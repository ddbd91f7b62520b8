#include "core/pipeline/import_presets.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "core/model/key_maps.h"
#include "core/model/shown_name.h"

namespace cxr {
namespace {

std::vector<std::string> outputsOf(const std::string& source) {
    const auto map = findKeyMap(source);
    std::vector<std::string> names;
    if (!map.isOk()) return names;
    for (const std::string& name : map.value().outputs) names.push_back(outputNameOf(name));
    return names;
}

ImportPreset cheXNet() {
    return {"chexnet", "densenet121", 3, 224, "centre-crop", "imagenet", outputsOf("chexnet"), "CheXNet (imported)",
            "NIH ChestX-ray14, as the checkpoint's authors say; not checked here",
            "The public CheXNet averages ten crops of 224 px (and their mirror images) out of a film of 256 px; Precordia "
            "reads the whole largest centred square once, at the pack's size."};
}

ImportPreset torchXRayVision() {
    return {"torchxrayvision", "densenet121", 1, 224, "centre-crop", "xrv", outputsOf("torchxrayvision"),
            "torchxrayvision DenseNet (imported)", {},
            "torchxrayvision scales the stored values of a film to -1024..1024; Precordia scales the displayed gray (after "
            "the film's own window), cropped to the largest centred square as its authors do."};
}

ImportPreset torchvision(const std::string& architecture) {
    const int size = architecture == "efficientnet_b4" ? 380 : 224;
    return {"torchvision", architecture, 3, size, "centre-crop", "imagenet", {}, architecture + " (imported)", {},
            "torchvision's recipes shrink a picture a little above the network's size and cut out its centre; Precordia "
            "reads the whole largest centred square."};
}

const std::map<std::string, std::string>& synonyms() {
    static const std::map<std::string, std::string> table{{"Pleural_Effusion", "Effusion"},
                                                          {"Pleural_thickening", "Pleural_Thickening"},
                                                          {"Pulmonary_Edema", "Edema"},
                                                          {"Enlarged_Cardiac_Silhouette", "Cardiomegaly"},
                                                          {"Infiltrate", "Infiltration"}};
    return table;
}

}  // namespace

std::vector<std::string> importSources() {
    std::vector<std::string> names;
    for (const KeyMap& map : keyMaps()) names.push_back(map.name);
    names.emplace_back("none");
    return names;
}

Result<ImportPreset> importPreset(const std::string& source, const std::string& architecture) {
    ImportPreset preset;
    if (source == "chexnet") preset = cheXNet();
    else if (source == "torchxrayvision") preset = torchXRayVision();
    else if (source == "torchvision") preset = torchvision(architecture);
    else if (source == "none") preset.source = source;
    else {
        std::string known;
        for (const std::string& name : importSources()) known += (known.empty() ? "" : ", ") + name;
        return Error{ErrorCode::InvalidArgument, "there is no source " + shownName(source) + "; choose one of " + known};
    }
    if (!architecture.empty()) preset.architecture = architecture;
    return preset;
}

std::string outputNameOf(const std::string& foreignName) {
    std::string name = foreignName;
    std::replace(name.begin(), name.end(), ' ', '_');
    const auto same = synonyms().find(name);
    return same == synonyms().end() ? name : same->second;
}

std::string outputMeaning(const std::string& name) {
    std::string meaning = name;
    for (std::size_t i = 0; i < meaning.size(); ++i) {
        if (meaning[i] != '_') continue;
        meaning[i] = ' ';
        const bool isAcronym = i + 2 < meaning.size() && std::isupper(static_cast<unsigned char>(meaning[i + 2])) != 0;
        if (i + 1 < meaning.size() && !isAcronym) {
            meaning[i + 1] = static_cast<char>(std::tolower(static_cast<unsigned char>(meaning[i + 1])));
        }
    }
    return meaning;
}

}  // namespace cxr
