#include "core/measure/organ_masks.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace cxr {
namespace {

constexpr int kFineSide = 512;  // cells a side, about
constexpr int kMaxUpsampling = 8;
constexpr double kSmoothingShare = 0.006;  // sigma of the outline's smoothing, share of the grid's side
constexpr double kSpeckShare = 0.004;      // radius of opening and closing, share of the grid's side

constexpr std::size_t at(Organ organ) { return static_cast<std::size_t>(organ); }

cv::Mat upsampled(const Plane& plane, int factor) {
    if (plane.width <= 0 || plane.height <= 0 ||
        plane.values.size() != static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height)) {
        return {};
    }
    const cv::Mat coarse(plane.height, plane.width, CV_32FC1, const_cast<float*>(plane.values.data()));
    cv::Mat fine;
    cv::resize(coarse, fine, {plane.width * factor, plane.height * factor}, 0, 0, cv::INTER_LINEAR);
    cv::patchNaNs(fine, 0);
    return fine;
}

cv::Mat tidied(const cv::Mat& mask) {
    const int radius = std::max(1, static_cast<int>(std::lround(kSpeckShare * std::max(mask.rows, mask.cols))));
    const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
    cv::Mat result;
    cv::morphologyEx(mask, result, cv::MORPH_OPEN, disc);
    cv::morphologyEx(result, result, cv::MORPH_CLOSE, disc, {-1, -1}, 1, cv::BORDER_REPLICATE);
    return result;
}

// The largest part of `mask` whose centre lies on the wanted side of `middle`; the largest of all if there is none.
cv::Mat largestPartOnSide(const cv::Mat& mask, double middle, bool wantRight) {
    cv::Mat labels, statistics, centres;
    const int count = cv::connectedComponentsWithStats(mask, labels, statistics, centres, 4, CV_32S);
    int best = 0, bestArea = 0, sided = 0, sidedArea = 0;
    for (int label = 1; label < count; ++label) {
        const int area = statistics.at<int>(label, cv::CC_STAT_AREA);
        if (area > bestArea) best = label, bestArea = area;
        if ((centres.at<double>(label, 0) > middle) == wantRight && area > sidedArea) sided = label, sidedArea = area;
    }
    const int chosen = sidedArea * 4 > bestArea ? sided : best;  // a crumb on the right side is no lung
    if (chosen == 0) return cv::Mat::zeros(mask.size(), CV_8UC1);
    return labels == chosen;
}

double meanColumn(const cv::Mat& mask) {
    const cv::Moments m = cv::moments(mask, true);
    return m.m00 > 0 ? m.m10 / m.m00 : mask.cols / 2.0;
}

double certaintyInside(const cv::Mat& probability, const cv::Mat& mask) {
    if (cv::countNonZero(mask) == 0) return 0;
    return cv::mean(cv::abs(probability * 2 - 1), mask)[0];
}

}  // namespace

cv::Mat largestPart(const cv::Mat& mask) { return largestPartOnSide(mask, -1, true); }

cv::Mat withoutHoles(const cv::Mat& mask) {
    cv::Mat framed;
    cv::copyMakeBorder(mask != 0, framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
    cv::floodFill(framed, {0, 0}, cv::Scalar(255), nullptr, {}, {}, 4);
    const cv::Mat holes = framed(cv::Rect(1, 1, mask.cols, mask.rows)) == 0;
    return (mask != 0) | holes;
}

OrganMasks organMasks(const Segmentation& segmentation, double threshold) {
    const Plane& first = segmentation.probability[0];
    const int side = std::max({first.width, first.height, 1});
    const int factor =
        std::clamp(static_cast<int>(std::lround(static_cast<double>(kFineSide) / side)), 1, kMaxUpsampling);
    OrganMasks result;
    result.originPx = segmentation.originPx;
    result.cellPx = segmentation.cellPx / factor;
    std::array<cv::Mat, kOrganCount> probability, raw;
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        probability[i] = upsampled(segmentation.probability[i], factor);
        if (probability[i].empty() || probability[i].size() != probability[0].size()) {
            probability[i] =
                cv::Mat::zeros(std::max(1, first.height * factor), std::max(1, first.width * factor), CV_32FC1);
        }
        raw[i] = probability[i] > threshold;
    }
    const std::size_t left = at(Organ::LeftLung), right = at(Organ::RightLung);
    const cv::Mat leftWins = probability[left] >= probability[right];
    raw[left] &= leftWins;
    raw[right] &= ~leftWins;
    const double middle = meanColumn(raw[left] | raw[right]);
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        const cv::Mat part = i == at(Organ::Heart) ? largestPart(raw[i]) : largestPartOnSide(raw[i], middle, i == left);
        const int before = cv::countNonZero(raw[i]);
        result.kept[i] = before > 0 ? static_cast<double>(cv::countNonZero(part)) / before : 1;
        result.mask[i] = largestPart(withoutHoles(tidied(part)));
        result.certainty[i] = certaintyInside(probability[i], result.mask[i]);
    }
    return result;
}

Polygon outlineOf(const cv::Mat& mask, PointPx originPx, double cellPx, int count) {
    Polygon outline = traceMask(mask);
    if (outline.empty()) return {};
    outline = resampled(smoothed(outline, kSmoothingShare * std::max(mask.rows, mask.cols)), count);
    for (PointPx& p : outline) p = {originPx.x + p.x * cellPx, originPx.y + p.y * cellPx};
    return outline;
}

}  // namespace cxr
