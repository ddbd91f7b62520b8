// priorMask: rows, random lines and the heart region as a 0/1 picture. HeartSpot (S1) section II.
//   HLine   rows round(first n/320), ... < round(end n/320), step round(step n/320) (halves to even, as NumPy), at least 1
//   RLine   for each line two points r / |r|, r = two Gaussians; x of the first made positive, of the second negative;
//           times n, plus n/2, rounded, joined by cv::line (8-connected Bresenham)
//   Heart   region picture, nearest resize (source index = floor(i in / out)), kept where >= threshold
// Pure functions; thread-safe.
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/prior/heartspot.h"
#include "core/prior/numpy_random.h"
#include "core/prior/pooling.h"

namespace cxr {
namespace {

constexpr double kReferenceSide = 320;

int scaledRow(int row, int side) {
    return static_cast<int>(std::nearbyint(row * side / kReferenceSide));
}

void keepRows(const HLineSpec& spec, cv::Mat& mask) {
    const int end = std::min(scaledRow(spec.endRow, mask.rows), mask.rows);
    const int step = std::max(1, scaledRow(spec.step, mask.rows));
    for (int row = scaledRow(spec.firstRow, mask.rows); row < end; row += step) mask.row(row).setTo(1);
}

// A point of the circle of radius max(H, W) round the centre, on the right half or the left.
cv::Point randomPoint(NumpyRandom& random, const cv::Mat& mask, bool right) {
    const double x = random.nextGaussian();
    const double y = random.nextGaussian();
    const double length = std::sqrt(x * x + y * y);
    const double radius = std::max(mask.rows, mask.cols);
    const double side = right ? std::abs(x) : -std::abs(x);
    return {static_cast<int>(std::nearbyint(side / length * radius + mask.cols / 2.0)),
            static_cast<int>(std::nearbyint(y / length * radius + mask.rows / 2.0))};
}

void keepRandomLines(const RLineSpec& spec, cv::Mat& mask) {
    NumpyRandom random(spec.seed);
    for (int i = 0; i < spec.count; ++i) {
        const cv::Point right = randomPoint(random, mask, true);
        const cv::Point left = randomPoint(random, mask, false);
        cv::line(mask, right, left, cv::Scalar(1));
    }
}

cv::Mat heartMask(const HeartSpec& spec, const cv::Mat& region, int side) {
    cv::Mat mask(side, side, CV_8UC1);
    for (int y = 0; y < side; ++y) {
        const auto* from = region.ptr<std::uint8_t>(static_cast<int>(static_cast<std::int64_t>(y) * region.rows / side));
        auto* to = mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < side; ++x) {
            to[x] = from[static_cast<std::int64_t>(x) * region.cols / side] >= spec.threshold ? 1 : 0;
        }
    }
    return mask;
}

}  // namespace

Result<cv::Mat> priorMask(const PriorSpec& spec, const cv::Mat& heartRegion) {
    const int side = spec.pool ? pooledSide(spec.size, *spec.pool) : spec.size;
    if (side < 1) return Error{ErrorCode::InvalidArgument, "prior: the pooling kernel is larger than the picture"};
    if (spec.heart && (heartRegion.empty() || heartRegion.type() != CV_8UC1)) {
        return Error{ErrorCode::InvalidArgument,
                     "prior: this one needs a heart region; give an 8-bit gray picture of it (--roi FILE)"};
    }
    const bool hasLines = spec.hline || spec.rline;
    cv::Mat mask(side, side, CV_8UC1, cv::Scalar(hasLines ? 0 : 1));
    if (spec.hline) keepRows(*spec.hline, mask);
    if (spec.rline) keepRandomLines(*spec.rline, mask);
    if (spec.heart) mask &= heartMask(*spec.heart, heartRegion, side);
    if ((!hasLines && !spec.heart) || cv::countNonZero(mask) == 0) {
        return Error{ErrorCode::InvalidArgument, "prior: nothing would be kept; choose other lines or another region"};
    }
    return mask;
}

}  // namespace cxr
