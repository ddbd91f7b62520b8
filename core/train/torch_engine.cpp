// Engine calls in torch.
#include "core/train/torch_engine.h"

#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <thread>

#include "core/engine/explain_methods.h"
#include "core/explain/network_traits.h"
#include "core/nn/architectures.h"
#include "core/nn/state_dict.h"
#include "core/nn/weights.h"
#include "core/train/answers.h"
#include "core/train/classifier_run.h"
#include "core/train/train_run.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

// Runs one call; what torch throws becomes an error of engine.h.
template <typename T, typename Call>
Result<T> guarded(const Call& call) {
    try {
        return call();
    } catch (const nn::NetworkCancelled&) {
        return Error{ErrorCode::Cancelled, "the network was stopped"};
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory for the network; close other programs"};
    } catch (const c10::Error& wrong) {
        const std::string what = wrong.what_without_backtrace();
        const bool isMemory = what.find("memory") != std::string::npos;
        return isMemory ? Error{ErrorCode::OutOfMemory, "there is not enough memory for the network; choose the processor"}
                        : Error{ErrorCode::Internal, "the network failed: " + what.substr(0, what.find('\n'))};
    } catch (const std::exception& wrong) {
        return Error{ErrorCode::Internal, std::string("the network failed: ") + wrong.what()};
    }
}

int coreCount() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

std::string processorText(int threads) {
    return "CPU, " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

bool isUsable(const GrayFilm& film) {
    return film.width > 0 && film.height > 0 &&
           film.values.size() == static_cast<std::size_t>(film.width) * static_cast<std::size_t>(film.height);
}

bool isUsable(const NetworkPlanes& planes) {
    return planes.channels > 0 && planes.height > 0 && planes.width > 0 &&
           planes.values.size() == static_cast<std::size_t>(planes.channels) * static_cast<std::size_t>(planes.height) *
                                       static_cast<std::size_t>(planes.width);
}

// Explanations ask the network itself, in floats.
nn::Precision precisionOf(const Prediction&, const nn::ClassifierRunner& runner) { return runner.precision(); }
nn::Precision precisionOf(const Explanation&, const nn::ClassifierRunner&) { return nn::Precision::Float32; }

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

EngineInfo TorchEngine::info() const {
    const std::scoped_lock lock(m_mutex);
    EngineInfo info;
    info.torchVersion = TORCH_VERSION;
    info.devices.push_back(processorText(m_threads > 0 ? m_threads : coreCount()));
    if (torch::cuda::is_available()) {
        for (std::size_t i = 0; i < torch::cuda::device_count(); ++i) info.devices.push_back("CUDA:" + std::to_string(i));
    }
    return info;
}

void TorchEngine::configure(DeviceChoice device, int threads) {
    const std::scoped_lock lock(m_mutex);
    m_device = device;
    m_threads = std::clamp(threads, 0, 256);
}

Result<ModelStamp> TorchEngine::loadPack(const fs::path& packFolder, DeviceChoice device, int threads) {
    configure(device, threads);
    const std::scoped_lock lock(m_mutex);
    return guarded<ModelStamp>([&]() -> Result<ModelStamp> {
        const auto chosen = deviceFor(m_device);
        if (!chosen.isOk()) return Error(chosen.error());
        applyThreads();
        const auto pack = m_packs.any(packFolder, chosen.value());
        if (!pack.isOk()) return Error(pack.error());
        return stampOf(*pack.value().manifest, chosen.value(), pack.value().precision);
    });
}

Result<Segmentation> TorchEngine::segment(const fs::path& packFolder, const GrayFilm& film,
                                          const SegmentOptions& options, const RunContext& context) {
    if (!isUsable(film)) return Error{ErrorCode::InvalidArgument, "the film has no pixels"};
    const std::scoped_lock lock(m_mutex);
    return guarded<Segmentation>([&]() -> Result<Segmentation> {
        if (context.isCancelled()) throw nn::NetworkCancelled();
        const auto chosen = deviceFor(m_device);
        if (!chosen.isOk()) return Error(chosen.error());
        applyThreads();
        const auto segmenter = m_packs.segmenter(packFolder, chosen.value());
        if (!segmenter.isOk()) return Error(segmenter.error());
        const auto start = std::chrono::steady_clock::now();
        Segmentation result = segmentationOf(*segmenter.value(), film, options, context);
        result.model = stampOf(segmenter.value()->manifest(), chosen.value(), segmenter.value()->precision());
        result.seconds = secondsSince(start);
        return result;
    });
}

template <typename T, typename Ask>
Result<T> TorchEngine::askClassifier(const fs::path& packFolder, const NetworkPlanes& planes, const RunContext& context, const Ask& ask) {
    if (!isUsable(planes)) return Error{ErrorCode::InvalidArgument, "the film's planes have no cells"};
    const std::scoped_lock lock(m_mutex);
    return guarded<T>([&]() -> Result<T> {
        if (context.isCancelled()) throw nn::NetworkCancelled();
        const auto chosen = deviceFor(m_device);
        if (!chosen.isOk()) return Error(chosen.error());
        applyThreads();
        const auto runner = m_packs.classifier(packFolder, chosen.value());
        if (!runner.isOk()) return Error(runner.error());
        auto shape = runner.value()->checkShape(planes.channels, planes.height, planes.width);
        if (!shape.isOk()) return std::move(shape).error();
        const auto start = std::chrono::steady_clock::now();
        Result<T> found = ask(*runner.value());
        if (!found.isOk()) return found;
        T answer = std::move(found).value();
        answer.model = stampOf(runner.value()->manifest(), chosen.value(), precisionOf(answer, *runner.value()));
        answer.seconds = secondsSince(start);
        return answer;
    });
}

Result<Prediction> TorchEngine::predict(const fs::path& packFolder, const NetworkPlanes& planes, const RunContext& context) {
    return askClassifier<Prediction>(packFolder, planes, context, [&](nn::ClassifierRunner& runner) -> Result<Prediction> {
        return predictionOf(runner, planes, context);
    });
}

Result<Explanation> TorchEngine::explain(const fs::path& packFolder, const NetworkPlanes& planes, const std::string& output,
                                         const ExplainOptions& options, const RunContext& context) {
    return askClassifier<Explanation>(packFolder, planes, context, [&](nn::ClassifierRunner& runner) -> Result<Explanation> {
        const auto& outputs = runner.manifest().outputs;
        const auto found = std::find_if(outputs.begin(), outputs.end(), [&](const ModelOutput& one) { return one.name == output; });
        if (found != outputs.end()) return explanationWith(runner, packFolder, planes, found - outputs.begin(), options, context);
        return Error{ErrorCode::InvalidArgument, "model pack " + runner.manifest().id + " has no output \"" + output + "\""};
    });
}

// With random weights: another network of the same pack, so that the pack's own stays as it is.
Result<Explanation> TorchEngine::explanationWith(nn::ClassifierRunner& runner, const fs::path& packFolder, const NetworkPlanes& planes,
                                                 std::int64_t index, const ExplainOptions& options, const RunContext& context) {
    if (!options.hasRandomWeights) return explanationOf(runner, planes, index, options, context);
    if (runner.isProgram()) return Error{ErrorCode::Unsupported, "a program's weights cannot be drawn anew; choose another model pack"};
    const auto device = deviceFor(m_device);
    if (!device.isOk()) return Error(device.error());
    const auto other = nn::ClassifierRunner::load(packFolder, device.value(), nn::Purpose::Explain);
    if (!other.isOk()) return other.error();
    nn::drawWeights(other.value()->network(), options.seed);
    return explanationOf(*other.value(), planes, index, options, context);
}

Result<std::vector<ExplainMethod>> TorchEngine::explanations(const fs::path& packFolder) {
    const std::scoped_lock lock(m_mutex);
    return guarded<std::vector<ExplainMethod>>([&]() -> Result<std::vector<ExplainMethod>> {
        const auto chosen = deviceFor(m_device);
        if (!chosen.isOk()) return Error(chosen.error());
        applyThreads();
        const auto pack = m_packs.any(packFolder, chosen.value());
        if (!pack.isOk()) return Error(pack.error());
        if (pack.value().manifest->task != "classification") return std::vector<ExplainMethod>{};
        const auto runner = m_packs.classifier(packFolder, chosen.value());
        if (!runner.isOk()) return Error(runner.error());
        return allowedMethods(explain::traitsOf(runner.value()->network()));
    });
}

Result<TrainSummary> TorchEngine::train(const TrainRequest& request, const RunContext& context) {
    const std::scoped_lock lock(m_mutex);
    return guarded<TrainSummary>([&]() -> Result<TrainSummary> {
        const auto device = deviceFor(request.device);
        if (!device.isOk()) return Error(device.error());
        applyThreads();
        return runTraining(request, device.value(), context);
    });
}

Result<ClassifierTrainSummary> TorchEngine::trainClassifier(const ClassifierTrainRequest& request,
                                                            const RunContext& context) {
    const std::scoped_lock lock(m_mutex);
    return guarded<ClassifierTrainSummary>([&]() -> Result<ClassifierTrainSummary> {
        const auto device = deviceFor(request.device);
        if (!device.isOk()) return Error(device.error());
        applyThreads();
        return runClassifierTraining(request, device.value(), context);
    });
}

Result<std::vector<TensorShape>> TorchEngine::describe(const std::string& architectureJson) {
    const auto architecture = nlohmann::json::parse(architectureJson, nullptr, false);
    if (architecture.is_discarded()) return Error{ErrorCode::Corrupt, "the architecture is not JSON"};
    return guarded<std::vector<TensorShape>>([&]() -> Result<std::vector<TensorShape>> {
        const auto network = nn::makeNetwork(architecture);
        if (!network.isOk()) return Error(network.error());
        std::vector<TensorShape> shapes;
        for (const auto& [name, tensor] : nn::stateOf(*network.value())) shapes.push_back({name, tensor.sizes().vec()});
        return shapes;
    });
}

Result<torch::Device> TorchEngine::deviceFor(DeviceChoice choice) const {
    const bool hasCuda = torch::cuda::is_available();
    if (choice == DeviceChoice::Cuda && !hasCuda) {
        return Error{ErrorCode::Unsupported, "there is no usable CUDA device; choose the processor"};
    }
    return torch::Device(hasCuda && choice != DeviceChoice::Cpu ? torch::kCUDA : torch::kCPU);
}

// The number of OpenMP threads belongs to the calling thread, so each call sees to it. Setting it makes torch start the
// threads of its other pool anew, which takes longer than a small network.
void TorchEngine::applyThreads() const {
    const int wanted = m_threads > 0 ? m_threads : coreCount();
    if (at::get_num_threads() != wanted) at::set_num_threads(wanted);
}

ModelStamp TorchEngine::stampOf(const Manifest& manifest, const torch::Device& device, nn::Precision precision) const {
    std::string where = device.is_cuda() ? "CUDA" : processorText(m_threads > 0 ? m_threads : coreCount());
    if (precision == nn::Precision::Bfloat16) where += ", bfloat16";
    return {manifest.id, manifest.name, manifest.version, manifest.weightsSha256, where};
}

}  // namespace cxr::train
