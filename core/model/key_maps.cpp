#include "core/model/key_maps.h"

#include <algorithm>
#include <cmath>

#include "core/model/shown_name.h"

namespace cxr {
namespace {

constexpr const char* kThresholds = "op_threshs";

const std::vector<std::string> kCheXNetOutputs{
    "Atelectasis", "Cardiomegaly", "Effusion",           "Infiltration",  "Mass",
    "Nodule",      "Pneumonia",    "Pneumothorax",       "Consolidation", "Edema",
    "Emphysema",   "Fibrosis",     "Pleural_Thickening", "Hernia"};
const std::vector<std::string> kTorchXRayVisionOutputs{
    "Atelectasis", "Consolidation", "Infiltration", "Pneumothorax",       "Edema",        "Emphysema",
    "Fibrosis",    "Effusion",      "Pneumonia",    "Pleural_Thickening", "Cardiomegaly", "Nodule",
    "Mass",        "Hernia",        "Lung Lesion",  "Fracture",           "Lung Opacity", "Enlarged Cardiomediastinum"};

bool isDigit(char letter) { return letter >= '0' && letter <= '9'; }

// ".denselayer12.norm.1." -> ".denselayer12.norm1."; names without such a layer stay as they are.
std::string withoutInnerDot(const std::string& key) {
    constexpr std::string_view kLayer = "denselayer";
    const std::size_t layer = key.find(kLayer);
    if (layer == std::string::npos) return key;
    std::size_t at = layer + kLayer.size();
    while (at < key.size() && isDigit(key[at])) ++at;
    for (const std::string_view part : {".norm.", ".relu.", ".conv."}) {
        if (key.compare(at, part.size(), part) != 0) continue;
        const std::size_t digit = at + part.size();
        const bool isNumbered = digit + 1 < key.size() && isDigit(key[digit]) && key[digit + 1] == '.';
        if (isNumbered) return key.substr(0, digit - 1) + key.substr(digit);
    }
    return key;
}

Result<std::vector<float>> thresholdsOf(const KeyMap& map, const TensorView& view) {
    const std::vector<float> values = toFloats(view);
    const bool areProbabilities =
        std::all_of(values.begin(), values.end(), [](float t) { return std::isnan(t) || (t > 0 && t < 1); });
    if (values.size() != map.outputs.size() || !areProbabilities) {
        return Error{ErrorCode::Corrupt, "the checkpoint's op_threshs are not one probability for each of " +
                                             std::to_string(map.outputs.size()) + " outputs"};
    }
    return values;
}

}  // namespace

const std::vector<KeyMap>& keyMaps() {
    static const std::vector<KeyMap> maps{{"torchvision", {"module."}, {}, false, false},
                                          {"chexnet", {"module.", "densenet121."}, kCheXNetOutputs, false, true},
                                          {"torchxrayvision", {"module."}, kTorchXRayVisionOutputs, true, false}};
    return maps;
}

Result<KeyMap> findKeyMap(const std::string& name) {
    std::string names;
    for (const KeyMap& map : keyMaps()) {
        if (map.name == name) return map;
        names += (names.empty() ? "" : ", ") + map.name;
    }
    return Error{ErrorCode::InvalidArgument, "there is no key map " + shownName(name) + "; choose one of " + names};
}

std::string mappedKey(const KeyMap& map, const std::string& key) {
    std::string mapped = key;
    for (const std::string& prefix : map.prefixes) {
        if (mapped.starts_with(prefix)) mapped.erase(0, prefix.size());
    }
    const std::string_view numbered = "classifier.0.";
    if (map.hasNumberedClassifier && mapped.starts_with(numbered)) mapped.replace(0, numbered.size(), "classifier.");
    return withoutInnerDot(mapped);
}

Result<MappedWeights> mapKeys(const KeyMap& map, const std::map<std::string, TensorView>& tensors) {
    MappedWeights mapped;
    for (const auto& [key, view] : tensors) {
        std::string name = mappedKey(map, key);
        if (map.hasThresholds && name == kThresholds) {
            auto thresholds = thresholdsOf(map, view);
            if (!thresholds.isOk()) return thresholds.error();
            mapped.operatingThresholds = std::move(thresholds).value();
            continue;
        }
        const auto [place, isNew] = mapped.tensors.emplace(std::move(name), view);
        if (isNew) continue;
        return Error{ErrorCode::Corrupt,
                     "two arrays of the checkpoint become " + shownName(place->first) + ": choose another key map"};
    }
    return mapped;
}

}  // namespace cxr
