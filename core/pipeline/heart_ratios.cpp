// Ratios of films as labels.
#include "core/pipeline/heart_ratios.h"

#include <cmath>

#include "core/io/image_reader.h"
#include "core/measure/chest.h"
#include "core/pipeline/analysis.h"

namespace cxr {
namespace {

constexpr double kMiddle = 0.50, kWidth = 0.03;

Result<float> labelOf(const std::filesystem::path& film, const std::string& sha256, const FilmSegmenter& segmenter,
                      const std::filesystem::path& cacheFolder, const RunContext& context) {
    const Result<ImagePtr> image = readImage(film, {}, context);
    if (!image.isOk()) return image.error();
    double scale = 1;
    const GrayFilm gray = networkFilm(*image.value(), kNetworkFilmSide, &scale);
    Result<Segmentation> found = cachedSegmentation(gray, sha256, segmenter, cacheFolder, context);
    if (!found.isOk()) return std::move(found).error();
    Segmentation segmentation = std::move(found).value();
    scaleToFilm(segmentation, scale);
    const ChestMeasurement chest = measureChest(segmentation, *image.value());
    if (chest.isUncertain || chest.ratio <= 0) return std::nanf("");
    return static_cast<float>(1 / (1 + std::exp(-(chest.ratio - kMiddle) / kWidth)));
}

}  // namespace

Result<std::vector<float>> heartRatioLabels(const std::vector<std::filesystem::path>& films, const FilmSegmenter& segmenter,
                                            const std::filesystem::path& cacheFolder, const RunContext& context) {
    if (!segmenter.segment) {
        return Error{ErrorCode::InvalidArgument, "the class HeartRatio needs heart and lungs; install the model pack heart-lungs"};
    }
    Result<std::vector<std::string>> hashes = std::vector<std::string>(films.size());
    if (!cacheFolder.empty()) hashes = hashesOf(films, context);
    if (!hashes.isOk()) return hashes.error();
    std::vector<float> labels;
    for (std::size_t i = 0; i < films.size(); ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "measuring the films was stopped"};
        const auto label = labelOf(films[i], hashes.value()[i], segmenter, cacheFolder, RunContext{context.stop, {}});
        if (!label.isOk()) return Error(label.error()).within(films[i].filename().string());
        labels.push_back(label.value());
    }
    return labels;
}

}  // namespace cxr
