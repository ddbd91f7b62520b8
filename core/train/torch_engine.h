// The engine behind engine.h: packs kept loaded, calls serialised, torch's exceptions turned into errors.
#pragma once

#include <torch/torch.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/engine/engine.h"
#include "core/nn/segmenter.h"

namespace cxr::train {

class TorchEngine : public Engine {
  public:
    EngineInfo info() const override;
    Result<ModelStamp> loadPack(const std::filesystem::path& packFolder, DeviceChoice device, int threads) override;
    Result<Segmentation> segment(const std::filesystem::path& packFolder, const GrayFilm& film,
                                 const SegmentOptions& options, const RunContext& context) override;
    Result<TrainSummary> train(const TrainRequest& request, const RunContext& context) override;
    void configure(DeviceChoice device, int threads) override;

  private:
    Result<torch::Device> deviceFor(DeviceChoice choice) const;
    Result<nn::Segmenter*> segmenterFor(const std::filesystem::path& packFolder, const torch::Device& device);
    ModelStamp stampOf(const nn::Segmenter& segmenter, const torch::Device& device) const;
    void applyThreads() const;

    mutable std::mutex m_mutex;
    DeviceChoice m_device = DeviceChoice::Auto;
    int m_threads = 0;  // 0 = all cores
    std::map<std::string, std::unique_ptr<nn::Segmenter>> m_segmenters;  // by folder and device
};

}  // namespace cxr::train
