// A film and a measurement with simple known geometry, for the tests of viewport and print.
#pragma once

#include <cmath>
#include <memory>
#include <numbers>

#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"
#include "core/measure/chest.h"

namespace cxr::test {

inline std::vector<PointPx> ellipse(PointPx centre, double rx, double ry, int points = 90) {
    std::vector<PointPx> result;
    for (int i = 0; i < points; ++i) {
        const double angle = 2 * std::numbers::pi * i / points;
        result.push_back({centre.x + rx * std::cos(angle), centre.y + ry * std::sin(angle)});
    }
    return result;
}

// Heart 400 px wide, chest 800 px from 112 to 912, on a film of 1024 x 1024: the ratio is 0.50.
inline ChestMeasurement chestSample() {
    ChestMeasurement chest;
    chest.outlines[0] = {Organ::Heart, ellipse({520, 640}, 200, 150), false};
    chest.outlines[1] = {Organ::LeftLung, ellipse({762, 500}, 150, 300), false};
    chest.outlines[2] = {Organ::RightLung, ellipse({262, 500}, 150, 300), false};
    chest.heartLine = {{320, 640}, {720, 640}};
    chest.chestLine = {{112, 500}, {912, 500}};
    chest.ratio = 0.5;
    chest.verdict = Verdict::Normal;
    chest.quality = 0.95;
    chest.filmWidthPx = chest.filmHeightPx = 1024;
    return chest;
}

inline ImagePtr phantomFilm(bool mono1 = false, double noise = 0.01) {
    PhantomSpec spec;
    spec.mono1 = mono1;
    spec.noise = noise;
    return std::make_shared<const Image>(makePhantom(spec).image);
}

// A ramp of 16-bit samples: sample = 16 * x + y / 4, without header.
inline ImagePtr rampFilm(int width = 1024, int height = 1024) {
    auto image = std::make_shared<Image>();
    image->samples.create(height, width, CV_16UC1);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) image->samples.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(16 * x + y / 4);
    }
    image->defaultVoi = fullRangeVoi(*image);
    image->defaultVoiOrigin = "full range";
    return image;
}

}  // namespace cxr::test
