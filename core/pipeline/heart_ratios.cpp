// Ratios of films as labels.
#include "core/pipeline/heart_ratios.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "core/base/atomic_file.h"
#include "core/io/image_reader.h"
#include "core/measure/chest.h"
#include "core/pipeline/analysis.h"
#include "measuring_code.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;
constexpr double kMiddle = 0.50, kWidth = 0.03;

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// What a cache file says; nothing if it is absent or damaged.
std::optional<float> keptRatio(const fs::path& file) {
    const Result<std::string> text = readWholeFile(file, 64);
    if (!text.isOk()) return {};
    if (text.value() == "nan\n") return kNone;
    const char* end = text.value().data() + text.value().size();
    float ratio = 0;
    const auto read = std::from_chars(text.value().data(), end, ratio);
    const bool isWhole = read.ec == std::errc() && std::string_view(read.ptr, end) == "\n";
    return isWhole && ratio > 0 && ratio < 10 ? std::optional(ratio) : std::nullopt;
}

std::string ratioLine(float ratio) {
    if (std::isnan(ratio)) return "nan\n";
    std::array<char, 32> text{};
    return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), ratio).ptr) + "\n";
}

Result<float> measuredRatio(const fs::path& film, const std::string& sha256, const FilmSegmenter& segmenter,
                            const fs::path& cacheFolder, const RunContext& context) {
    const Result<ImagePtr> image = readImage(film, {}, context);
    if (!image.isOk()) return image.error();
    double scale = 1;
    const GrayFilm gray = networkFilm(*image.value(), kNetworkFilmSide, &scale);
    Result<Segmentation> found = cachedSegmentation(gray, sha256, segmenter, cacheFolder, context);
    if (!found.isOk()) return std::move(found).error();
    Segmentation segmentation = std::move(found).value();
    scaleToFilm(segmentation, scale);
    const ChestMeasurement chest = measureChest(segmentation, *image.value());
    return chest.isUncertain || chest.ratio <= 0 ? kNone : static_cast<float>(chest.ratio);
}

Result<float> ratioOfFilm(const fs::path& film, const std::string& sha256, const FilmSegmenter& segmenter,
                          const fs::path& cacheFolder, const RunContext& context) {
    if (cacheFolder.empty()) return measuredRatio(film, sha256, segmenter, cacheFolder, context);
    const std::string code = std::string(kMeasuringCodeSha256).substr(0, 16);
    const fs::path file = cacheFolder / (sha256 + "-" + segmenter.weightsSha256.substr(0, 16) + "-" + code + ".ratio");
    if (const auto kept = keptRatio(file)) return *kept;
    const Result<float> ratio = measuredRatio(film, sha256, segmenter, cacheFolder, context);
    if (!ratio.isOk()) return ratio;
    const Result<Done> written = writeFileAtomically(file, ratioLine(ratio.value()));
    if (!written.isOk()) return written.error();
    return ratio;
}

float labelOf(float ratio) {
    return std::isnan(ratio) ? kNone : static_cast<float>(1 / (1 + std::exp(-(ratio - kMiddle) / kWidth)));
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
        const auto ratio = ratioOfFilm(films[i], hashes.value()[i], segmenter, cacheFolder, RunContext{context.stop, {}});
        if (!ratio.isOk()) return Error(ratio.error()).within(films[i].filename().string());
        labels.push_back(labelOf(ratio.value()));
    }
    return labels;
}

}  // namespace cxr
