// Means over members.
#include "core/nn/ensemble.h"

#include <string>

#include "core/nn/layers.h"

namespace cxr::nn {
namespace {

using Tensors = std::vector<torch::Tensor>;

bool areAllDefined(const Tensors& tensors) {
    for (const auto& tensor : tensors) {
        if (!tensor.defined()) return false;
    }
    return true;
}

torch::Tensor mean(const Tensors& tensors) {
    return areAllDefined(tensors) ? torch::stack(tensors).mean(0) : torch::Tensor();
}

}  // namespace

Ensemble::Ensemble(std::vector<std::shared_ptr<Network>> members) : m_members(std::move(members)) {
    torch::nn::ModuleList list;
    for (const auto& member : m_members) list->push_back(std::static_pointer_cast<torch::nn::Module>(member));
    register_module("members", list);
}

NetworkOutput Ensemble::forward(const torch::Tensor& input, const StopCheck& stop) {
    Tensors logits, features, cams, refined, losses;
    for (const auto& member : m_members) {
        throwIfStopped(stop);
        const auto output = member->forward(input, stop);
        logits.push_back(output.logits);
        features.push_back(output.features);
        cams.push_back(output.cams);
        refined.push_back(output.refinedCams);
        losses.push_back(output.auxiliaryLoss);
    }
    NetworkOutput output{averaged(logits), areAllDefined(features) ? torch::cat(features, 1) : torch::Tensor(), mean(cams)};
    output.refinedCams = mean(refined);
    output.auxiliaryLoss = mean(losses);
    return output;
}

void Ensemble::foldBatchNorm() {
    for (const auto& member : m_members) member->foldBatchNorm();
}

}  // namespace cxr::nn
