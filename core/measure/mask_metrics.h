// How well two masks of one organ agree: Dice, IoU, Hausdorff distance at the 95th percentile.
//   Dice = 2|A n B| / (|A| + |B|)      IoU = |A n B| / |A u B|
//   HD95 = max(P95 of distances boundary(A) -> boundary(B), P95 of boundary(B) -> boundary(A)), percentile with linear
//   interpolation between ranks; a boundary pixel has a 4-neighbour outside its mask (outside the picture counts).
//   Huttenlocher et al., PAMI 1993; the percentile of each direction before the maximum, as MONAI computes it.
// Empty masks have defined values: both empty = perfect agreement (1, 1, 0); one empty = none (0, 0, the picture's
// diagonal). Pure functions; thread-safe. Masks: CV_8UC1 of equal size, not 0 = inside.
#pragma once

#include <opencv2/core/mat.hpp>

namespace cxr {

// Size of one pixel. The default gives distances in pixels.
struct PixelSize {
    double x = 1;  // horizontal, > 0
    double y = 1;  // vertical, > 0
};

// REQUIRES for all: both CV_8UC1, equal size, not without pixels.
double diceOf(const cv::Mat& a, const cv::Mat& b);
double iouOf(const cv::Mat& a, const cv::Mat& b);
double hausdorff95(const cv::Mat& a, const cv::Mat& b, PixelSize pixel = {});

// All three at once.
struct MaskAgreement {
    double dice = 0;
    double iou = 0;
    double hausdorff95 = 0;  // in the unit of `pixel`
};
MaskAgreement compareMasks(const cv::Mat& a, const cv::Mat& b, PixelSize pixel = {});

}  // namespace cxr
