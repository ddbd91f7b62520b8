#include "core/measure/heart_label.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace cxr {
namespace {

// Lengths are shares of the heart's height.
constexpr double kWorkHeight = 200;      // rows of the heart on the working grid, at most
constexpr double kBlurSigma = 0.015;
constexpr double kHalfWidth = 0.85;      // of the columns that are looked at, from the middle column
constexpr double kClosingRadius = 0.05;
constexpr double kOpeningRadius = 0.2;
constexpr double kSeedRow = 0.6;
constexpr double kThresholdShift = 0.1;  // of the distance between the gray means
constexpr double kTolerance = 0.008;     // of the polygon fit
constexpr double kMostOfWindow = 0.97;   // a heart fills less of the rows and columns that are looked at
constexpr int kBands = 4;
// Exponents of the corners: upper left, upper right, lower left, lower right on the film.
constexpr std::array<double, 4> kCorners{2, 2, 2, 4};
constexpr double kLeastHeightPx = 16;

// The film on the working grid.
struct Work {
    cv::Mat gray;          // CV_32FC1 in [0, 1], blurred
    double filmPx = 1;     // film pixels per working pixel
    int upper = 0, lower = 0, left = 0, right = 0;  // the heart's rows and the columns that are looked at
    int middle = 0;        // column inside the heart
    [[nodiscard]] double height() const { return lower - upper; }
};

std::optional<Error> wrongBounds(const GrayFilm& film, const HeartBounds& bounds) {
    const bool isInside = bounds.upper >= 0 && bounds.lower <= film.height && bounds.left.value_or(0) >= 0 &&
                          bounds.right.value_or(film.width) <= film.width;
    if (!isInside) return Error{ErrorCode::InvalidArgument, "the heart's bounds must lie inside the film; correct them"};
    if (bounds.lower - bounds.upper >= kLeastHeightPx &&
        bounds.right.value_or(film.width) - bounds.left.value_or(0) >= kLeastHeightPx) {
        return std::nullopt;
    }
    return Error{ErrorCode::InvalidArgument, "the lower bound must be at least 16 px below the upper one, and right of left; correct them"};
}

// The brightest column of the lower four fifths, in the middle of the film: spine and heart together.
int middleColumn(const Work& work, int from, int to) {
    cv::Mat profile;
    cv::reduce(work.gray.rowRange(work.upper + static_cast<int>(0.2 * work.height()), work.lower), profile, 0, cv::REDUCE_AVG);
    cv::GaussianBlur(profile, profile, {}, std::max(0.5, 0.1 * work.height()));
    cv::Point brightest;
    cv::minMaxLoc(profile.colRange(from, to), nullptr, nullptr, nullptr, &brightest);
    return from + brightest.x;
}

Work prepare(const GrayFilm& film, const HeartBounds& bounds) {
    Work work;
    work.filmPx = std::max(1.0, (bounds.lower - bounds.upper) / kWorkHeight);
    const cv::Mat whole(film.height, film.width, CV_32F, const_cast<float*>(film.values.data()));
    const cv::Size size(std::max(1, cvRound(film.width / work.filmPx)), std::max(1, cvRound(film.height / work.filmPx)));
    cv::resize(whole, work.gray, size, 0, 0, cv::INTER_AREA);
    const auto onGrid = [&](double px, int most) { return std::clamp(cvRound(px / work.filmPx), 0, most); };
    work.upper = onGrid(bounds.upper, size.height);
    work.lower = onGrid(bounds.lower, size.height);
    cv::GaussianBlur(work.gray, work.gray, {}, kBlurSigma * work.height());
    const int from = bounds.left ? onGrid(*bounds.left, size.width) : static_cast<int>(0.35 * size.width);
    const int to = bounds.right ? onGrid(*bounds.right, size.width) : static_cast<int>(0.65 * size.width) + 1;
    work.middle = middleColumn(work, std::min(from, size.width - 1), std::clamp(to, from + 1, size.width));
    const int half = cvRound(kHalfWidth * work.height());
    work.left = bounds.left ? from : std::max(0, work.middle - half);
    work.right = bounds.right ? to : std::min(size.width, work.middle + half);
    return work;
}

// Otsu's threshold of a part of the film, shifted towards the dark side.
double thresholdOf(const cv::Mat& gray) {
    cv::Mat bytes, above;
    gray.convertTo(bytes, CV_8U, 255);
    const double otsu = cv::threshold(bytes, above, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    const double bright = cv::mean(bytes, above)[0], dark = cv::mean(bytes, ~above)[0];
    return (otsu - kThresholdShift * (bright - dark)) / 255;
}

// Thresholds of the bands on one side of the middle column, seen as far as kHalfWidth even where the columns are given.
std::array<double, kBands> bandThresholds(const Work& work, bool isRight) {
    const int half = std::max(2, cvRound(kHalfWidth * work.height()));
    const int from = isRight ? std::min(work.middle, work.gray.cols - 2) : std::max(0, work.middle - half);
    const int to = isRight ? std::min(work.gray.cols, work.middle + half) : std::max(2, work.middle);
    const double band = work.height() / kBands;
    std::array<double, kBands> thresholds{};
    for (int i = 0; i < kBands; ++i) {
        const int top = std::max(0, static_cast<int>(work.upper + (i - 0.5) * band));
        const int bottom = std::clamp(static_cast<int>(work.upper + (i + 1.5) * band), top + 1, work.lower);
        thresholds[static_cast<std::size_t>(i)] = thresholdOf(work.gray(cv::Range(top, bottom), cv::Range(from, to)));
    }
    return thresholds;
}

cv::Mat binarised(const Work& work) {
    const std::array<std::array<double, kBands>, 2> thresholds{bandThresholds(work, false), bandThresholds(work, true)};
    cv::Mat bright(work.gray.size(), CV_8U, cv::Scalar(0));
    for (int y = work.upper; y < work.lower; ++y) {
        const double place = std::clamp((y - work.upper) / work.height() * kBands - 0.5, 0.0, kBands - 1.0);
        const auto band = static_cast<std::size_t>(place);
        const double share = place - static_cast<double>(band);
        for (int x = work.left; x < work.right; ++x) {
            const auto& side = thresholds[x >= work.middle ? 1 : 0];
            const double threshold = side[band] * (1 - share) + side[std::min<std::size_t>(band + 1, kBands - 1)] * share;
            bright.at<std::uint8_t>(y, x) = work.gray.at<float>(y, x) > threshold ? 255 : 0;
        }
    }
    return bright;
}

void applyMorphology(cv::Mat& mask, int operation, double radius) {
    const int side = 2 * std::max(1, cvRound(radius)) + 1;
    cv::morphologyEx(mask, mask, operation, cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side}));
}

// The part of `mask` that is connected with its pixel next to the seed, holes filled. Empty: there is none.
cv::Mat floodFrom(cv::Mat mask, cv::Point seed) {
    cv::Mat pixels;
    cv::findNonZero(mask, pixels);
    if (pixels.empty()) return {};
    const auto distance = [&](const cv::Point& p) { return std::hypot(p.x - seed.x, p.y - seed.y); };
    const cv::Point start = *std::min_element(pixels.begin<cv::Point>(), pixels.end<cv::Point>(),
                                              [&](const cv::Point& a, const cv::Point& b) { return distance(a) < distance(b); });
    constexpr int filledGray = 128;
    cv::floodFill(mask, start, filledGray);
    const cv::Mat connected = mask == filledGray;
    std::vector<std::vector<cv::Point>> borders;
    cv::findContours(connected, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    cv::Mat filled(mask.size(), CV_8U, cv::Scalar(0));
    cv::drawContours(filled, borders, -1, 255, cv::FILLED);
    return filled;
}

void roundCorners(cv::Mat& mask) {
    const cv::Rect box = cv::boundingRect(mask);
    for (int y = box.y; y < box.y + box.height; ++y) {
        for (int x = box.x; x < box.x + box.width; ++x) {
            const double u = (x + 0.5 - box.x) / box.width * 2 - 1, v = (y + 0.5 - box.y) / box.height * 2 - 1;
            const double exponent = kCorners[(v > 0 ? 2 : 0) + (u > 0 ? 1 : 0)];
            if (std::pow(std::abs(u), exponent) + std::pow(std::abs(v), exponent) > 1) mask.at<std::uint8_t>(y, x) = 0;
        }
    }
}

// Douglas-Peucker on the border along pixel corners, in film pixels.
Polygon fitted(const cv::Mat& mask, const Work& work) {
    std::vector<cv::Point2f> border, corners;
    for (const PointPx& point : traceMask(mask)) border.emplace_back(static_cast<float>(point.x), static_cast<float>(point.y));
    cv::approxPolyDP(border, corners, std::max(0.75, kTolerance * work.height()), true);
    Polygon outline;
    for (const cv::Point2f& corner : corners) outline.push_back({corner.x * work.filmPx, corner.y * work.filmPx});
    return outline;
}

}  // namespace

Result<HeartProposal> proposeHeart(const GrayFilm& film, const HeartBounds& bounds) {
    if (const auto wrong = wrongBounds(film, bounds)) return *wrong;
    const Work work = prepare(film, bounds);
    cv::Mat mask = binarised(work);
    applyMorphology(mask, cv::MORPH_CLOSE, kClosingRadius * work.height());
    applyMorphology(mask, cv::MORPH_OPEN, kOpeningRadius * work.height());
    mask.rowRange(0, work.upper).setTo(0);  // the closing may reach over the bounds
    mask.rowRange(work.lower, mask.rows).setTo(0);
    mask.colRange(0, work.left).setTo(0);
    mask.colRange(work.right, mask.cols).setTo(0);
    mask = floodFrom(mask, {work.middle, work.upper + cvRound(kSeedRow * work.height())});
    const double window = (work.right - work.left) * work.height();
    if (!mask.empty() && cv::countNonZero(mask) >= kMostOfWindow * window) mask = cv::Mat();  // nothing darker beside it
    if (!mask.empty()) roundCorners(mask);
    HeartProposal proposal;
    if (!mask.empty()) proposal.outline = fitted(mask, work);
    if (proposal.outline.size() < 3) {
        return Error{ErrorCode::InvalidArgument, "no heart stands out between these bounds; check them, or give --left and --right"};
    }
    proposal.mask = fillPolygon(proposal.outline, {film.width, film.height});
    return proposal;
}

}  // namespace cxr
