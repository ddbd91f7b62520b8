#include "core/image/mask_borders.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cxr {
namespace {

enum Direction : std::uint8_t { Right, Down, Left, Up };
constexpr std::array<int, 4> kDx{1, 0, -1, 0}, kDy{0, 1, 0, -1};

// An edge between inside (to the right of its direction) and outside; corners are numbered row by row.
struct Edge {
    std::int64_t corner;
    Direction direction;
    bool isUsed = false;
};

std::optional<std::vector<Edge>> edgesOf(const cv::Mat& mask, std::size_t most) {
    std::vector<Edge> edges;
    const std::int64_t stride = mask.cols + 1;
    const auto isInside = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < mask.cols && y < mask.rows && mask.at<std::uint8_t>(y, x) != 0;
    };
    for (int y = 0; y < mask.rows; ++y) {
        for (int x = 0; x < mask.cols; ++x) {
            if (!isInside(x, y)) continue;
            const std::int64_t corner = y * stride + x;
            if (!isInside(x, y - 1)) edges.push_back({corner, Right});
            if (!isInside(x + 1, y)) edges.push_back({corner + 1, Down});
            if (!isInside(x, y + 1)) edges.push_back({corner + stride + 1, Left});
            if (!isInside(x - 1, y)) edges.push_back({corner + stride, Up});
        }
        if (edges.size() > most) return std::nullopt;
    }
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
        return a.corner != b.corner ? a.corner < b.corner : a.direction < b.direction;
    });
    return edges;
}

// The unused edge that begins at `corner` and turns to the right as far as it can: parts that touch at a corner stay apart.
Edge* nextEdge(std::vector<Edge>& edges, std::int64_t corner, Direction from) {
    const auto first = std::lower_bound(edges.begin(), edges.end(), corner, [](const Edge& e, std::int64_t c) { return e.corner < c; });
    for (const int turn : {1, 0, 3}) {
        const auto wanted = static_cast<Direction>((from + turn) % 4);
        for (auto edge = first; edge != edges.end() && edge->corner == corner; ++edge) {
            if (!edge->isUsed && edge->direction == wanted) return &*edge;
        }
    }
    return nullptr;
}

Polygon follow(std::vector<Edge>& edges, Edge& start, std::int64_t stride) {
    Polygon polygon;
    Edge* edge = &start;
    int last = -1;
    while (edge != nullptr) {
        edge->isUsed = true;
        if (edge->direction != last)  // corners only
            polygon.push_back({static_cast<double>(edge->corner % stride), static_cast<double>(edge->corner / stride)});
        last = edge->direction;
        edge = nextEdge(edges, edge->corner + kDy[edge->direction] * stride + kDx[edge->direction], edge->direction);
    }
    if (polygon.size() > 1 && last == start.direction) polygon.erase(polygon.begin());  // the start lay on a straight side
    return polygon;
}

}  // namespace

std::optional<std::vector<Polygon>> maskBorders(const cv::Mat& mask, std::size_t mostEdges) {
    auto edges = edgesOf(mask, mostEdges);
    if (!edges) return std::nullopt;
    std::vector<Polygon> borders;
    for (Edge& edge : *edges) {
        if (!edge.isUsed) borders.push_back(follow(*edges, edge, mask.cols + 1));
    }
    return borders;
}

}  // namespace cxr
