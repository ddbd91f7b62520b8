#include "core/pipeline/import_plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/model/pack.h"
#include "core/model/shown_name.h"

namespace cxr {
namespace {

using Json = nlohmann::json;

constexpr int kSmallest = 32, kLargest = 2048;
constexpr const char* kNotStated = "not stated";

Error invalid(const std::string& what) { return {ErrorCode::InvalidArgument, what}; }

// Lower-case letters, digits and dashes out of a folder's name; empty if nothing is left.
std::string idFrom(const std::filesystem::path& folder) {
    const auto last = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
    std::string id;
    for (const char c : last.string()) {
        const auto letter = static_cast<unsigned char>(c);
        const bool isPlain = letter < 128 && std::isalnum(letter) != 0;
        if (isPlain) id += static_cast<char>(std::tolower(letter));
        else if (!id.empty() && id.back() != '-') id += '-';
    }
    while (!id.empty() && id.back() == '-') id.pop_back();
    return id.substr(0, 64);
}

bool isId(const std::string& id) {
    return !id.empty() && id.size() <= 64 &&
           id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

Result<Done> checkInput(const ModelInput& input) {
    const auto isOneOf = [](const std::string& word, std::initializer_list<const char*> words) {
        return std::any_of(words.begin(), words.end(), [&](const char* one) { return word == one; });
    };
    if (input.size == 0 || input.framing.empty() || input.normalisation.empty()) {
        return invalid("nothing is known about how films were prepared for these weights: give size, framing and normalisation");
    }
    if (input.size < kSmallest || input.size > kLargest) {
        return invalid("the size must be " + std::to_string(kSmallest) + " to " + std::to_string(kLargest) + " pixels");
    }
    if (!isOneOf(input.framing, {"letterbox", "centre-crop", "thorax"})) {
        return invalid("weights can be imported with the framings letterbox, centre-crop and thorax, not " + shownName(input.framing));
    }
    if (!isOneOf(input.normalisation, {"film-z-score", "unit", "imagenet", "xrv"})) {
        return invalid("there is no normalisation " + shownName(input.normalisation) +
                       "; choose one of film-z-score, unit, imagenet, xrv");
    }
    if (input.normalisation == "imagenet" && input.channels != 3) {
        return invalid("the normalisation imagenet is that of networks with three channels: choose another, or in_channels 3");
    }
    return Done{};
}

Result<Json> hyperParameters(const ImportRequest& request) {
    if (request.architectureJson.empty()) return Json::object();
    Json json = Json::parse(request.architectureJson, nullptr, false);
    if (!json.is_object()) return invalid("the architecture's hyper-parameters are not a JSON object such as {\"width\": 0.5}");
    if (json.contains("in_channels") && !json["in_channels"].is_number_integer()) {
        return invalid("the architecture's in_channels is not a whole number");
    }
    return json;
}

// What finds heart and lungs in this program (core/nn/segmenter.h).
constexpr const char* kSegmentationNetworks[] = {"unet",      "monai_unet",    "vgg16_unet", "aspp", "segresnet",
                                                 "segresnet_vae", "dynunet", "vnet", "regunet"};

Result<Done> checkSegmentation(const ImportRequest& request, const ImportPlan& plan) {
    const ModelInput& input = plan.manifest.input;
    const std::string& name = plan.preset.architecture;
    const bool isKnown = std::any_of(std::begin(kSegmentationNetworks), std::end(kSegmentationNetworks), [&](const char* one) { return name == one; });
    if (!request.classes.empty()) return invalid("name organs or classes, not both: a network of ours either outlines or judges");
    if (!isKnown) {
        std::string known;
        for (const char* one : kSegmentationNetworks) known += (known.empty() ? "" : ", ") + std::string(one);
        return invalid("no network " + shownName(name) + " outlines heart and lungs; choose one of " + known);
    }
    if (input.channels != 1 || input.framing != "letterbox" || input.normalisation != "film-z-score" || input.size % 16 != 0) {
        return invalid("networks that outline read one channel, the framing letterbox, the normalisation film-z-score, and a size "
                       "that is a multiple of 16");
    }
    auto planes = organPlanes(request.organs);
    if (!planes.isOk()) return std::move(planes).error();
    const bool isInOrder = std::is_sorted(planes.value().begin(), planes.value().end());
    if (isInOrder || name == "unet") return Done{};
    return invalid("planes can be reordered for the network unet only: this one must give heart, left_lung, right_lung in this order");
}

void fillWords(Manifest& manifest, const ImportRequest& request, const ImportPreset& preset) {
    manifest.id = request.id.empty() ? idFrom(request.outFolder) : request.id;
    manifest.name = !request.name.empty() ? request.name : preset.name.empty() ? manifest.id : preset.name;
    manifest.version = request.version;
    manifest.task = request.organs.empty() ? "classification" : "segmentation";
    manifest.licence = request.licence.empty() ? kNotStated : request.licence;
    manifest.trainingData = !request.trainingData.empty() ? request.trainingData
                            : preset.trainingData.empty() ? kNotStated
                                                          : preset.trainingData;
    manifest.metricsJson = "{}";
}

}  // namespace

Result<ImportPlan> planImport(const ImportRequest& request) {
    auto preset = importPreset(request.source, request.architecture);
    if (!preset.isOk()) return std::move(preset).error();
    ImportPlan plan{std::move(preset).value(), {}, {}};
    auto json = hyperParameters(request);
    if (!json.isOk()) return std::move(json).error();
    Json architecture = std::move(json).value();
    if (!architecture.contains("in_channels")) architecture["in_channels"] = plan.preset.channels;
    architecture["name"] = plan.preset.architecture;

    Manifest& manifest = plan.manifest;
    fillWords(manifest, request, plan.preset);
    if (!isId(manifest.id)) return invalid("the pack needs a short name of lower-case letters, digits and dashes (id)");
    if (manifest.version.empty()) return invalid("the pack needs a version such as 1.0.0");
    manifest.architectureName = plan.preset.architecture;
    manifest.architectureJson = architecture.dump();
    const std::int64_t channels = architecture["in_channels"].get<std::int64_t>();
    if (channels < 1 || channels > 16) return invalid("the architecture's in_channels must be 1 to 16");
    manifest.input.size = request.size.value_or(plan.preset.size);
    manifest.input.channels = static_cast<int>(channels);
    manifest.input.framing = request.framing.empty() ? plan.preset.framing : request.framing;
    manifest.input.normalisation = request.normalisation.empty() ? plan.preset.normalisation : request.normalisation;
    plan.isSegmentation = !request.organs.empty();
    if (plan.isSegmentation && manifest.input.framing.empty()) manifest.input.framing = "letterbox";
    if (plan.isSegmentation && manifest.input.normalisation.empty()) manifest.input.normalisation = "film-z-score";
    if (auto input = checkInput(manifest.input); !input.isOk()) return std::move(input).error();
    if (plan.isSegmentation) {
        if (auto checked = checkSegmentation(request, plan); !checked.isOk()) return std::move(checked).error();
    }
    plan.classes = request.classes.empty() ? plan.preset.classes : request.classes;
    return plan;
}

Result<std::string> architectureFor(const ImportPlan& plan, std::size_t outputs) {
    Json architecture = Json::parse(plan.manifest.architectureJson);
    const std::string key = plan.isSegmentation ? "out_channels" : "classes";
    if (architecture.contains(key) && architecture[key] != outputs) {
        return invalid("the architecture's hyper-parameters name another number of " + std::string(plan.isSegmentation ? "planes" : "classes") +
                       " than the " + std::to_string(outputs) + " that are named");
    }
    architecture[key] = outputs;
    return architecture.dump();
}

const std::vector<ModelOutput>& organOutputs() {
    static const std::vector<ModelOutput> organs{{"heart", "Heart", "SCT", "80891009"},
                                                 {"left_lung", "Left lung", "SCT", "44029006"},
                                                 {"right_lung", "Right lung", "SCT", "3341006"}};
    return organs;
}

Result<std::vector<std::size_t>> organPlanes(const std::vector<std::string>& organs) {
    std::vector<std::size_t> planes;
    for (const ModelOutput& organ : organOutputs()) {
        const auto found = std::find(organs.begin(), organs.end(), organ.name);
        if (found != organs.end()) planes.push_back(static_cast<std::size_t>(found - organs.begin()));
    }
    if (planes.size() == organOutputs().size() && organs.size() == planes.size()) return planes;
    return invalid("the organs are heart, left_lung and right_lung (the patient's left and right), each once, in the order of the network's planes");
}

Result<std::vector<ModelOutput>> namedOutputs(const std::vector<std::string>& classes) {
    std::vector<ModelOutput> outputs;
    std::set<std::string> seen;
    for (const std::string& foreign : classes) {
        const std::string name = outputNameOf(foreign);
        if (name.empty() || name.size() > 64 || shownName(name) != name) {
            return invalid("a class has no usable name: " + shownName(name));
        }
        if (!seen.insert(name).second) return invalid("two classes have the name " + name);
        ModelOutput output;
        output.name = name;
        output.meaning = outputMeaning(name);
        outputs.push_back(std::move(output));
    }
    return outputs;
}

}  // namespace cxr
