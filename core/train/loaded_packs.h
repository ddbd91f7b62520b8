// Packs that were opened once stay ready: by folder and device.
//   thread rule  one call at a time
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/nn/classifier_runner.h"
#include "core/nn/segmenter.h"

namespace cxr::train {

class LoadedPacks {
  public:
    // fails as Segmenter::load does; Unsupported if the outputs are not heart, left and right lung
    Result<nn::Segmenter*> segmenter(const std::filesystem::path& packFolder, const torch::Device& device);
    // fails as ClassifierRunner::load does
    Result<nn::ClassifierRunner*> classifier(const std::filesystem::path& packFolder, const torch::Device& device);
    // Whatever the pack is made for; its manifest stays here.
    struct Any {
        const Manifest* manifest = nullptr;
        nn::Precision precision = nn::Precision::Float32;
    };
    Result<Any> any(const std::filesystem::path& packFolder, const torch::Device& device);

  private:
    std::map<std::string, std::unique_ptr<nn::Segmenter>> m_segmenters;
    std::map<std::string, std::unique_ptr<nn::ClassifierRunner>> m_classifiers;
};

}  // namespace cxr::train
