// The registry of architectures.
#include "core/nn/architectures.h"

#include <map>

#include "core/nn/classification_architectures.h"
#include "core/nn/ensemble.h"
#include "core/nn/segmentation_architectures.h"
#include "core/nn/unet.h"

namespace cxr::nn {
namespace {

using nlohmann::json;
using Maker = Result<std::shared_ptr<Network>> (*)(const json&);

bool isInRange(std::int64_t value, std::int64_t low, std::int64_t high) { return value >= low && value <= high; }

Error badParameter(const std::string& name) {
    return {ErrorCode::InvalidArgument, "the network's \"" + name + "\" is outside its range"};
}

Result<std::shared_ptr<Network>> makeUNet(const json& j) {
    UNetOptions options;
    options.inChannels = j.value("in_channels", options.inChannels);
    options.outChannels = j.value("out_channels", options.outChannels);
    options.channels = j.value("channels", options.channels);
    options.residualUnits = j.value("residual_units", options.residualUnits);
    const std::string upsampling = j.value("upsampling", std::string("bilinear"));
    if (!isInRange(options.inChannels, 1, 16)) return badParameter("in_channels");
    if (!isInRange(options.outChannels, 1, 256)) return badParameter("out_channels");
    if (!isInRange(static_cast<std::int64_t>(options.channels.size()), 2, 8)) return badParameter("channels");
    for (const std::int64_t width : options.channels) {
        if (!isInRange(width, 1, 2048)) return badParameter("channels");
    }
    if (!isInRange(options.residualUnits, 0, 8)) return badParameter("residual_units");
    if (upsampling != "bilinear" && upsampling != "transposed") return badParameter("upsampling");
    options.upsampling = upsampling == "bilinear" ? Upsampling::Bilinear : Upsampling::Transposed;
    return std::shared_ptr<Network>(std::make_shared<UNet>(options));
}

Result<std::shared_ptr<Network>> makeClassifierNetwork(const json& j) {
    auto network = makeClassifier(j);
    if (!network.isOk()) return std::move(network).error();
    return std::shared_ptr<Network>(network.value());
}

Result<std::shared_ptr<Network>> makeEnsemble(const json& j) {
    const json& list = j.at("members");
    if (!list.is_array() || !isInRange(static_cast<std::int64_t>(list.size()), 2, 32)) return badParameter("members");
    std::vector<std::shared_ptr<Network>> members;
    for (const json& member : list) {
        if (member.value("name", "") == "ensemble") return badParameter("members");
        auto network = makeNetwork(member);
        if (!network.isOk()) return network;
        members.push_back(std::move(network).value());
    }
    return std::shared_ptr<Network>(std::make_shared<Ensemble>(std::move(members)));
}

const std::map<std::string, Maker>& makers() {
    static const std::map<std::string, Maker> table{
        {"aspp", &makeAspp},
        {"densenet121", &makeClassifierNetwork},
        {"dynunet", &makeDynUNet},
        {"efficientnet_b4", &makeClassifierNetwork},
        {"ensemble", &makeEnsemble},
        {"glimpse", &makeGlimpse},
        {"mask_attended", &makeMaskAttended},
        {"mlp", &makeMlp},
        {"monai_unet", &makeMonaiUNet},
        {"multires", &makeClassifierNetwork},
        {"regunet", &makeRegUNet},
        {"resnet18", &makeClassifierNetwork},
        {"resnet50", &makeClassifierNetwork},
        {"segresnet", &makeSegResNet},
        {"segresnet_vae", &makeSegResNetVae},
        {"spf", &makeSpf},
        {"unet", &makeUNet},
        {"vgg16", &makeClassifierNetwork},
        {"vgg16_bn", &makeClassifierNetwork},
        {"vgg16_unet", &makeVgg16UNet},
        {"vnet", &makeVNet},
    };
    return table;
}

}  // namespace

Result<std::shared_ptr<Network>> makeNetwork(const json& architecture) {
    try {
        const std::string name = architecture.at("name").get<std::string>();
        const auto found = makers().find(name);
        if (found != makers().end()) return found->second(architecture);
        return Error{ErrorCode::Unsupported, "this version does not know the architecture \"" + name + "\""};
    } catch (const json::exception& wrong) {
        return Error{ErrorCode::Corrupt, std::string("the architecture cannot be read: ") + wrong.what()};
    }
}

std::vector<std::string> architectureNames() {
    std::vector<std::string> names;
    for (const auto& [name, maker] : makers()) names.push_back(name);
    return names;
}

}  // namespace cxr::nn
