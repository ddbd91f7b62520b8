// An engine for tests of HeartSpot bundles and tables: finds the phantom's own organs, judges by the mean of what it is
// given, and explains by that itself. Counts its calls.
#pragma once

#include <algorithm>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/prior/prior_spec.h"
#include "tests/support/segmentation_of.h"
#include "tests/support/written_packs.h"

namespace cxr::test {

class HeartSpotEngine : public Engine {
  public:
    explicit HeartSpotEngine(const Phantom* phantom = nullptr) : m_phantom(phantom) {}
    EngineInfo info() const override { return {"none", {"CPU, 1 thread"}}; }
    void configure(DeviceChoice, int) override {}
    Result<ModelStamp> loadPack(const std::filesystem::path&, DeviceChoice, int) override { return stamp(); }
    Result<Segmentation> segment(const std::filesystem::path&, const GrayFilm& film, const SegmentOptions&, const RunContext&) override {
        std::array<cv::Mat, kOrganCount> masks;
        const std::array<cv::Mat, kOrganCount> all{m_phantom->heart, m_phantom->leftLung, m_phantom->rightLung};
        for (std::size_t i = 0; i < kOrganCount; ++i) cv::resize(all[i], masks[i], {film.width, film.height}, 0, 0, cv::INTER_NEAREST);
        return segmentationOf(masks);
    }
    // logit = mean of the first plane
    Result<Prediction> predict(const std::filesystem::path& folder, const NetworkPlanes& planes, const RunContext& context) override {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        if (!failure.empty()) return Error{ErrorCode::Corrupt, failure};
        asked.push_back(folder.filename().string());
        seen = planes;
        Prediction prediction;
        prediction.logits = {std::accumulate(planes.values.begin(), planes.values.end(), 0.0) / static_cast<double>(planes.values.size())};
        prediction.model = stamp();
        return prediction;
    }
    // The input itself, less 0.25, so that some of it speaks against.
    Result<Explanation> explain(const std::filesystem::path&, const NetworkPlanes& planes, const std::string&, const ExplainOptions&,
                                const RunContext&) override {
        Explanation explanation;
        explanation.plane = {planes.width, planes.height, planes.values};
        for (float& value : explanation.plane.values) value -= 0.25F;
        explanation.isSigned = true;
        return explanation;
    }
    Result<std::vector<ExplainMethod>> explanations(const std::filesystem::path&) override { return std::vector{ExplainMethod::InputXGradient}; }
    Result<TrainSummary> train(const TrainRequest&, const RunContext&) override { return none(); }
    Result<ClassifierTrainSummary> trainClassifier(const ClassifierTrainRequest&, const RunContext&) override { return none(); }
    Result<std::vector<TensorShape>> describe(const std::string&) override { return none(); }

    std::vector<std::string> asked;
    std::string failure;  // of predict; empty: none
    NetworkPlanes seen;

  private:
    static ModelStamp stamp() { return {"fake", "Fake", "1", "00ff", "CPU, 1 thread"}; }
    static Error none() { return Error{ErrorCode::Unsupported, "this engine does not train"}; }
    const Phantom* m_phantom;
};

// A pack for this prior, `side` pixels after pooling.
inline Manifest heartSpotManifest(const std::string& id, const PriorSpec& spec, int side, const std::string& framing = "heartspot") {
    Manifest manifest = manifestOf(id, {outputOf("Cardiomegaly", 2, -1)}, framing);
    manifest.input.size = side;
    manifest.input.priorJson = spec.toJson();
    manifest.input.priorHash = spec.hash();
    return manifest;
}

}  // namespace cxr::test
