#include "core/prior/heartspot.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/prior/pooling.h"

namespace cxr {
namespace {

template <typename Visit>
void forKept(const cv::Mat& mask, const Visit& visit) {
    for (int y = 0; y < mask.rows; ++y) {
        const auto* row = mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < mask.cols; ++x) {
            if (row[x] != 0) visit(y, x);
        }
    }
}

std::vector<float> keptPixels(const cv::Mat& picture, const cv::Mat& mask) {
    cv::Mat values;
    picture.convertTo(values, CV_32F);
    std::vector<float> kept;
    kept.reserve(static_cast<std::size_t>(cv::countNonZero(mask)));
    forKept(mask, [&](int y, int x) { kept.push_back(values.at<float>(y, x)); });
    return kept;
}

}  // namespace

cv::Mat centreCrop(const cv::Mat& film, int size) {
    const int side = std::min(film.rows, film.cols);
    const cv::Rect square((film.cols - side) / 2, (film.rows - side) / 2, side, side);
    cv::Mat crop;
    cv::resize(film(square), crop, {size, size}, 0, 0, size < side ? cv::INTER_AREA : cv::INTER_LINEAR);
    return crop;
}

Result<HeartSpot> applyHeartSpot(const PriorSpec& spec, const cv::Mat& film, const cv::Mat& heartRegion,
                                 const RunContext& context) {
    if (film.empty() || (film.type() != CV_8UC1 && film.type() != CV_16UC1 && film.type() != CV_32FC1)) {
        return Error{ErrorCode::InvalidArgument, "HeartSpot takes gray pictures of 8 or 16 bits or floats"};
    }
    Result<cv::Mat> mask = priorMask(spec, heartRegion);
    if (!mask.isOk()) return std::move(mask).error();
    HeartSpot spot{spec, centreCrop(film, spec.size), std::move(mask).value(), {}};
    if (spec.pool) {
        Result<cv::Mat> pooled = quantilePool(spot.pooled, *spec.pool, context);
        if (!pooled.isOk()) return std::move(pooled).error();
        spot.pooled = std::move(pooled).value();
    }
    spot.vector = keptPixels(spot.pooled, spot.mask);
    return spot;
}

Result<cv::Mat> reconstruct(const cv::Mat& mask, const std::vector<float>& vector, float background) {
    const int kept = mask.empty() ? 0 : cv::countNonZero(mask);
    if (static_cast<std::size_t>(kept) != vector.size()) {
        return Error{ErrorCode::InvalidArgument, "the vector has " + std::to_string(vector.size()) +
                                                     " values, but the mask keeps " + std::to_string(kept) + " pixels"};
    }
    cv::Mat picture(mask.size(), CV_32FC1, cv::Scalar(background));
    std::size_t next = 0;
    forKept(mask, [&](int y, int x) { picture.at<float>(y, x) = vector[next++]; });
    return picture;
}

}  // namespace cxr
