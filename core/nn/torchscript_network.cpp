#include "core/nn/torchscript_network.h"

#include <torch/script.h>

#include <sstream>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/trust.h"

namespace cxr::nn {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{4} << 30;

torch::Tensor firstTensor(const torch::IValue& value);

torch::Tensor fromDictionary(const c10::Dict<torch::IValue, torch::IValue>& values) {
    for (const char* key : {"logits", "out", "output"}) {
        if (values.contains(torch::IValue(key))) return firstTensor(values.at(torch::IValue(key)));
    }
    return values.empty() ? torch::Tensor() : firstTensor(values.begin()->value());
}

// Undefined if there is none.
torch::Tensor firstTensor(const torch::IValue& value) {
    if (value.isTensor()) return value.toTensor();
    if (value.isTuple()) return value.toTuple()->elements().empty() ? torch::Tensor() : firstTensor(value.toTuple()->elements()[0]);
    if (value.isList()) return value.toList().empty() ? torch::Tensor() : firstTensor(value.toList().get(0));
    return value.isGenericDict() ? fromDictionary(value.toGenericDict()) : torch::Tensor();
}

class TorchScriptNetwork : public Network {
  public:
    explicit TorchScriptNetwork(torch::jit::Module program) : m_program(std::move(program)) {}

    NetworkOutput forward(const torch::Tensor& input, const StopCheck& stop) override {
        throwIfStopped(stop);
        torch::Tensor logits = firstTensor(m_program.forward({input}));
        throwIfStopped(stop);
        TORCH_CHECK(logits.defined() && logits.is_floating_point(), "the program gives no tensor of numbers");
        if (logits.dim() == 1) logits = logits.unsqueeze(1);
        return {logits, torch::Tensor(), torch::Tensor()};
    }
    void foldBatchNorm() override {}

  private:
    torch::jit::Module m_program;
};

Error broken(const Pack& pack, const std::string& reason) {
    return {ErrorCode::Corrupt, "model pack " + pack.manifest.id + ": " + reason};
}

}  // namespace

Result<std::shared_ptr<Network>> loadTorchScript(const Pack& pack, const torch::Device& device) {
    auto bytes = readWholeFile(pack.weights(), kMaxBytes);
    if (!bytes.isOk()) return std::move(bytes).error();
    const std::string& text = bytes.value();
    const std::string hash = sha256Hex(std::as_bytes(std::span(text.data(), text.size())));
    if (hash != pack.manifest.weightsSha256) return broken(pack, "the program is not the one that model.json names (SHA-256 differs)");
    if (!isTrusted(hash)) {
        return Error{ErrorCode::Unsupported, "model pack " + pack.manifest.id +
                                                 " holds a program, which can do on this machine whatever you can do: if you trust those who "
                                                 "made it, import its model.pt again and name its SHA-256, " + hash};
    }
    std::istringstream stream(std::move(bytes).value());
    torch::jit::Module program = torch::jit::load(stream, device);
    program.eval();
    return std::shared_ptr<Network>(std::make_shared<TorchScriptNetwork>(std::move(program)));
}

}  // namespace cxr::nn
