// A phantom film with the findings that a perfect network would give: for tests and for the pictures of the manual.
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "core/image/phantom.h"
#include "core/measure/chest.h"

namespace cxr::ui::test {

struct SampleFilm {
    ImagePtr image;
    ChestMeasurement chest;
    ModelStamp model;
};

// Outline of a mask without holes: its left border downwards, its right border upwards, every `step` rows.
inline Outline outlineOf(Organ organ, const cv::Mat& mask, int step) {
    std::vector<PointPx> left, right;
    for (int y = 0; y < mask.rows; y += step) {
        int first = -1, last = -1;
        for (int x = 0; x < mask.cols; ++x)
            if (mask.at<std::uint8_t>(y, x)) last = x, first = first < 0 ? x : first;
        if (first < 0) continue;
        left.push_back({first + 0.0, y + 0.5});
        right.push_back({last + 1.0, y + 0.5});
    }
    Outline outline{organ, left, false};
    outline.points.insert(outline.points.end(), right.rbegin(), right.rend());
    return outline;
}

inline SampleFilm sampleFilm(double ratio = 0.57, PhantomSpec spec = {}) {
    spec.cardiothoracicRatio = ratio;
    Phantom phantom = makePhantom(spec);
    SampleFilm sample;
    sample.chest.outlines = {outlineOf(Organ::Heart, phantom.heart, 24),
                             outlineOf(Organ::LeftLung, phantom.leftLung, 24),
                             outlineOf(Organ::RightLung, phantom.rightLung, 24)};
    sample.chest.heartLine = phantom.heartLine;
    sample.chest.chestLine = phantom.chestLine;
    sample.chest.ratio = phantom.heartLine.length() / phantom.chestLine.length();
    sample.chest.verdict = verdictOf(sample.chest.ratio);
    sample.chest.quality = 0.94;
    sample.chest.filmWidthPx = phantom.image.width();
    sample.chest.filmHeightPx = phantom.image.height();
    sample.image = std::make_shared<const Image>(std::move(phantom.image));
    sample.model = {"heart-lungs", "Heart and lungs", "1.0", std::string(64, 'a'), "CPU, 2 threads"};
    return sample;
}

}  // namespace cxr::ui::test
