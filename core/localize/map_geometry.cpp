// Film pixels and cells.
#include "core/localize/map_geometry.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace cxr {
namespace {

// cv::warpAffine knows 32 places between two cells: on a map with fewer cells than this its steps would show.
constexpr int kWarpedSide = 256;

bool isInside(PointPx share) { return share.x >= 0 && share.x <= 1 && share.y >= 0 && share.y <= 1; }

double areaOf(const GridOnFilm& grid) { return grid.right.x * grid.down.y - grid.right.y * grid.down.x; }

// From the centre of film pixel (column, row) to the cell whose centre has whole numbers: CV_64FC1 [2, 3].
cv::Matx23d cellsFromPixels(const GridOnFilm& grid, cv::Size cells) {
    const double area = areaOf(grid);
    const double xx = grid.down.y / area * cells.width, xy = -grid.down.x / area * cells.width;
    const double yx = -grid.right.y / area * cells.height, yy = grid.right.x / area * cells.height;
    const double left = 0.5 - grid.origin.x, top = 0.5 - grid.origin.y;
    return {xx, xy, xx * left + xy * top - 0.5, yx, yy, yx * left + yy * top - 0.5};
}

}  // namespace

std::optional<PointPx> gridShareAt(const GridOnFilm& grid, PointPx film) {
    const double area = areaOf(grid), x = film.x - grid.origin.x, y = film.y - grid.origin.y;
    if (area == 0) return std::nullopt;
    return PointPx{(x * grid.down.y - y * grid.down.x) / area, (y * grid.right.x - x * grid.right.y) / area};
}

std::optional<double> valueAt(const Heatmap& map, PointPx film) {
    const auto share = gridShareAt(map.grid, film);
    if (!share || !isInside(*share) || map.plane.values.empty()) return std::nullopt;
    const cv::Mat cells = cellsOf(map);
    const double x = std::clamp(share->x * cells.cols - 0.5, 0.0, cells.cols - 1.0);
    const double y = std::clamp(share->y * cells.rows - 0.5, 0.0, cells.rows - 1.0);
    const int left = static_cast<int>(x), top = static_cast<int>(y);
    const int right = std::min(left + 1, cells.cols - 1), bottom = std::min(top + 1, cells.rows - 1);
    const double u = x - left, v = y - top;
    return (1 - v) * ((1 - u) * cells.at<float>(top, left) + u * cells.at<float>(top, right)) +
           v * ((1 - u) * cells.at<float>(bottom, left) + u * cells.at<float>(bottom, right));
}

cv::Mat cellsOf(const Heatmap& map) {
    return cv::Mat(map.plane.height, map.plane.width, CV_32FC1, const_cast<float*>(map.plane.values.data()));
}

cv::Mat smoothCells(const Heatmap& map, int leastSide) {
    const cv::Mat cells = cellsOf(map);
    if (cells.empty()) return {};
    const int shorter = std::min(cells.cols, cells.rows), factor = (leastSide + shorter - 1) / shorter;
    if (factor <= 1) return cells.clone();
    cv::Mat smooth;
    cv::resize(cells, smooth, {cells.cols * factor, cells.rows * factor}, 0, 0, cv::INTER_LINEAR);
    return smooth;
}

cv::Mat mapOnFilm(const Heatmap& map, cv::Size film, float outside) {
    cv::Mat result(film, CV_32FC1, cv::Scalar::all(outside));
    const cv::Mat cells = smoothCells(map, kWarpedSide);
    if (cells.empty() || areaOf(map.grid) == 0) return result;
    cv::Mat warped;
    cv::warpAffine(cells, warped, cellsFromPixels(map.grid, cells.size()), film, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    for (int row = 0; row < film.height; ++row) {
        for (int column = 0; column < film.width; ++column) {
            if (isInside(*gridShareAt(map.grid, {column + 0.5, row + 0.5}))) {
                result.at<float>(row, column) = warped.at<float>(row, column);
            }
        }
    }
    return result;
}

}  // namespace cxr
