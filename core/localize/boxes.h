// Boxes round what a heatmap marks. Shivaprasad et al. (S5), section on localisation: binary threshold at a constant
// Q = 0.7 of the map's largest value, contours (OpenCV), their bounding boxes.
//   The map is made smooth first (bilinear, as it is painted), so that a map of 3 x 3 cells gives boxes, not cells. A box is
//   upright on the film, whatever the turn of the network's grid, and ends at the film's edge.
//   A map without positive support (map_support.h) gives no box and says why.
// Pure functions; thread-safe.
#pragma once

#include <opencv2/core/types.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/localize/heatmap.h"

namespace cxr {

struct RectPx {
    double left = 0, top = 0, width = 0, height = 0;  // film pixels
    [[nodiscard]] double right() const { return left + width; }
    [[nodiscard]] double bottom() const { return top + height; }
    [[nodiscard]] double area() const { return width * height; }
    bool operator==(const RectPx&) const = default;
};

// What may be shown, hidden, moved by the user, and go into the report.
struct FindingBox {
    RectPx box;
    std::string className;  // the output's name: "Cardiomegaly"
    double score = 0;       // calibrated probability of the class, [0, 1]
    std::string method;     // "Class activation map, 50 steps": method and parameters, for people
    double peak = 0;        // the map's largest value inside, in the map's units
    bool isEdited = false;  // moved or drawn by the user
    bool operator==(const FindingBox&) const = default;
};

struct BoxOptions {
    double threshold = 0.7;    // share of the map's largest value, (0, 1]
    double leastSide = 0.02;   // smaller boxes are dropped: share of the film's longer side, for each side of the box
    double mergeGap = 0.01;    // boxes that are no farther apart become one: share of the film's longer side; < 0: never
};

struct MapBoxes {
    std::vector<FindingBox> boxes;  // by falling peak
    bool hasSupport = false;
    std::string sentence;  // why there is none, else what the boxes mean: "2 boxes round values above 0.7 of the largest (1.24)"
};
// fails never. REQUIRES: film width and height >= 1, options in range
MapBoxes boxesOf(const Heatmap& map, cv::Size film, const BoxOptions& options = {});

// "38 x 52 mm (at the detector)" or "240 x 330 px".
std::string sizeText(const RectPx& box, const Spacing& spacing);

}  // namespace cxr
