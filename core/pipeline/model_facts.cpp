#include "core/pipeline/model_facts.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/pipeline/output_traits.h"

namespace cxr {
namespace {

using Json = nlohmann::json;

NetworkTraits traitsOfMembers(const Json& members);

std::string decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string withRange(double value, double low, double high) {
    return decimals(value) + " (" + decimals(low) + " to " + decimals(high) + ")";
}

// A view pack.
bool hasOnlyTraits(const Manifest& manifest) {
    return std::all_of(manifest.outputs.begin(), manifest.outputs.end(), [](const ModelOutput& o) { return isTrait(o.name); });
}

std::string aucLine(const Manifest& manifest) {
    const bool isViewPack = hasOnlyTraits(manifest);
    std::vector<std::array<double, 3>> all;
    for (const ModelOutput& output : manifest.outputs) {
        if (output.auc && (isFinding(output) || isViewPack)) all.push_back(*output.auc);
    }
    if (all.empty()) return {};
    if (all.size() == 1) return "AUC " + withRange(all[0][0], all[0][1], all[0][2]);
    double sum = 0, least = 1, most = 0;
    for (const auto& auc : all) {
        sum += auc[0];
        least = std::min(least, auc[0]);
        most = std::max(most, auc[0]);
    }
    return "mean AUC " + decimals(sum / static_cast<double>(all.size())) + " of " + std::to_string(all.size()) + " outputs (" +
           decimals(least) + " to " + decimals(most) + ")";
}

// The heart's overlap as `evaluate heart` writes it: sites.all.heart.dice = [value, low, high].
std::string diceLine(const Manifest& manifest) {
    const Json metrics = Json::parse(manifest.metricsJson, nullptr, false);
    const Json::json_pointer place("/sites/all/heart/dice");
    if (!metrics.is_object() || !metrics.contains(place)) return {};
    const Json& dice = metrics[place];
    const bool isTriple = dice.is_array() && dice.size() == 3 && std::all_of(dice.begin(), dice.end(), [](const Json& v) { return v.is_number(); });
    return isTriple ? "heart Dice " + withRange(dice[0].get<double>(), dice[1].get<double>(), dice[2].get<double>()) : std::string();
}

// As core/explain/network_traits.cpp tells it from the network itself.
NetworkTraits traitsOfNetwork(const Json& network) {
    NetworkTraits found;
    found.isClassifier = found.hasGradients = true;
    if (!network.is_object()) return found;
    const auto inner = [&](const char* usual) {  // a backbone is a name or an object
        const Json backbone = network.value("backbone", Json(usual));
        return traitsOfNetwork(backbone.is_string() ? Json{{"name", backbone}} : backbone);
    };
    const std::string name = network.value("name", "");
    if (name == "ensemble") return traitsOfMembers(network.value("members", Json::array()));
    if (name == "mask_attended") return inner("vgg16");
    if (name == "multires") {
        found = inner("resnet50");
        found.hasClassMaps = true;
        found.hasRefinedMaps = network.value("pcm", false);
        return found;
    }
    const bool isVgg = name.starts_with("vgg16"), isEfficient = name == "efficientnet_b4";
    if (isVgg || isEfficient || name.starts_with("resnet") || name == "densenet121") {
        found.hasClassMaps = !isVgg;
        found.hasFeatureMaps = found.passesRules = true;
        found.isRectified = !isEfficient;
    }
    if (name == "mlp") found.passesRules = true;
    if (name == "spf") found.hasFeatureMaps = true;
    return found;
}

NetworkTraits traitsOfMembers(const Json& members) {
    NetworkTraits all{true, true, true, true, true, true, true};
    for (const Json& member : members) {
        const NetworkTraits one = traitsOfNetwork(member);
        all.hasClassMaps &= one.hasClassMaps;
        all.hasRefinedMaps &= one.hasRefinedMaps;
        all.hasFeatureMaps &= one.hasFeatureMaps;
        all.hasGradients &= one.hasGradients;
        all.passesRules &= one.passesRules;
        all.isRectified &= one.isRectified;
    }
    return all;
}

}  // namespace

std::string taskLine(const Manifest& manifest) {
    const bool isViewPack = hasOnlyTraits(manifest);
    const auto count = std::count_if(manifest.outputs.begin(), manifest.outputs.end(), [&](const ModelOutput& output) {
        return isFinding(output) || isViewPack;
    });
    return manifest.task + ", " + std::to_string(count) + (count == 1 ? " output" : " outputs");
}

std::string metricsLine(const Manifest& manifest) {
    const std::string line = manifest.task == "segmentation" ? diceLine(manifest) : aucLine(manifest);
    return line.empty() ? "not evaluated" : line;
}

NetworkTraits networkTraits(const Manifest& manifest) {
    if (manifest.task != "classification") return {};
    return traitsOfNetwork(Json::parse(manifest.architectureJson, nullptr, false));
}

std::string explainsLine(const Manifest& manifest) {
    if (manifest.task == "segmentation") return "outlines";
    const NetworkTraits network = networkTraits(manifest);
    std::string line = manifest.architectureName == "glimpse" ? "the regions it looked at" : "";
    const auto add = [&](ExplainMethod method, const char* words) {
        if (allows(network, method)) line += (line.empty() ? "" : ", ") + std::string(words);
    };
    add(ExplainMethod::Cam, "class activation maps");
    add(ExplainMethod::RefinedCam, "refined maps");
    add(ExplainMethod::GradCam, "Grad-CAM");
    add(ExplainMethod::IntegratedGradients, "gradients");
    add(ExplainMethod::DeepLift, "DeepLift");
    add(ExplainMethod::LrpEpsilon, "relevance (LRP)");
    add(ExplainMethod::GuidedBackpropagation, "guided backpropagation");
    add(ExplainMethod::Occlusion, "occlusion");
    return line;
}

}  // namespace cxr
