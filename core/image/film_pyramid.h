// FilmPyramid: a film at full size, half, quarter, ... so that any zoom reads about as many samples as it paints.
//   level k, pixel (x, y) = mean of the film's pixels [x 2^k, (x+1) 2^k) x [y 2^k, (y+1) 2^k), rounded at every level;
//   sizes are rounded up, a missing last row or column repeats its neighbour.
// Means are taken of stored samples (before the pixel chain), so one pyramid serves every window. Next to padding they
// mix padding and film: a fringe of at most one painted pixel.
//   thread rule  levels are built at first use: one thread at a time
//   cost         a third of the film's memory; about 10 ms for 4096 x 4096
#pragma once

#include <cstddef>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace cxr {

class FilmPyramid {
  public:
    FilmPyramid() = default;
    // REQUIRES: samples CV_16UC1, not empty. Shares the pixels.
    explicit FilmPyramid(cv::Mat samples);

    [[nodiscard]] bool isEmpty() const { return m_levels.empty(); }
    // Levels end where the longer side is at most 128 px.
    [[nodiscard]] int levelCount() const { return static_cast<int>(m_levels.size()); }
    // CV_16UC1 [ceil(H / 2^index), ceil(W / 2^index)]. REQUIRES: 0 <= index < levelCount()
    [[nodiscard]] const cv::Mat& level(int index) const;
    // The level to read when one painted pixel covers `filmPxPerPixel` film pixels: the nearest in powers of two, so
    // that what is left to the bilinear step is a factor between 0.7 and 1.4.
    [[nodiscard]] int levelFor(double filmPxPerPixel) const;
    // Bytes of the levels built so far, without the film itself.
    [[nodiscard]] std::size_t extraBytes() const;

  private:
    mutable std::vector<cv::Mat> m_levels;  // empty until built; [0] is the film
};

}  // namespace cxr
