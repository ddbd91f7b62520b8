// Tensors by name to bytes and back.
#include "core/nn/state_dict.h"

#include <cstring>

#include "core/model/weights_fit.h"

namespace cxr::nn {
namespace {

ArrayShapes shapesOf(const std::map<std::string, torch::Tensor>& tensors) {
    ArrayShapes shapes;
    for (const auto& [name, tensor] : tensors) shapes[name] = tensor.sizes().vec();
    return shapes;
}

}  // namespace

std::map<std::string, torch::Tensor> stateOf(const Network& network) {
    std::map<std::string, torch::Tensor> all;
    for (const auto& item : network.named_parameters()) all[item.key()] = item.value();
    for (const auto& item : network.named_buffers()) {
        if (!isBatchCounter(item.key())) all[item.key()] = item.value();
    }
    return all;
}

Result<Done> loadStateDict(Network& network, const std::map<std::string, TensorView>& weights) {
    const torch::NoGradGuard noGrad;
    auto wanted = stateOf(network);
    const auto misfits = weightsMisfits(shapesOf(wanted), weights);
    if (!misfits.empty()) {
        return Error{ErrorCode::Corrupt, "the weights do not fit the architecture: " + joinedMisfits(misfits)};
    }
    for (auto& [name, tensor] : wanted) {
        const std::vector<float> values = toFloats(weights.at(name));
        tensor.copy_(torch::from_blob(const_cast<float*>(values.data()), tensor.sizes(), torch::kFloat));
    }
    return Done{};
}

std::vector<TensorToWrite> stateDictOf(const Network& network, bool asHalf) {
    std::vector<TensorToWrite> list;
    for (const auto& [name, tensor] : stateOf(network)) {
        const bool isHalf = asHalf && tensor.dim() > 1;
        const auto plain = tensor.detach().cpu().contiguous().to(isHalf ? torch::kHalf : torch::kFloat);
        TensorToWrite entry{name, isHalf ? TensorType::Float16 : TensorType::Float32, plain.sizes().vec(), {}};
        entry.bytes.resize(plain.nbytes());
        std::memcpy(entry.bytes.data(), plain.data_ptr(), plain.nbytes());
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace cxr::nn
