// An engine whose network is a weighted sum, so that every explanation can be solved on paper:
//   logit = bias + sum over the cells of plane 0 of weight * value;   relevance of a cell = weight * value
// Class activation maps are the means over 4 x 4 parts, times the number of cells (their mean is the logit without bias).
// With random weights the map is noise of the seed. Finds the phantom's own heart and lungs.
#pragma once

#include <functional>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "tests/support/segmentation_of.h"

namespace cxr::test {

class ExplainingEngine : public Engine {
  public:
    explicit ExplainingEngine(const Phantom& phantom) : m_phantom(phantom) {}

    std::function<double(int row, int column)> weight = [](int, int) { return 0.001; };
    double bias = -1;
    std::vector<ExplainMethod> allowed{ExplainMethod::Cam, ExplainMethod::InputXGradient, ExplainMethod::IntegratedGradients};
    bool ignoresWeights = false;  // with random weights it gives the same map: what the sanity check must find
    double mapSign = 1;           // -1: its maps mark what matters least
    int explained = 0, predicted = 0, segmented = 0;
    std::function<void()> duringExplain;
    NetworkPlanes seen;

    EngineInfo info() const override { return {"none", {"CPU, 1 thread"}}; }
    void configure(DeviceChoice, int) override {}
    Result<ModelStamp> loadPack(const std::filesystem::path&, DeviceChoice, int) override { return stamp(); }
    Result<Segmentation> segment(const std::filesystem::path&, const GrayFilm& film, const SegmentOptions&, const RunContext&) override {
        ++segmented;
        std::array<cv::Mat, kOrganCount> masks;
        const std::array<cv::Mat, kOrganCount> all{m_phantom.heart, m_phantom.leftLung, m_phantom.rightLung};
        for (std::size_t i = 0; i < kOrganCount; ++i) cv::resize(all[i], masks[i], {film.width, film.height}, 0, 0, cv::INTER_NEAREST);
        return segmentationOf(masks);
    }
    Result<Prediction> predict(const std::filesystem::path&, const NetworkPlanes& planes, const RunContext& context) override {
        ++predicted;
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        Prediction prediction;
        prediction.logits = {logitOf(planes), 0};
        prediction.model = stamp();
        return prediction;
    }
    Result<std::vector<ExplainMethod>> explanations(const std::filesystem::path&) override { return allowed; }
    Result<Explanation> explain(const std::filesystem::path&, const NetworkPlanes& planes, const std::string&, const ExplainOptions& options,
                                const RunContext& context) override {
        ++explained;
        seen = planes;
        Explanation answer;
        answer.isSigned = true;
        answer.logit = logitOf(planes);
        answer.baselineLogit = bias;
        answer.model = stamp();
        answer.plane = options.hasRandomWeights && !ignoresWeights ? noise(planes, options.seed) : relevance(planes);
        for (float& value : answer.plane.values) value *= static_cast<float>(mapSign);
        if (options.method == ExplainMethod::Cam) answer.plane = coarse(answer.plane);
        if (options.partial) {
            Explanation half = answer;
            half.doneShare = 0.5;
            options.partial(half);
        }
        if (duringExplain) duringExplain();
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        return answer;
    }
    Result<TrainSummary> train(const TrainRequest&, const RunContext&) override { return none(); }
    Result<ClassifierTrainSummary> trainClassifier(const ClassifierTrainRequest&, const RunContext&) override { return none(); }
    Result<std::vector<TensorShape>> describe(const std::string&) override { return none(); }

  private:
    static Error none() { return Error{ErrorCode::Unsupported, "this engine does not train"}; }
    static ModelStamp stamp() { return {"fake", "Fake network", "1", "00ff", "CPU, 1 thread"}; }
    Plane relevance(const NetworkPlanes& planes) const {
        Plane plane{planes.width, planes.height, {}};
        for (int row = 0; row < planes.height; ++row)
            for (int column = 0; column < planes.width; ++column)
                plane.values.push_back(static_cast<float>(weight(row, column)) * planes.values[static_cast<std::size_t>(row) * planes.width + column]);
        return plane;
    }
    double logitOf(const NetworkPlanes& planes) const {
        double sum = bias;
        for (const float value : relevance(planes).values) sum += value;
        return sum;
    }
    static Plane noise(const NetworkPlanes& planes, std::uint32_t seed) {
        std::mt19937 generator(seed);
        std::uniform_real_distribution<float> any(-1, 1);
        Plane plane{planes.width, planes.height, std::vector<float>(static_cast<std::size_t>(planes.width) * planes.height)};
        for (float& value : plane.values) value = any(generator);
        return plane;
    }
    static Plane coarse(Plane plane) {
        cv::Mat small;
        cv::resize(cv::Mat(plane.height, plane.width, CV_32FC1, plane.values.data()), small, {plane.width / 4, plane.height / 4}, 0, 0, cv::INTER_AREA);
        small *= static_cast<double>(plane.width) * plane.height;
        return {small.cols, small.rows, {small.begin<float>(), small.end<float>()}};
    }

    const Phantom& m_phantom;
};

}  // namespace cxr::test
