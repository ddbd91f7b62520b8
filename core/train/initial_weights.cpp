// Arrays of a pack that fit a network.
#include "core/train/initial_weights.h"

#include "core/model/pack.h"
#include "core/nn/state_dict.h"

namespace cxr::train {

Result<TakenOver> takeOverWeights(const std::filesystem::path& packFolder, nn::Network& network) {
    const torch::NoGradGuard noGrad;
    const auto pack = verifyPack(packFolder);
    if (!pack.isOk()) return Error(pack.error());
    const auto file = SafetensorsFile::open(pack.value().weights());
    if (!file.isOk()) return Error(file.error());
    TakenOver result;
    for (auto& [name, tensor] : nn::stateOf(network)) {
        ++result.all;
        const auto found = file.value().tensors().find(name);
        if (found == file.value().tensors().end() || found->second.shape != tensor.sizes().vec()) continue;
        const std::vector<float> values = toFloats(found->second);
        torch::Tensor target = tensor;
        target.copy_(torch::from_blob(const_cast<float*>(values.data()), tensor.sizes(), torch::kFloat));
        ++result.taken;
    }
    if (result.taken > 0) return result;
    return Error{ErrorCode::InvalidArgument, "no array of the initial pack fits the recipe's architecture"};
}

}  // namespace cxr::train
