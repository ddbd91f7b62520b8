// The engine behind engine.h: packs kept loaded, calls serialised, torch's exceptions turned into errors.
#pragma once

#include <torch/torch.h>

#include <mutex>
#include <string>

#include "core/engine/engine.h"
#include "core/train/loaded_packs.h"

namespace cxr::train {

class TorchEngine : public Engine {
  public:
    EngineInfo info() const override;
    Result<ModelStamp> loadPack(const std::filesystem::path& packFolder, DeviceChoice device, int threads) override;
    Result<Segmentation> segment(const std::filesystem::path& packFolder, const GrayFilm& film,
                                 const SegmentOptions& options, const RunContext& context) override;
    Result<Prediction> predict(const std::filesystem::path& packFolder, const NetworkPlanes& planes,
                               const RunContext& context) override;
    Result<Explanation> explain(const std::filesystem::path& packFolder, const NetworkPlanes& planes, const std::string& output,
                                const ExplainOptions& options, const RunContext& context) override;
    Result<std::vector<ExplainMethod>> explanations(const std::filesystem::path& packFolder) override;
    Result<TrainSummary> train(const TrainRequest& request, const RunContext& context) override;
    Result<ClassifierTrainSummary> trainClassifier(const ClassifierTrainRequest& request, const RunContext& context) override;
    Result<std::vector<TensorShape>> describe(const std::string& architectureJson) override;
    void configure(DeviceChoice device, int threads) override;

  private:
    // One question to a pack's classifier: lock, device, pack, shape, stamp, seconds. `ask(runner)` gives a Result<T>.
    template <typename T, typename Ask>
    Result<T> askClassifier(const std::filesystem::path& packFolder, const NetworkPlanes& planes, const RunContext& context, const Ask& ask);
    Result<Explanation> explanationWith(nn::ClassifierRunner& runner, const std::filesystem::path& packFolder, const NetworkPlanes& planes,
                                        std::int64_t index, const ExplainOptions& options, const RunContext& context);
    Result<torch::Device> deviceFor(DeviceChoice choice) const;
    ModelStamp stampOf(const Manifest& manifest, const torch::Device& device, nn::Precision precision) const;
    void applyThreads() const;

    mutable std::mutex m_mutex;
    DeviceChoice m_device = DeviceChoice::Auto;
    int m_threads = 0;  // 0 = all cores
    LoadedPacks m_packs;
};

}  // namespace cxr::train
