// Manifest -> architecture -> weights -> device.
#include "core/nn/pack_network.h"

#include "core/nn/architectures.h"
#include "core/nn/convolution.h"
#include "core/nn/state_dict.h"
#include "core/nn/torchscript_network.h"
#include "core/nn/weights.h"

namespace cxr::nn {
namespace {

Result<std::shared_ptr<Network>> makeUnfilled(const std::string& architectureJson) {
    const WeightsFollow weightsFollow;
    return makeNetwork(nlohmann::json::parse(architectureJson));
}

}  // namespace

Result<PackNetwork> loadPackNetwork(const std::filesystem::path& packFolder, const torch::Device& device,
                                    const std::function<Result<Done>(const Manifest&)>& check) {
    auto pack = verifyPack(packFolder);
    if (!pack.isOk()) return std::move(pack).error();
    if (auto checked = check(pack.value().manifest); !checked.isOk()) return std::move(checked).error();
    if (pack.value().isProgram()) {
        auto program = loadTorchScript(pack.value(), device);
        if (!program.isOk()) return std::move(program).error();
        return PackNetwork{std::move(pack).value(), std::move(program).value()};
    }
    auto made = makeUnfilled(pack.value().manifest.architectureJson);
    if (!made.isOk()) return std::move(made).error();
    auto weights = SafetensorsFile::open(pack.value().weights());
    if (!weights.isOk()) return std::move(weights).error();
    const std::shared_ptr<Network> network = std::move(made).value();
    if (auto loaded = loadStateDict(*network, weights.value()); !loaded.isOk()) return std::move(loaded).error();
    network->eval();
    network->foldBatchNorm();
    network->to(device);
    toChannelsLast(*network);
    return PackNetwork{std::move(pack).value(), network};
}

}  // namespace cxr::nn
