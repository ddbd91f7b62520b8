// One film through several packs.
#include "core/pipeline/film_predictions.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/model/calibration.h"
#include "core/model/registry.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/network_input.h"
#include "core/pipeline/shipped_heart_region.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTask = "classification";

std::vector<fs::path> installedClassifiers() {
    std::vector<fs::path> folders;
    for (const RegistryEntry& entry : listPacks()) {
        if (entry.pack.isOk() && entry.pack.value().manifest.task == kTask) folders.push_back(entry.folder);
    }
    return folders;
}

Result<PredictingPack> predictingPack(const fs::path& folder) {
    Result<Pack> pack = readPack(folder);
    if (!pack.isOk()) return std::move(pack).error();
    PredictingPack ready{std::move(pack).value(), {}};
    const Manifest& manifest = ready.pack.manifest;
    if (manifest.task != kTask) return Error{ErrorCode::Unsupported, "model pack " + manifest.id + " does not judge films; name a classification pack"};
    if (!needsHeartRegion(manifest.input)) return ready;
    Result<cv::Mat> region = shippedHeartRegion(folder);
    if (!region.isOk()) return std::move(region).error();
    ready.heartRegion = std::move(region).value();
    return ready;
}

Result<PackPrediction> ask(const PredictingPack& asked, const GrayFilm& film, const Segmentation* segmentation, Engine& engine,
                           const RunContext& context) {
    const Manifest& manifest = asked.pack.manifest;
    const Result<NetworkInput> input = networkInput(manifest.input, film, segmentation, asked.heartRegion, context);
    if (!input.isOk()) return input.error();
    const Result<Prediction> answer = engine.predict(asked.pack.folder, input.value().planes, context);
    if (!answer.isOk()) return answer.error();
    const std::vector<double>& logits = answer.value().logits;
    if (logits.size() != manifest.outputs.size() || std::any_of(logits.begin(), logits.end(), [](double l) { return std::isnan(l); })) {
        return Error{ErrorCode::Corrupt, "its answer does not fit its manifest; install the pack again"};
    }
    PackPrediction prediction;
    prediction.isTrusted = input.value().frame.isTrusted;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        prediction.probabilities.push_back(calibratedProbability(manifest.outputs[i].calibration, logits[i]));
    }
    return prediction;
}

}  // namespace

Result<std::vector<PredictingPack>> predictingPacks(const std::vector<fs::path>& named) {
    const std::vector<fs::path> folders = named.empty() ? installedClassifiers() : named;
    if (folders.empty()) return Error{ErrorCode::NotFound, "no installed model pack judges films; name one with --pack"};
    std::vector<PredictingPack> packs;
    for (const fs::path& folder : folders) {
        Result<PredictingPack> pack = predictingPack(folder);
        if (!pack.isOk()) return std::move(pack).error();
        packs.push_back(std::move(pack).value());
    }
    return packs;
}

bool needSegmentation(const std::vector<PredictingPack>& packs) {
    return std::any_of(packs.begin(), packs.end(), [](const PredictingPack& p) { return needsSegmentation(p.pack.manifest.input); });
}

Result<std::vector<PackPrediction>> predictFilm(const Image& image, const std::vector<PredictingPack>& packs,
                                                const FilmSegmenter& segmenter, Engine& engine, const RunContext& context) {
    const GrayFilm film = networkFilm(image, kNetworkFilmSide, nullptr);
    std::optional<Segmentation> segmentation;
    if (needSegmentation(packs)) {
        Result<Segmentation> found = segmenter.segment(film, context);
        if (!found.isOk()) return std::move(found).error();
        segmentation = std::move(found).value();
    }
    std::vector<PackPrediction> predictions;
    for (const PredictingPack& pack : packs) {
        Result<PackPrediction> prediction = ask(pack, film, segmentation ? &*segmentation : nullptr, engine, context);
        if (!prediction.isOk()) return std::move(prediction).error().within("model pack " + pack.pack.manifest.id);
        predictions.push_back(std::move(prediction).value());
    }
    return predictions;
}

}  // namespace cxr
