// Lungs to an upright square, and the film's gray values in it.
#include "core/measure/thorax_frame.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "core/measure/organ_masks.h"

namespace cxr {
namespace {

constexpr double kLeastLungShare = 0.015;  // of the film's area
constexpr double kLeastLungRatio = 0.15;   // smaller lung to larger lung
constexpr double kLeastSide = 0.3, kLargestSide = 1.6;  // of the square, share of the film's shorter side
constexpr double kLargestAspect = 2.2;     // of the bounds
constexpr int kMostSamples = 16;           // a cell is sampled at most this often along each axis

double radians(double degrees) { return degrees * std::numbers::pi / 180; }
double degrees(double radians) { return radians * 180 / std::numbers::pi; }

const cv::Mat& maskOf(const OrganMasks& masks, Organ organ) { return masks.mask[static_cast<std::size_t>(organ)]; }

struct Lung {
    double areaCells = 0;
    PointPx centroid;  // mask coordinates
    PointPx up;        // unit vector along the long axis, pointing up
};

Lung lungOf(const cv::Mat& mask) {
    const cv::Moments m = cv::moments(mask, true);
    if (m.m00 <= 0) return {};
    const double angle = 0.5 * std::atan2(2 * m.mu11, m.mu20 - m.mu02);
    const double sign = std::sin(angle) > 0 ? -1 : 1;  // y grows downwards
    return {m.m00, {m.m10 / m.m00, m.m01 / m.m00}, {sign * std::cos(angle), sign * std::sin(angle)}};
}

// Clockwise turn of the chest on the film.
double turnOf(const Lung& left, const Lung& right) {
    const double turn = degrees(std::atan2(left.up.x + right.up.x, -(left.up.y + right.up.y)));
    return std::abs(turn) <= kLargestTurnDeg ? turn : 0;
}

bool areLungs(const Lung& left, const Lung& right, double filmCells) {
    const auto [smaller, larger] = std::minmax(left.areaCells, right.areaCells);
    return smaller >= kLeastLungShare * filmCells && smaller >= kLeastLungRatio * larger &&
           left.centroid.x > right.centroid.x;
}

// Axes of a square that is turned by this angle, as unit vectors.
struct Axes {
    explicit Axes(double angleDeg) : cosine(std::cos(radians(angleDeg))), sine(std::sin(radians(angleDeg))) {}
    [[nodiscard]] double along(double x, double y) const { return cosine * x + sine * y; }
    [[nodiscard]] double down(double x, double y) const { return cosine * y - sine * x; }
    double cosine, sine;
};

struct Bounds {
    double left = 1e300, right = -1e300, top = 1e300, bottom = -1e300;  // along turned axes, film pixels
    [[nodiscard]] double width() const { return right - left; }
    [[nodiscard]] double height() const { return bottom - top; }
    [[nodiscard]] double longer() const { return std::max(width(), height()); }
};

Bounds boundsAlong(const Axes& axes, const OrganMasks& masks) {
    Bounds bounds;
    for (const cv::Mat& mask : masks.mask) {
        std::vector<std::vector<cv::Point>> contours;
        cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
        for (const auto& contour : contours) {
            for (const cv::Point& p : contour) {
                const double x = masks.originPx.x + (p.x + 0.5) * masks.cellPx;
                const double y = masks.originPx.y + (p.y + 0.5) * masks.cellPx;
                const double u = axes.along(x, y), v = axes.down(x, y);
                bounds = {std::min(bounds.left, u), std::max(bounds.right, u), std::min(bounds.top, v), std::max(bounds.bottom, v)};
            }
        }
    }
    return bounds;
}

std::optional<ThoraxFrame> frameRound(const Bounds& bounds, double angleDeg, int shorterSide) {
    const double side = bounds.longer() * (1 + 2 * kThoraxMargin);
    const double aspect = bounds.longer() / std::max(1e-9, std::min(bounds.width(), bounds.height()));
    if (!(side >= kLeastSide * shorterSide && side <= kLargestSide * shorterSide) || aspect > kLargestAspect) return {};
    const double u = (bounds.left + bounds.right) / 2, v = (bounds.top + bounds.bottom) / 2;
    const Axes axes(angleDeg);
    return ThoraxFrame{{axes.cosine * u - axes.sine * v, axes.sine * u + axes.cosine * v}, side, angleDeg, true};
}

// Grid cell -> film pixel index, for cv::warpAffine.
cv::Matx23d gridToFilm(const ThoraxFrame& frame, int cells) {
    const Axes axes(frame.angleDeg);
    const double step = frame.sidePx / cells, first = (0.5 - cells / 2.0) * step;
    return {axes.cosine * step, -axes.sine * step, frame.centre.x + axes.cosine * first - axes.sine * first - 0.5,
            axes.sine * step,   axes.cosine * step, frame.centre.y + axes.sine * first + axes.cosine * first - 0.5};
}

}  // namespace

ThoraxFrame centredSquare(int filmWidth, int filmHeight) {
    return {{filmWidth / 2.0, filmHeight / 2.0}, static_cast<double>(std::min(filmWidth, filmHeight)), 0, false};
}

ThoraxFrame letterboxSquare(int filmWidth, int filmHeight) {
    return {{filmWidth / 2.0, filmHeight / 2.0}, static_cast<double>(std::max(filmWidth, filmHeight)), 0, false};
}

ThoraxFrame thoraxFrame(const Segmentation& segmentation, int filmWidth, int filmHeight) {
    const ThoraxFrame otherwise = centredSquare(filmWidth, filmHeight);
    const OrganMasks masks = organMasks(segmentation);
    const Lung left = lungOf(maskOf(masks, Organ::LeftLung)), right = lungOf(maskOf(masks, Organ::RightLung));
    const double filmCells = static_cast<double>(filmWidth) * filmHeight / (masks.cellPx * masks.cellPx);
    if (!areLungs(left, right, filmCells)) return otherwise;
    const double angle = turnOf(left, right);
    return frameRound(boundsAlong(Axes(angle), masks), angle, std::min(filmWidth, filmHeight)).value_or(otherwise);
}

cv::Mat warpToFrame(const cv::Mat& film, const ThoraxFrame& frame, int size) {
    const int samples = std::clamp(static_cast<int>(std::ceil(frame.sidePx / size - 1e-9)), 1, kMostSamples);
    cv::Mat values, fine, grid;
    film.convertTo(values, CV_32F);
    cv::warpAffine(values, fine, gridToFilm(frame, size * samples), {size * samples, size * samples},
                   cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, cv::Scalar(0));
    if (samples == 1) return fine;
    cv::resize(fine, grid, {size, size}, 0, 0, cv::INTER_AREA);
    return grid;
}

}  // namespace cxr
