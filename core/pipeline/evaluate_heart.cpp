// Scores of single films; evaluate_heart_summary.cpp puts them together.
#include "core/pipeline/evaluate_heart.h"

#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/image/polygon.h"
#include "core/measure/cardiothoracic.h"
#include "core/measure/organ_masks.h"

namespace cxr {
namespace {

cv::Mat maskOf(const std::vector<std::uint8_t>& values, const GrayFilm& film) {
    if (values.empty()) return cv::Mat::zeros(film.height, film.width, CV_8UC1);
    const cv::Mat plain(film.height, film.width, CV_8UC1, const_cast<std::uint8_t*>(values.data()));
    return plain * 255;
}

double ratioOfMasks(const std::array<cv::Mat, kOrganCount>& masks) {
    std::array<Polygon, kOrganCount> borders;
    for (std::size_t i = 0; i < kOrganCount; ++i) borders[i] = traceMask(largestPart(masks[i]));
    const auto heart = heartLineOf(borders[0]);
    const auto chest = chestLineOf(borders[1], borders[2]);
    return heart && chest ? ratioOf(*heart, *chest) : 0;
}

// What measureChest needs of an Image: size and gray values.
Image imageOf(const GrayFilm& film) {
    Image image;
    const cv::Mat gray(film.height, film.width, CV_32FC1, const_cast<float*>(film.values.data()));
    gray.convertTo(image.samples, CV_16U, 65535);
    image.defaultVoi = percentileVoi(image);
    return image;
}

}  // namespace

HeartFilmScore scoreFilm(const LabelledFilm& film, const Segmentation& segmentation, const HeartEvaluationInput& input) {
    HeartFilmScore score;
    score.name = film.name;
    score.group = film.group;
    score.site = film.site;
    const ChestMeasurement chest = measureChest(segmentation, imageOf(film.film));
    std::array<cv::Mat, kOrganCount> truth;
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        truth[i] = maskOf(film.masks[i], film.film);
        score.isLabelled[i] = !film.masks[i].empty();
        const cv::Mat found = fillPolygon(chest.outlines[i].points, truth[i].size());
        if (score.isLabelled[i]) score.organ[i] = compareMasks(found, truth[i]);
    }
    score.ratio = chest.ratio;
    score.ratioRange = chest.ratioRange;
    score.maskRatio = ratioOfMasks(truth);
    score.quality = chest.quality;
    score.isUncertain = chest.isUncertain;
    if (const auto expert = input.expertRatios.find(film.name); expert != input.expertRatios.end()) {
        score.expertRatio = expert->second;
    }
    if (const auto mm = input.mmPerPxOfSite.find(film.site); mm != input.mmPerPxOfSite.end()) score.mmPerPx = mm->second;
    return score;
}

Result<std::vector<HeartFilmScore>> scoreFilms(const std::vector<LabelledFilm>& films, const SegmentFilm& segment,
                                               const HeartEvaluationInput& input, const RunContext& context) {
    std::vector<HeartFilmScore> scores;
    for (const LabelledFilm& film : films) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "the evaluation was stopped"};
        const auto segmentation = segment(film, RunContext{context.stop, {}});
        if (!segmentation.isOk()) return Error(segmentation.error());
        scores.push_back(scoreFilm(film, segmentation.value(), input));
        context.report(static_cast<double>(scores.size()) / static_cast<double>(films.size()));
    }
    return scores;
}

}  // namespace cxr
