// Tensors by name to bytes and back.
#include "core/nn/state_dict.h"

#include <cstring>
#include <map>

namespace cxr::nn {
namespace {

constexpr const char* kCounter = "num_batches_tracked";

bool isCounter(const std::string& name) { return name.size() >= 19 && name.ends_with(kCounter); }

std::map<std::string, torch::Tensor> floatTensors(const Network& network) {
    std::map<std::string, torch::Tensor> all;
    for (const auto& item : network.named_parameters()) all[item.key()] = item.value();
    for (const auto& item : network.named_buffers()) {
        if (!isCounter(item.key())) all[item.key()] = item.value();
    }
    return all;
}

Error misfit(const std::string& reason) {
    return {ErrorCode::Corrupt, "the weights do not fit the architecture: " + reason};
}

Result<Done> checkFit(const std::map<std::string, torch::Tensor>& wanted, const SafetensorsFile& file) {
    for (const auto& [name, tensor] : wanted) {
        const auto found = file.tensors().find(name);
        if (found == file.tensors().end()) return misfit(name + " is missing");
        const TensorView& view = found->second;
        if (view.type != TensorType::Float32 && view.type != TensorType::Float16) return misfit(name + " is not a float array");
        if (tensor.sizes().vec() != view.shape) return misfit(name + " has another shape");
    }
    for (const auto& [name, view] : file.tensors()) {
        if (!wanted.contains(name) && !isCounter(name)) return misfit(name + " is not part of it");
    }
    return Done{};
}

}  // namespace

Result<Done> loadStateDict(Network& network, const SafetensorsFile& file) {
    const torch::NoGradGuard noGrad;
    auto wanted = floatTensors(network);
    if (auto fit = checkFit(wanted, file); !fit.isOk()) return fit;
    for (auto& [name, tensor] : wanted) {
        const std::vector<float> values = toFloats(file.tensors().at(name));
        tensor.copy_(torch::from_blob(const_cast<float*>(values.data()), tensor.sizes(), torch::kFloat));
    }
    return Done{};
}

std::vector<TensorToWrite> stateDictOf(const Network& network, bool asHalf) {
    std::vector<TensorToWrite> list;
    for (const auto& [name, tensor] : floatTensors(network)) {
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
