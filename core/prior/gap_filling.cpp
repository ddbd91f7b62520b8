// Normalised convolution.
#include "core/prior/gap_filling.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace cxr {

cv::Mat fillGaps(const cv::Mat& mask, const cv::Mat& picture, double sigmaPx) {
    constexpr double kNear = 1e-3;
    cv::Mat certainty, weight, sum;
    cv::Mat(mask != 0).convertTo(certainty, CV_32F, 1.0 / 255);
    cv::GaussianBlur(certainty, weight, {}, sigmaPx, sigmaPx, cv::BORDER_REFLECT_101);
    cv::GaussianBlur(picture.mul(certainty), sum, {}, sigmaPx, sigmaPx, cv::BORDER_REFLECT_101);
    cv::Mat filled = cv::Mat::zeros(picture.size(), CV_32FC1), mean;
    cv::divide(sum, cv::max(weight, kNear), mean);
    mean.copyTo(filled, weight >= kNear);
    picture.copyTo(filled, mask);
    return filled;
}

}  // namespace cxr
