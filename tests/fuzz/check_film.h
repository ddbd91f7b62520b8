// What must hold for every film that a reader gives back, whatever the bytes were.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "core/io/image_reader.h"
#include "tests/fuzz/film_seeds.h"

namespace cxr::fuzz {

inline int readHostileFilm(const std::uint8_t* data, std::size_t size) {
    const ReadLimits limits = smallLimits();
    const auto image = readImage(std::span(data, size), "fuzz", limits);
    if (!image.isOk()) {
        if (image.error().message.empty()) std::abort();  // a refusal without a reason
        return 0;
    }
    const cv::Mat& samples = image.value()->samples;
    const auto pixels = static_cast<std::int64_t>(samples.total());
    if (samples.empty() || pixels > limits.maxPixels || samples.cols != image.value()->width() || samples.rows != image.value()->height()) std::abort();
    return 0;
}

}  // namespace cxr::fuzz
