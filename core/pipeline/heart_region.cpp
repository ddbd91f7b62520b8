// Average heart probability in the centre crop.
#include "core/pipeline/heart_region.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace cxr {
namespace {

constexpr double kSmoothingCells = 2;
constexpr double kKeptGray = 100;

// Heart probability at the cells' centres of the largest centred square of the film: CV_32FC1 [side, side].
cv::Mat inCentreCrop(const Segmentation& segmentation, int width, int height, int side) {
    const Plane& heart = segmentation.probability[static_cast<std::size_t>(Organ::Heart)];
    const cv::Mat plane(heart.height, heart.width, CV_32FC1, const_cast<float*>(heart.values.data()));
    const int crop = std::min(width, height);
    const double step = static_cast<double>(crop) / side;
    cv::Mat mapX(side, side, CV_32FC1), mapY(side, side, CV_32FC1), values;
    for (int i = 0; i < side; ++i) {
        for (int j = 0; j < side; ++j) {
            const double x = (width - crop) / 2.0 + (j + 0.5) * step, y = (height - crop) / 2.0 + (i + 0.5) * step;
            mapX.at<float>(i, j) = static_cast<float>((x - segmentation.originPx.x) / segmentation.cellPx - 0.5);
            mapY.at<float>(i, j) = static_cast<float>((y - segmentation.originPx.y) / segmentation.cellPx - 0.5);
        }
    }
    cv::remap(plane, values, mapX, mapY, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return values;
}

}  // namespace

Result<HeartRegion> averageHeartRegion(const std::vector<LabelledFilm>& films, const SegmentFilm& segment, int side,
                                       double keepAbove, const RunContext& context) {
    cv::Mat sum = cv::Mat::zeros(side, side, CV_32FC1);
    for (std::size_t i = 0; i < films.size(); ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "the average was stopped"};
        const auto segmentation = segment(films[i], RunContext{context.stop, {}});
        if (!segmentation.isOk()) return Error(segmentation.error());
        sum += inCentreCrop(segmentation.value(), films[i].film.width, films[i].film.height, side);
        context.report(static_cast<double>(i + 1) / static_cast<double>(films.size()));
    }
    cv::Mat mean = sum / static_cast<double>(films.size());
    cv::GaussianBlur(mean, mean, cv::Size(), kSmoothingCells);
    const double exponent = std::log(kKeptGray / 255) / std::log(keepAbove);
    cv::Mat curved;
    cv::pow(cv::max(mean, 0), exponent, curved);
    HeartRegion region;
    curved.convertTo(region.gray, CV_8U, 255);
    region.keptShare = cv::countNonZero(region.gray >= kKeptGray) / static_cast<double>(side * side);
    return region;
}

}  // namespace cxr
