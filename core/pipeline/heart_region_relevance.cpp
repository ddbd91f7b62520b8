// Mean relevance as a region picture.
#include "core/pipeline/heart_region_relevance.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/measure/mask_metrics.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/network_input.h"

namespace cxr {
namespace {

constexpr double kKeptGray = 100;

Result<cv::Mat> meanOf(std::size_t films, const FilmRelevance& relevance, const RunContext& context) {
    cv::Mat sum;
    for (std::size_t i = 0; i < films; ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "the average was stopped"};
        const auto found = relevance(i, RunContext{context.stop, {}});
        if (!found.isOk()) return found.error();
        const Plane& plane = found.value();
        const cv::Mat cells(plane.height, plane.width, CV_32FC1, const_cast<float*>(plane.values.data()));
        if (sum.empty()) sum = cv::Mat::zeros(cells.size(), CV_32FC1);
        sum += cv::abs(cells);
        context.report(static_cast<double>(i + 1) / static_cast<double>(films));
    }
    cv::Mat mean = sum / static_cast<double>(films);
    if (cv::checkRange(mean) && cv::countNonZero(mean) > 0) return mean;
    return Error{ErrorCode::Corrupt, "the network's relevance is 0 everywhere or no number; train the model pack again"};
}

// Smoothed, largest value 1: CV_32FC1 [side, side].
cv::Mat smoothed(const cv::Mat& mean, const RelevanceRegionOptions& options) {
    cv::Mat values;
    cv::resize(mean, values, {options.side, options.side}, 0, 0, cv::INTER_LINEAR);
    cv::GaussianBlur(values, values, cv::Size(), options.smoothing * options.side);
    double largest = 0;
    cv::minMaxLoc(values, nullptr, &largest);
    return values / largest;
}

// The smallest value that is kept.
double shareThreshold(const cv::Mat& values, double share) {
    std::vector<float> sorted(values.begin<float>(), values.end<float>());
    const auto kept = static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size())));
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() - std::clamp<std::size_t>(kept, 1, sorted.size()));
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
}

double otsuThreshold(const cv::Mat& values) {
    cv::Mat bytes, ignored;
    values.convertTo(bytes, CV_8U, 255);
    return (cv::threshold(bytes, ignored, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU) + 0.5) / 255;
}

double shareOf(const cv::Mat& mask) { return cv::countNonZero(mask) / static_cast<double>(mask.total()); }

// `threshold` in (0, 1) becomes gray 100; the kept cells are exactly those that reach it, whatever the rounding.
cv::Mat grayOf(const cv::Mat& values, double threshold) {
    const double limited = std::clamp(threshold, 1e-3, 0.999);
    cv::Mat curved, gray;
    cv::pow(cv::max(values, 0), std::log(kKeptGray / 255) / std::log(limited), curved);
    curved.convertTo(gray, CV_8U, 255);
    const cv::Mat isKept = values >= threshold;
    cv::max(gray, kKeptGray, curved);
    cv::min(gray, kKeptGray - 1, gray);
    curved.copyTo(gray, isKept);
    return gray;
}

}  // namespace

Result<RelevanceRegion> averageRelevanceRegion(std::size_t films, const FilmRelevance& relevance, const RelevanceRegionOptions& options,
                                               const RunContext& context) {
    const Result<cv::Mat> mean = meanOf(films, relevance, context);
    if (!mean.isOk()) return mean.error();
    const cv::Mat values = smoothed(mean.value(), options);
    const double otsu = otsuThreshold(values);
    const double threshold = options.keptShare > 0 ? shareThreshold(values, options.keptShare) : otsu;
    RelevanceRegion result;
    result.region.gray = grayOf(values, threshold);
    result.region.keptShare = shareOf(result.region.gray >= kKeptGray);
    result.otsuShare = shareOf(values >= otsu);
    return result;
}

Result<Plane> cropRelevance(const Image& film, const Pack& pack, const std::string& output, const ExplainOptions& options, Engine& engine,
                            const RunContext& context) {
    const ModelInput& read = pack.manifest.input;
    if (read.framing != "centre-crop" || needsSegmentation(read)) {
        return Error{ErrorCode::Unsupported, "a heart region needs a network that reads the film's centre crop alone; train one with the "
                                             "framing \"centre-crop\""};
    }
    const Result<NetworkInput> input = networkInput(read, networkFilm(film, kNetworkFilmSide, nullptr), nullptr, {}, context);
    if (!input.isOk()) return input.error();
    Result<Explanation> found = engine.explain(pack.folder, input.value().planes, output, options, context);
    if (!found.isOk()) return std::move(found).error();
    return std::move(found).value().plane;
}

RegionOverlap regionOverlap(const cv::Mat& region, const cv::Mat& other) {
    cv::Mat same;
    cv::resize(other, same, region.size(), 0, 0, cv::INTER_NEAREST);
    const cv::Mat a = region >= kKeptGray, b = same >= kKeptGray;
    return {diceOf(a, b), iouOf(a, b), shareOf(a), shareOf(b)};
}

}  // namespace cxr
