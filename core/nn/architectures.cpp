// The registry of architectures.
#include "core/nn/architectures.h"

#include <map>

#include "core/nn/densenet.h"
#include "core/nn/efficientnet.h"
#include "core/nn/resnet.h"
#include "core/nn/segmentation_architectures.h"
#include "core/nn/unet.h"
#include "core/nn/vgg.h"

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

template <std::shared_ptr<Classifier> (*make)(const ClassifierOptions&)>
Result<std::shared_ptr<Network>> makeClassifier(const json& j) {
    auto options = readClassifierOptions(j);
    if (!options.isOk()) return std::move(options).error();
    return std::shared_ptr<Network>(make(options.value()));
}

const std::map<std::string, Maker>& makers() {
    static const std::map<std::string, Maker> table{
        {"aspp", &makeAspp},
        {"densenet121", &makeClassifier<&makeDenseNet121>},
        {"dynunet", &makeDynUNet},
        {"efficientnet_b4", &makeClassifier<&makeEfficientNetB4>},
        {"regunet", &makeRegUNet},
        {"resnet18", &makeClassifier<&makeResNet18>},
        {"resnet50", &makeClassifier<&makeResNet50>},
        {"segresnet", &makeSegResNet},
        {"segresnet_vae", &makeSegResNetVae},
        {"unet", &makeUNet},
        {"vgg16", &makeClassifier<&makeVgg16>},
        {"vgg16_bn", &makeClassifier<&makeVgg16Bn>},
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
