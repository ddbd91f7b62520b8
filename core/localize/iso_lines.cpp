// Marching squares.
#include "core/localize/iso_lines.h"

#include <algorithm>
#include <cstdint>
#include <opencv2/core.hpp>
#include <unordered_map>
#include <utility>

#include "core/localize/map_geometry.h"

namespace cxr {
namespace {

constexpr int kLeastSide = 128;  // cells of the smooth map

enum Edge { Top, Right, Bottom, Left };
using Segment = std::pair<Edge, Edge>;

// Which edges of a square a level crosses; bits: 1 top left, 2 top right, 4 bottom right, 8 bottom left at or above it.
std::vector<Segment> segmentsOf(int code, bool isMiddleAbove) {
    switch (code) {
        case 1: case 14: return {{Left, Top}};
        case 2: case 13: return {{Top, Right}};
        case 3: case 12: return {{Left, Right}};
        case 4: case 11: return {{Right, Bottom}};
        case 6: case 9: return {{Top, Bottom}};
        case 7: case 8: return {{Left, Bottom}};
        case 5: case 10: break;
        default: return {};
    }
    const bool cutsTopRight = (code == 5) == isMiddleAbove;  // else the corners top left and bottom right
    if (cutsTopRight) return {{Top, Right}, {Left, Bottom}};
    return {{Left, Top}, {Right, Bottom}};
}

class Tracer {
  public:
    Tracer(const cv::Mat& cells, double level) : m_cells(cells), m_level(level) { findSegments(); }

    // Lines as points in cells, centres at whole numbers.
    std::vector<std::pair<bool, std::vector<PointPx>>> lines() {
        std::vector<std::pair<bool, std::vector<PointPx>>> all;
        for (const bool wantsEnds : {true, false}) {  // open lines first: they must begin at an end
            for (std::size_t i = 0; i < m_segments.size(); ++i) {
                if (m_isUsed[i]) continue;
                const auto [a, b] = m_segments[i];
                const bool isEnd = degreeOf(a) == 1 || degreeOf(b) == 1;
                if (wantsEnds == isEnd) all.push_back(follow(i, degreeOf(b) == 1 ? b : a));
            }
        }
        return all;
    }

  private:
    using Key = std::int64_t;  // of an edge of the lattice

    double at(int row, int column) const { return m_cells.at<float>(row, column); }
    bool isAbove(int row, int column) const { return at(row, column) >= m_level; }
    Key keyOf(int row, int column, Edge edge) const {
        if (edge == Bottom) ++row;
        if (edge == Right) ++column;
        const bool isVertical = edge == Left || edge == Right;
        return 2 * (static_cast<Key>(row) * m_cells.cols + column) + (isVertical ? 1 : 0);
    }
    PointPx pointOf(Key key) const {
        const int row = static_cast<int>(key / 2 / m_cells.cols), column = static_cast<int>(key / 2 % m_cells.cols);
        const bool isVertical = key % 2 == 1;
        const double first = at(row, column), second = isVertical ? at(row + 1, column) : at(row, column + 1);
        const double share = (m_level - first) / (second - first);
        return isVertical ? PointPx{static_cast<double>(column), row + share} : PointPx{column + share, static_cast<double>(row)};
    }
    void findSegments() {
        for (int row = 0; row + 1 < m_cells.rows; ++row) {
            for (int column = 0; column + 1 < m_cells.cols; ++column) addSquare(row, column);
        }
        m_isUsed.assign(m_segments.size(), false);
    }
    void addSquare(int row, int column) {
        const int code = (isAbove(row, column) ? 1 : 0) | (isAbove(row, column + 1) ? 2 : 0) | (isAbove(row + 1, column + 1) ? 4 : 0) |
                         (isAbove(row + 1, column) ? 8 : 0);
        if (code == 0 || code == 15) return;
        const double middle = (at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1)) / 4;
        for (const auto& [from, to] : segmentsOf(code, middle >= m_level)) {
            const Key a = keyOf(row, column, from), b = keyOf(row, column, to);
            m_of[a].push_back(m_segments.size());
            m_of[b].push_back(m_segments.size());
            m_segments.emplace_back(a, b);
        }
    }
    std::size_t degreeOf(Key key) const { return m_of.at(key).size(); }
    std::pair<bool, std::vector<PointPx>> follow(std::size_t segment, Key from) {
        std::vector<PointPx> points{pointOf(from)};
        const Key first = from;
        while (true) {
            m_isUsed[segment] = true;
            from = m_segments[segment].first == from ? m_segments[segment].second : m_segments[segment].first;
            if (from == first) return {true, std::move(points)};
            points.push_back(pointOf(from));
            const auto& next = m_of.at(from);
            const auto free = std::find_if(next.begin(), next.end(), [&](std::size_t i) { return !m_isUsed[i]; });
            if (free == next.end()) return {false, std::move(points)};
            segment = *free;
        }
    }

    const cv::Mat& m_cells;
    double m_level;
    std::vector<std::pair<Key, Key>> m_segments;
    std::unordered_map<Key, std::vector<std::size_t>> m_of;
    std::vector<bool> m_isUsed;
};

}  // namespace

std::vector<IsoLine> isoLines(const Heatmap& map, const std::vector<double>& levels) {
    std::vector<IsoLine> result;
    const cv::Mat cells = smoothCells(map, kLeastSide);
    for (const double level : levels) {
        for (auto& [isClosed, points] : Tracer(cells, level).lines()) {
            for (PointPx& p : points) p = map.grid.at((p.x + 0.5) / cells.cols, (p.y + 0.5) / cells.rows);
            result.push_back({level, isClosed, std::move(points)});
        }
    }
    return result;
}

}  // namespace cxr
