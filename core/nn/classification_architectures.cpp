// Hyper-parameters of the classification networks, read and checked.
#include "core/nn/classification_architectures.h"

#include <algorithm>
#include <map>

#include "core/nn/architecture_reader.h"
#include "core/nn/densenet.h"
#include "core/nn/efficientnet.h"
#include "core/nn/glimpse.h"
#include "core/nn/mask_attended.h"
#include "core/nn/mlp.h"
#include "core/nn/multires.h"
#include "core/nn/resnet.h"
#include "core/nn/spf.h"
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

// By its name; `options` are read already.
Result<std::shared_ptr<Classifier>> makeNamed(const json& j, const ClassifierOptions& options) {
    const std::string name = j.at("name").get<std::string>();
    return name == "multires" ? makeMultiRes(j, options) : makeBackbone(name, options);
}

// The backbone that `j` describes at `key`: a name, which takes the width and hidden of `j`, or an object.
Result<std::shared_ptr<Classifier>> makeInner(const json& j, const char* key, const char* usual,
                                              std::int64_t inChannels, std::int64_t classes) {
    json inner = j.value(key, json(usual));
    if (inner.is_string()) {
        inner = {{"name", inner}};
        for (const char* shared : {"width", "hidden"}) {
            if (j.contains(shared)) inner[shared] = j.at(shared);
        }
        if (classes > 0 && j.contains("dropout")) inner["dropout"] = j.at("dropout");
    }
    inner["in_channels"] = inChannels;
    inner["classes"] = std::max<std::int64_t>(1, classes);
    auto options = readClassifierOptions(inner);
    if (!options.isOk()) return std::move(options).error();
    return makeNamed(inner, classes > 0 ? options.value() : headless(options.value()));
}

}  // namespace

Result<std::shared_ptr<Classifier>> makeClassifier(const json& j) {
    auto options = readClassifierOptions(j);
    if (!options.isOk()) return std::move(options).error();
    return makeNamed(j, options.value());
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

Result<std::shared_ptr<Network>> makeMaskAttended(const json& j) {
    ArchitectureReader reader(j);
    MaskAttendedOptions options;
    std::int64_t classes = 14;
    reader.number<std::int64_t>("in_channels", options.inChannels, 2, 16);
    reader.number<std::int64_t>("mask_plane", options.maskPlane, 1, options.inChannels - 1);
    reader.number("outside", options.outside, 0.0, 1.0);
    reader.choice("black", options.black, {"zero", "film_minimum"});
    reader.flag("pass_all", options.passesAll);
    reader.number<std::int64_t>("classes", classes, 1, kMostClasses);
    if (!reader.isFine()) return reader.error();
    auto backbone = makeInner(j, "backbone", "vgg16", options.backboneChannels(), classes);
    if (!backbone.isOk()) return std::move(backbone).error();
    return reader.made<MaskAttended>(backbone.value(), options);
}

Result<std::shared_ptr<Network>> makeGlimpse(const json& j) {
    ArchitectureReader reader(j);
    GlimpseOptions options;
    reader.number<std::int64_t>("in_channels", options.inChannels, 1, 16);
    reader.number<std::int64_t>("classes", options.classes, 1, kMostClasses);
    reader.number<std::int64_t>("glimpses", options.glimpses, 2, 32);
    reader.number<std::int64_t>("glimpse_size", options.glimpseSize, 32, 512);
    reader.number<std::int64_t>("coarse_size", options.coarseSize, 32, 512);
    reader.number<std::int64_t>("state", options.state, 1, 2048);
    reader.number("smallest", options.smallest, 0.02, 1.0);
    reader.number("largest", options.largest, options.smallest, 1.0);
    reader.fraction("dropout", options.dropout);
    if (!reader.isFine()) return reader.error();
    auto context = makeInner(j, "context", "resnet18", options.inChannels, 0);
    if (!context.isOk()) return std::move(context).error();
    auto seeing = makeInner(j, "reader", "resnet18", options.inChannels, 0);
    if (!seeing.isOk()) return std::move(seeing).error();
    return reader.made<Glimpse>(context.value(), seeing.value(), options);
}

Result<std::shared_ptr<Network>> makeSpf(const json& j) {
    ArchitectureReader reader(j);
    SpfOptions options;
    std::int64_t inChannels = 1;
    reader.number<std::int64_t>("in_channels", inChannels, 1, 16);
    reader.number<std::int64_t>("classes", options.classes, 1, kMostClasses);
    reader.number<std::int64_t>("channels", options.channels, 1, 512);
    reader.number<std::int64_t>("maps", options.maps, 1, 512);
    reader.number<std::int64_t>("code", options.code, 1, 1024);
    reader.number<std::int64_t>("grid", options.grid, 8, 128);
    reader.require(options.grid % 4 == 0, "grid");
    reader.fraction("spatial_dropout", options.spatialDropout);
    reader.fraction("dropout", options.dropout);
    if (!reader.isFine()) return reader.error();
    auto backbone = makeInner(j, "backbone", "resnet50", inChannels, 0);
    if (!backbone.isOk()) return std::move(backbone).error();
    reader.require(backbone.value()->levelChannels().size() > 2, "backbone");  // "multires" has one level
    return reader.made<Spf>(backbone.value(), options);
}

}  // namespace cxr::nn
