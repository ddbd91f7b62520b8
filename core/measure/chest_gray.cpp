#include "core/measure/chest_gray.h"

#include <algorithm>
#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/measure/feature_range.h"

namespace cxr {
namespace {

constexpr int kGridSide = 256;  // cells along the film's longer side
constexpr double kBlack = 0.02;
// On 396 frontal films 0.12 to 0.40 and 0 to 0.03; on side views -0.24 to 0.20 and 0 to 0.92.
constexpr FeatureRange kHeartOverLung{0.0, 0.08, 1, 2};
constexpr FeatureRange kBlackShare{-2, -1, 0.15, 0.5};

constexpr std::size_t at(Organ organ) { return static_cast<std::size_t>(organ); }

// Gray of every `step`-th pixel: enough for means over organs.
cv::Mat coarseGray(const Image& image, double step) {
    const std::vector<float> table = grayTable(image, image.defaultVoi);
    cv::Mat gray(std::max(1, static_cast<int>(image.height() / step)),
                 std::max(1, static_cast<int>(image.width() / step)), CV_32FC1);
    for (int y = 0; y < gray.rows; ++y) {
        const auto* row = image.samples.ptr<std::uint16_t>(static_cast<int>((y + 0.5) * step));
        for (int x = 0; x < gray.cols; ++x) gray.at<float>(y, x) = table[row[static_cast<int>((x + 0.5) * step)]];
    }
    return gray;
}

cv::Mat maskOf(Polygon outline, double step, cv::Size size) {
    for (PointPx& p : outline) p = {p.x / step, p.y / step};
    return fillPolygon(outline, size);
}

double blackShare(const cv::Mat& gray, const cv::Mat& mask) {
    const int all = cv::countNonZero(mask);
    return all > 0 ? static_cast<double>(cv::countNonZero((gray <= kBlack) & mask)) / all : 1;
}

}  // namespace

ChestGray chestGrayOf(const OrganPolygons& outlines, const Image& image) {
    const double step = std::max(1.0, static_cast<double>(std::max(image.width(), image.height())) / kGridSide);
    const cv::Mat gray = coarseGray(image, step);
    std::array<cv::Mat, kOrganCount> mask;
    std::array<double, kOrganCount> mean{};
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        mask[i] = maskOf(outlines[i], step, gray.size());
        mean[i] = cv::mean(gray, mask[i])[0];
    }
    const std::size_t left = at(Organ::LeftLung), right = at(Organ::RightLung);
    ChestGray result;
    result.heartOverLung = mean[at(Organ::Heart)] - std::max(mean[left], mean[right]);
    result.black = std::max(blackShare(gray, mask[left]), blackShare(gray, mask[right]));
    return result;
}

GrayJudgement judgeGray(const ChestGray& gray) {
    GrayJudgement result;
    const double contrast = kHeartOverLung.score(gray.heartOverLung), black = kBlackShare.score(gray.black);
    result.plausibility = contrast * black;
    if (contrast < 1) {
        result.notes.emplace_back(
            "The lungs are hardly darker than the heart: the film is inverted, or is no frontal film of the chest.");
    }
    if (black < 1)
        result.notes.emplace_back("A lung lies in the black outside of the body: is this a frontal film of the chest?");
    return result;
}

}  // namespace cxr
