#include "core/measure/ratio_range.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/measure/organ_masks.h"

namespace cxr {
namespace {

constexpr double kNearlySure = 0.9;

struct Extents {
    int heart = 0, chest = 0;  // horizontal, cells
};

Extents extentsAt(const Segmentation& segmentation, double threshold) {
    const OrganMasks masks = organMasks(segmentation, threshold);
    const auto boxOf = [&](Organ organ) { return cv::boundingRect(masks.mask[static_cast<std::size_t>(organ)]); };
    return {boxOf(Organ::Heart).width, (boxOf(Organ::LeftLung) | boxOf(Organ::RightLung)).width};
}

}  // namespace

RatioRange ratioRangeOf(const Segmentation& segmentation, double ratio) {
    const Extents inner = extentsAt(segmentation, kNearlySure), outer = extentsAt(segmentation, 1 - kNearlySure);
    RatioRange range{0, 1};
    if (outer.chest > 0) range.low = static_cast<double>(inner.heart) / outer.chest;
    if (inner.chest > 0) range.high = static_cast<double>(outer.heart) / inner.chest;
    return {std::clamp(range.low, 0.0, ratio), std::clamp(range.high, ratio, 1.0)};
}

}  // namespace cxr
