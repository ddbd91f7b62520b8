#include "core/measure/lung_zones.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace cxr {
namespace {

using Counts = std::array<int, kLungZoneCount>;

constexpr int kThirds = 3;

// Writes 1 + first + third into the cells of one lung. False if the mask is empty.
bool cut(const cv::Mat& lung, int first, cv::Mat& cells) {
    const cv::Rect bounds = cv::boundingRect(lung);
    if (bounds.empty()) return false;
    for (int y = bounds.y; y < bounds.br().y; ++y) {
        const int third = std::min(kThirds - 1, kThirds * (y - bounds.y) / bounds.height);
        const auto value = static_cast<std::uint8_t>(1 + first + third);
        for (int x = bounds.x; x < bounds.br().x; ++x) {
            if (lung.at<std::uint8_t>(y, x) != 0) cells.at<std::uint8_t>(y, x) = value;
        }
    }
    return true;
}

Counts countZones(const cv::Mat& cells) {
    Counts counts{};
    for (int y = 0; y < cells.rows; ++y) {
        for (const std::uint8_t value : cv::Mat_<std::uint8_t>(cells.row(y))) {
            if (value > 0) ++counts[value - 1U];
        }
    }
    return counts;
}

// Cells whose centre lies in the box; may reach beyond the grid.
cv::Rect cellsOf(const LungZones& zones, const cv::Rect2d& box) {
    const auto first = [&](double px, double origin) { return static_cast<int>(std::ceil((px - origin) / zones.cellPx - 0.5)); };
    const int left = first(box.x, zones.originPx.x), top = first(box.y, zones.originPx.y);
    const int right = first(box.x + box.width, zones.originPx.x), bottom = first(box.y + box.height, zones.originPx.y);
    return {left, top, std::max(1, right - left), std::max(1, bottom - top)};
}

BoxZones nearest(const LungZones& zones, const cv::Rect2d& box, BoxZones result) {
    const double x = (box.x + box.width / 2 - zones.originPx.x) / zones.cellPx;
    const double y = (box.y + box.height / 2 - zones.originPx.y) / zones.cellPx;
    double best = std::numeric_limits<double>::infinity();
    int zone = 0;
    for (int row = 0; row < zones.cells.rows; ++row) {
        for (int column = 0; column < zones.cells.cols; ++column) {
            const int value = zones.cells.at<std::uint8_t>(row, column);
            const double distance = value == 0 ? best : std::hypot(column + 0.5 - x, row + 0.5 - y);
            if (distance < best) best = distance, zone = value - 1;
        }
    }
    if (best > kNearestShare * std::max(zones.cells.rows, zones.cells.cols)) return result;
    result.covers[static_cast<std::size_t>(zone)] = true;
    result.place = BoxPlace::Nearest;
    return result;
}

}  // namespace

const char* toString(LungZone zone) {
    constexpr std::array<const char*, kLungZoneCount> kNames{"left_upper",  "left_middle",  "left_lower",
                                                             "right_upper", "right_middle", "right_lower"};
    return kNames[static_cast<std::size_t>(zone)];
}

LungZones lungZones(const OrganMasks& masks) {
    const cv::Mat& left = masks.mask[static_cast<std::size_t>(Organ::LeftLung)];
    const cv::Mat& right = masks.mask[static_cast<std::size_t>(Organ::RightLung)];
    LungZones zones{{}, masks.originPx, masks.cellPx};
    if (left.empty() || left.size() != right.size()) return zones;
    cv::Mat cells = cv::Mat::zeros(left.size(), CV_8UC1);
    const bool hasBoth = cut(left, static_cast<int>(LungZone::LeftUpper), cells) &&
                         cut(right, static_cast<int>(LungZone::RightUpper), cells);
    if (hasBoth) zones.cells = cells;
    return zones;
}

BoxZones zonesOfBox(const LungZones& zones, const cv::Rect2d& box) {
    assert(zones.isUsable() && box.width > 0 && box.height > 0);
    const cv::Rect wanted = cellsOf(zones, box);
    const cv::Rect there = wanted & cv::Rect({}, zones.cells.size());
    BoxZones result;
    const Counts inBox = there.empty() ? Counts{} : countZones(zones.cells(there)), all = countZones(zones.cells);
    int inside = 0;
    for (const int count : inBox) inside += count;
    result.insideShare = static_cast<double>(inside) / (static_cast<double>(wanted.width) * wanted.height);
    if (inside == 0 || result.insideShare < kInsideShare) return nearest(zones, box, result);
    result.place = BoxPlace::Inside;
    for (std::size_t z = 0; z < inBox.size(); ++z) {
        result.covers[z] = inBox[z] > 0 && (inBox[z] >= kZoneShare * inside || inBox[z] >= kCoveredShare * all[z]);
    }
    return result;
}

}  // namespace cxr
