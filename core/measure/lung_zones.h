// The six lung zones of a frontal film: each lung's mask cut into thirds of its own height, and which of them a box lies in.
//   thirds   rows [top, top + h/3), [.., top + 2h/3), [.., bottom) of one lung's mask; left and right are the patient's.
//            Zones are not lobes: on a frontal film the lobes lie before one another.
//   a box    covers a zone if the zone holds kZoneShare of the box's lung cells, or if the box covers kCoveredShare of the
//            zone (a box over both lungs). A box with less than kInsideShare of its cells in the lungs (fluid at the base, a
//            dense lung that the network left out) belongs to the zone nearest to its centre, if that is no farther than
//            kNearestShare of the grid's side.
// The shares are choices of ours: NIH's boxes say nothing of zones.
// Pure functions; thread-safe.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>

#include "core/base/geometry.h"
#include "core/measure/organ_masks.h"

namespace cxr {

enum class LungZone { LeftUpper = 0, LeftMiddle, LeftLower, RightUpper, RightMiddle, RightLower };
inline constexpr int kLungZoneCount = 6;
// "left_upper" ... "right_lower", as models/locations/vocabulary.json names them.
const char* toString(LungZone zone);

inline constexpr double kZoneShare = 0.25;
inline constexpr double kCoveredShare = 0.5;
inline constexpr double kInsideShare = 0.1;
inline constexpr double kNearestShare = 0.1;

struct LungZones {
    cv::Mat cells;     // CV_8UC1: 0 = no lung, else 1 + LungZone; empty if a lung was not found
    PointPx originPx;  // film position of the grid's corner
    double cellPx = 1;
    [[nodiscard]] bool isUsable() const { return !cells.empty(); }
};

LungZones lungZones(const OrganMasks& masks);

enum class BoxPlace { Inside, Nearest, Nowhere };

struct BoxZones {
    std::array<bool, kLungZoneCount> covers{};  // by LungZone
    double insideShare = 0;                     // of the box's cells that lie in the lungs
    BoxPlace place = BoxPlace::Nowhere;         // Nearest: `covers` holds the zone nearest to the box's centre
};

// `box` in film pixels. REQUIRES: zones.isUsable(), width and height > 0.
BoxZones zonesOfBox(const LungZones& zones, const cv::Rect2d& box);

}  // namespace cxr
