// Halving by exact 2 x 2 means; see film_pyramid.h.
#include "core/image/film_pyramid.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>

namespace cxr {

namespace {

constexpr int kSmallestSide = 128;

// Two rows of `width` samples -> one row of ceil(width / 2) means.
void halveRows(const std::uint16_t* upper, const std::uint16_t* lower, int width, std::uint16_t* mean) {
    const int pairs = width / 2;
    for (int x = 0; x < pairs; ++x) {
        const unsigned sum = 0U + upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
        mean[x] = static_cast<std::uint16_t>((sum + 2) >> 2);
    }
    if (width % 2 != 0) {
        mean[pairs] = static_cast<std::uint16_t>((0U + upper[width - 1] + lower[width - 1] + 1) >> 1);
    }
}

cv::Mat halved(const cv::Mat& larger) {
    cv::Mat smaller((larger.rows + 1) / 2, (larger.cols + 1) / 2, CV_16UC1);
    for (int y = 0; y < smaller.rows; ++y) {
        const int lower = std::min(2 * y + 1, larger.rows - 1);
        halveRows(larger.ptr<std::uint16_t>(2 * y), larger.ptr<std::uint16_t>(lower), larger.cols,
                  smaller.ptr<std::uint16_t>(y));
    }
    return smaller;
}

}  // namespace

FilmPyramid::FilmPyramid(cv::Mat samples) {
    assert(samples.type() == CV_16UC1 && !samples.empty());
    int side = std::max(samples.rows, samples.cols);
    std::size_t count = 1;
    for (; side > kSmallestSide; side = (side + 1) / 2) ++count;
    m_levels.resize(count);
    m_levels[0] = std::move(samples);
}

const cv::Mat& FilmPyramid::level(int index) const {
    assert(index >= 0 && index < levelCount());
    for (int i = 1; i <= index; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (m_levels[at].empty()) m_levels[at] = halved(m_levels[at - 1]);
    }
    return m_levels[static_cast<std::size_t>(index)];
}

int FilmPyramid::levelFor(double filmPxPerPixel) const {
    if (!(filmPxPerPixel > 1)) return 0;
    const int nearest = static_cast<int>(std::lround(std::log2(filmPxPerPixel)));
    return std::clamp(nearest, 0, levelCount() - 1);
}

std::size_t FilmPyramid::extraBytes() const {
    std::size_t bytes = 0;
    for (std::size_t i = 1; i < m_levels.size(); ++i) bytes += m_levels[i].total() * m_levels[i].elemSize();
    return bytes;
}

}  // namespace cxr
