// The borders of a mask as closed polygons along pixel corners: every part, every hole.
//   Filled even-odd (core/image/polygon.h) they give exactly the mask's pixels back. Parts that touch at a corner only are
//   apart.   cost: one look at each pixel, memory for the border.   Pure function; thread-safe.
#pragma once

#include <cstddef>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "core/image/polygon.h"

namespace cxr {

// `mask`: CV_8UC1, not 0 is inside. Parts are clockwise on screen, holes the other way round. nullopt: the border has more
// than `mostEdges` pixel edges.
std::optional<std::vector<Polygon>> maskBorders(const cv::Mat& mask, std::size_t mostEdges);

}  // namespace cxr
