// Engine calls in torch.
#include "core/train/torch_engine.h"

#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <thread>

#include "core/train/losses.h"
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

Plane planeOf(const torch::Tensor& values) {
    const auto plain = values.contiguous();
    Plane plane{static_cast<int>(plain.size(1)), static_cast<int>(plain.size(0)), {}};
    plane.values.assign(plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
    return plane;
}

bool isUsable(const GrayFilm& film) {
    return film.width > 0 && film.height > 0 &&
           film.values.size() == static_cast<std::size_t>(film.width) * static_cast<std::size_t>(film.height);
}

Segmentation predictBoth(nn::Segmenter& segmenter, const GrayFilm& film, const SegmentOptions& options,
                         const RunContext& context) {
    const nn::StopCheck stop = [&] { return context.isCancelled(); };
    const auto plane = nn::planeTensor(film.values.data(), film.width, film.height);
    auto organs = segmenter.predict(plane, /*mirrored=*/false, stop);
    context.report(options.testTimeFlip ? 0.5 : 1.0);
    Segmentation result;
    if (options.testTimeFlip) {
        const auto mirrored = segmenter.predict(plane, /*mirrored=*/true, stop);
        const auto dice = hardDice(organs.unsqueeze(0), mirrored.unsqueeze(0))[0];
        for (std::size_t i = 0; i < kOrganCount; ++i) {
            result.agreement[i] = dice[static_cast<std::int64_t>(i)].item<double>();
        }
        organs = (organs + mirrored) / 2;
        context.report(1.0);
    }
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        result.probability[i] = planeOf(organs[static_cast<std::int64_t>(i)]);
    }
    const auto frame = nn::letterboxFrame(film.width, film.height, segmenter.size());
    result.originPx = frame.originPx;
    result.cellPx = frame.cellPx;
    return result;
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
        const auto segmenter = segmenterFor(packFolder, chosen.value());
        if (!segmenter.isOk()) return Error(segmenter.error());
        return stampOf(*segmenter.value(), chosen.value());
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
        const auto segmenter = segmenterFor(packFolder, chosen.value());
        if (!segmenter.isOk()) return Error(segmenter.error());
        const auto start = std::chrono::steady_clock::now();
        Segmentation result = predictBoth(*segmenter.value(), film, options, context);
        result.model = stampOf(*segmenter.value(), chosen.value());
        result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return result;
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

Result<torch::Device> TorchEngine::deviceFor(DeviceChoice choice) const {
    const bool hasCuda = torch::cuda::is_available();
    if (choice == DeviceChoice::Cuda && !hasCuda) {
        return Error{ErrorCode::Unsupported, "there is no usable CUDA device; choose the processor"};
    }
    return torch::Device(hasCuda && choice != DeviceChoice::Cpu ? torch::kCUDA : torch::kCPU);
}

// The number of OpenMP threads belongs to the calling thread, so each call sets it.
void TorchEngine::applyThreads() const { at::set_num_threads(m_threads > 0 ? m_threads : coreCount()); }

Result<nn::Segmenter*> TorchEngine::segmenterFor(const fs::path& packFolder, const torch::Device& device) {
    applyThreads();
    std::error_code ignored;
    const std::string key = fs::weakly_canonical(packFolder, ignored).string() + "|" + device.str();
    auto found = m_segmenters.find(key);
    if (found == m_segmenters.end()) {
        auto loaded = nn::Segmenter::load(packFolder, device);
        if (!loaded.isOk()) return std::move(loaded).error();
        if (loaded.value()->manifest().outputs.size() != kOrganCount) {
            return Error{ErrorCode::Unsupported, "the model pack does not give heart, left and right lung"};
        }
        found = m_segmenters.emplace(key, std::move(loaded).value()).first;
    }
    return found->second.get();
}

ModelStamp TorchEngine::stampOf(const nn::Segmenter& segmenter, const torch::Device& device) const {
    const Manifest& manifest = segmenter.manifest();
    const std::string where = device.is_cuda() ? "CUDA" : processorText(m_threads > 0 ? m_threads : coreCount());
    return {manifest.id, manifest.name, manifest.version, manifest.weightsSha256, where};
}

}  // namespace cxr::train
