// What is expected of each kept pixel, row by row, from kept pixels before it, wherever the mask left them:
//   W = the one before it in its row (dW columns away), N = the nearest above it (dN rows), A = the one above W
//   in N's row.
//   no W, no N      the pixel before it, 128 at first        no N, or dN > 6 dW   W            no W   N
//   A, dN = 1       median(W, N, W + N - A)                  (the predictor of JPEG-LS, ITU-T T.87)
//   A, dN > 1       W + k (N - A), k = 205/256 (dN = 2), 141/256 (3 to 5), 90/256 (6 and more)
//   else            (W dN + N dW) / (dN + dW)
// Integers only, so that every machine predicts the same.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace cxr {

struct Expectation {
    int value = 0;
    int unrest = 0;  // how much the pixels around differ
};

// What is known before a pixel, and what it lets us expect. Give it the pixels row by row, each row left to right.
class KeptPredictor {
  public:
    explicit KeptPredictor(int columns) : m_above(static_cast<std::size_t>(columns)), m_current(static_cast<std::size_t>(columns)) {}

    void beginRow(int row) {
        m_row = row;
        m_left = -1;
        m_above = m_current;
        m_step = 0;
    }
    [[nodiscard]] Expectation expected(int column) const {
        const Kept& above = m_above[static_cast<std::size_t>(column)];
        const bool hasLeft = m_left >= 0, hasAbove = above.value >= 0;
        if (!hasLeft) return {hasAbove ? above.value : m_last, 0};
        const int dW = column - m_left, dN = m_row - above.row;
        if (!hasAbove || dN > kFarRows * dW) return {m_last, 0};
        const Kept& corner = m_above[static_cast<std::size_t>(m_left)];
        if (corner.value >= 0 && corner.row == above.row) return {along(above.value, corner.value, dN), std::abs(above.value - corner.value)};
        return {(m_last * dN + above.value * dW) / (dN + dW), std::abs(above.value - m_last)};
    }
    // What the two pixels before differ by, in this row; 0 where there are no two.
    [[nodiscard]] int step() const { return m_step; }
    void set(int column, int value) {
        m_current[static_cast<std::size_t>(column)] = {value, m_row};
        m_step = m_left >= 0 ? value - m_last : 0;
        m_left = column;
        m_last = value;
    }

  private:
    static constexpr int kFirstGuess = 128;
    static constexpr int kFarRows = 6;  // beyond that many times dW the row above says nothing
    struct Kept {
        int value = -1;  // -1: none yet
        int row = 0;
    };
    // m_last is the pixel to the left.
    [[nodiscard]] int along(int above, int corner, int dN) const {
        if (dN == 1) {
            if (corner >= std::max(m_last, above)) return std::min(m_last, above);
            if (corner <= std::min(m_last, above)) return std::max(m_last, above);
            return m_last + above - corner;
        }
        const int weight = dN == 2 ? 205 : dN <= 5 ? 141 : 90;
        return std::clamp(m_last + ((weight * (above - corner) + 128) >> 8), 0, 255);
    }

    std::vector<Kept> m_above, m_current;
    int m_row = 0, m_left = -1, m_last = kFirstGuess, m_step = 0;
};

}  // namespace cxr
