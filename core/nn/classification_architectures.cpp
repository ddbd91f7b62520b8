// Hyper-parameters of the classification networks, read and checked.
#include "core/nn/classification_architectures.h"

#include <map>

#include "core/nn/architecture_reader.h"
#include "core/nn/densenet.h"
#include "core/nn/efficientnet.h"
#include "core/nn/mlp.h"
#include "core/nn/multires.h"
#include "core/nn/resnet.h"
#include "core/nn/vgg.h"

namespace cxr::nn {
namespace {

using nlohmann::json;
using BackboneMaker = std::shared_ptr<Classifier> (*)(const ClassifierOptions&);

constexpr std::int64_t kMostClasses = 4096;

const std::map<std::string, BackboneMaker>& backbones() {
    static const std::map<std::string, BackboneMaker> table{
        {"densenet121", &makeDenseNet121},
        {"efficientnet_b4", &makeEfficientNetB4},
        {"resnet18", &makeResNet18},
        {"resnet50", &makeResNet50},
        {"vgg16", &makeVgg16},
        {"vgg16_bn", &makeVgg16Bn},
    };
    return table;
}

Result<std::shared_ptr<Classifier>> makeBackbone(const std::string& name, const ClassifierOptions& options) {
    const auto found = backbones().find(name);
    if (found != backbones().end()) return found->second(options);
    return Error{ErrorCode::Unsupported, "this version does not know the backbone \"" + name + "\""};
}

// The same backbone without its head.
ClassifierOptions headless(ClassifierOptions options) {
    options.classes = 0;
    options.dropout.reset();
    return options;
}

Result<std::shared_ptr<Classifier>> makeMultiRes(const json& j, const ClassifierOptions& options) {
    ArchitectureReader reader(j);
    MultiResOptions multiRes;
    reader.number<std::int64_t>("levels", multiRes.levels, 2, 5);
    reader.choice("pooling", multiRes.pooling, {"lse", "mean", "max"});
    reader.number("gamma", multiRes.gamma, 0.1, 100.0);
    reader.flag("pool_class_maps", multiRes.poolClassMaps);
    reader.flag("merge_norm", multiRes.mergeNorm);
    reader.flag("pcm", multiRes.pcm);
    reader.number<std::int64_t>("pcm_channels", multiRes.pcmChannels, 1, 512);
    if (!reader.isFine()) return reader.error();
    auto backbone = makeBackbone(j.value("backbone", std::string("resnet50")), headless(options));
    if (!backbone.isOk()) return backbone;
    return std::shared_ptr<Classifier>(std::make_shared<MultiRes>(backbone.value(), multiRes, options));
}

}  // namespace

Result<std::shared_ptr<Classifier>> makeClassifier(const json& j) {
    auto options = readClassifierOptions(j);
    if (!options.isOk()) return std::move(options).error();
    const std::string name = j.at("name").get<std::string>();
    return name == "multires" ? makeMultiRes(j, options.value()) : makeBackbone(name, options.value());
}

Result<std::shared_ptr<Network>> makeMlp(const json& j) {
    ArchitectureReader reader(j);
    MlpOptions options;
    reader.number<std::int64_t>("in_features", options.inFeatures, 1, 1 << 20);
    reader.number<std::int64_t>("classes", options.classes, 1, kMostClasses);
    reader.list("hidden", options.hidden, 1, 8, 1, 16384);
    reader.fraction("dropout", options.dropout);
    return reader.made<Mlp>(options);
}

}  // namespace cxr::nn
