#include "core/explain/network_traits.h"

#include "core/nn/densenet.h"
#include "core/nn/efficientnet.h"
#include "core/nn/ensemble.h"
#include "core/nn/glimpse.h"
#include "core/nn/mask_attended.h"
#include "core/nn/mlp.h"
#include "core/nn/multires.h"
#include "core/nn/resnet.h"
#include "core/nn/spf.h"
#include "core/nn/vgg.h"

namespace cxr::explain {
namespace {

template <typename T>
const T* as(const torch::nn::Module& module) {
    return dynamic_cast<const T*>(&module);
}

NetworkTraits traitsOfModule(const torch::nn::Module& module);

NetworkTraits ofAll(const torch::nn::Module& list) {
    NetworkTraits all{true, true, true, true, true, true, true};
    for (const auto& member : list.children()) {
        const NetworkTraits one = traitsOfModule(*member);
        all.hasClassMaps &= one.hasClassMaps;
        all.hasRefinedMaps &= one.hasRefinedMaps;
        all.hasFeatureMaps &= one.hasFeatureMaps;
        all.hasGradients &= one.hasGradients;
        all.passesRules &= one.passesRules;
        all.isRectified &= one.isRectified;
    }
    return all;
}

NetworkTraits traitsOfModule(const torch::nn::Module& module) {
    NetworkTraits found;
    found.isClassifier = found.hasGradients = true;
    if (as<nn::Ensemble>(module)) return ofAll(*module.named_children()["members"]);
    if (as<nn::MaskAttended>(module)) return traitsOfModule(*module.named_children()["backbone"]);
    if (as<nn::MultiRes>(module)) {
        found = traitsOfModule(*module.named_children()["backbone"]);
        found.hasClassMaps = true;
        found.hasRefinedMaps = module.named_children().contains("pcm");
        return found;
    }
    const bool isVgg = as<nn::Vgg>(module) != nullptr, isEfficient = as<nn::EfficientNet>(module) != nullptr;
    if (isVgg || isEfficient || as<nn::ResNet>(module) || as<nn::DenseNet>(module)) {
        found.hasClassMaps = !isVgg;
        found.hasFeatureMaps = found.passesRules = true;
        found.isRectified = !isEfficient;
    } else if (as<nn::Mlp>(module)) {
        found.passesRules = true;
    } else if (as<nn::Spf>(module)) {
        found.hasFeatureMaps = true;
    }
    return found;  // Glimpse, TorchScript: gradients and occlusion alone
}

}  // namespace

NetworkTraits traitsOf(const nn::Network& network) { return traitsOfModule(network); }

}  // namespace cxr::explain
