// Thumbnails by sparse averaging: sixteen samples a pixel, spread over its cell. See thumbnail.h.
#include "ui/state/thumbnail.h"

#include <algorithm>
#include <array>

#include "core/image/pixel_chain.h"

namespace cxr::ui {

namespace {

constexpr int kTaps = 4;  // along each axis

// Sample positions of thumbnail cell `cell` of `count` along an axis of `length` film pixels.
std::array<int, kTaps> tapsOf(int cell, int count, int length) {
    std::array<int, kTaps> taps{};
    for (int k = 0; k < kTaps; ++k) {
        const double at = (cell + (k + 0.5) / kTaps) * length / count;
        taps[static_cast<std::size_t>(k)] = std::clamp(static_cast<int>(at), 0, length - 1);
    }
    return taps;
}

}  // namespace

QImage makeThumbnail(const Image& image, int sidePx) {
    const double scale = std::min(1.0, double(sidePx) / std::max(image.width(), image.height()));
    const int width = std::max(1, static_cast<int>(image.width() * scale + 0.5));
    const int height = std::max(1, static_cast<int>(image.height() * scale + 0.5));
    const auto gray = grayTable8(image, image.defaultVoi);
    QImage picture(width, height, QImage::Format_Grayscale8);
    for (int y = 0; y < height; ++y) {
        const auto rows = tapsOf(y, height, image.height());
        uchar* line = picture.scanLine(y);
        for (int x = 0; x < width; ++x) {
            int sum = 0;
            for (const int column : tapsOf(x, width, image.width())) {
                for (const int row : rows) sum += gray[image.samples.ptr<std::uint16_t>(row)[column]];
            }
            line[x] = static_cast<uchar>((sum + kTaps * kTaps / 2) / (kTaps * kTaps));
        }
    }
    return picture;
}

}  // namespace cxr::ui
