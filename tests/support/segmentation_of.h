// Segmentations made from masks, as a perfect network would give them: probabilities on a square grid, letterboxed.
#pragma once

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "core/engine/engine.h"
#include "core/image/phantom.h"

namespace cxr::test {

// Masks CV_8UC1 [H, W], not 0 = inside, in the order of Organ.
inline Segmentation segmentationOf(const std::array<cv::Mat, kOrganCount>& masks, int gridSide = 256) {
    const cv::Size film = masks[0].size();
    const int side = std::max(film.width, film.height);
    Segmentation result;
    result.cellPx = static_cast<double>(side) / gridSide;
    const int left = (side - film.width) / 2, top = (side - film.height) / 2;
    result.originPx = {-static_cast<double>(left), -static_cast<double>(top)};
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        cv::Mat boxed, inside, small;
        cv::copyMakeBorder(masks[i], boxed, top, side - film.height - top, left, side - film.width - left,
                           cv::BORDER_CONSTANT, cv::Scalar(0));
        inside = boxed != 0;
        inside.convertTo(inside, CV_32F, 1 / 255.0);
        cv::resize(inside, small, {gridSide, gridSide}, 0, 0, cv::INTER_AREA);
        result.probability[i].width = result.probability[i].height = gridSide;
        result.probability[i].values.assign(small.ptr<float>(), small.ptr<float>() + small.total());
    }
    result.model = {"fake", "Fake network", "1", "00ff", "CPU, 1 thread"};
    return result;
}

inline Segmentation segmentationOf(const Phantom& phantom, int gridSide = 256) {
    return segmentationOf({phantom.heart, phantom.leftLung, phantom.rightLung}, gridSide);
}

}  // namespace cxr::test
