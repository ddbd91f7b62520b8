// Closed polygons in film pixels: filled into masks, cut by rows, measured, evenly resampled, smoothed.
// Filling is even-odd by pixel centres: a pixel (j, i) is inside if (j + 0.5, i + 0.5) is; a polygon along pixel
// borders gives exactly its pixels back. Pure functions; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "core/base/geometry.h"

namespace cxr {

using Polygon = std::vector<PointPx>;  // closed: the last point joins the first

// CV_8UC1 [size], 255 inside, else 0. Fewer than 3 points: nothing inside.
cv::Mat fillPolygon(const Polygon& polygon, cv::Size size);

// Leftmost and rightmost x of the polygon on row y; nullopt if the row misses it.
struct RowSpan {
    double left = 0;
    double right = 0;
    [[nodiscard]] double width() const { return right - left; }
};
std::optional<RowSpan> rowSpan(const Polygon& polygon, double y);

struct BoundsPx {
    double left = 0, top = 0, right = 0, bottom = 0;
    [[nodiscard]] double width() const { return right - left; }
    [[nodiscard]] double height() const { return bottom - top; }
};
BoundsPx boundsOf(const Polygon& polygon);   // REQUIRES: not empty
double areaOf(const Polygon& polygon);       // px², >= 0
PointPx centroidOf(const Polygon& polygon);  // of the area; mean of the points if the area is 0. REQUIRES: not empty
double perimeterOf(const Polygon& polygon);

// `count` points at equal steps along the polygon. REQUIRES: count >= 3, polygon of 2 points or more.
Polygon resampled(const Polygon& polygon, int count);
// Gaussian along the evenly resampled polygon, sigma in px of arc length; a circle of radius R shrinks by sigma²/(2R).
Polygon smoothed(const Polygon& polygon, double sigmaPx);

// Closed uniform Catmull-Rom curve through the points, `steps` segments between neighbours.
Polygon closedSpline(const Polygon& points, int steps);
// The same for an open curve from the first to the last point.
Polygon openSpline(const Polygon& points, int steps);

// Borders of the 4-connected part of the mask that holds its first pixel (reading order), along pixel corners,
// clockwise on screen; holes are ignored. Mask coordinates. Empty for an empty mask.
Polygon traceMask(const cv::Mat& mask);

}  // namespace cxr
