// Boxes from thresholded maps.
#include "core/localize/boxes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "core/localize/map_geometry.h"
#include "core/localize/map_scale.h"
#include "core/localize/map_support.h"
#include "core/measure/chest.h"

namespace cxr {
namespace {

constexpr int kLeastSide = 256;  // cells of the smooth map

using Contour = std::vector<cv::Point>;

// The upright box on the film that holds all cells of the contour.
RectPx boundsOnFilm(const Contour& contour, const GridOnFilm& grid, cv::Size cells) {
    constexpr double kFar = std::numeric_limits<double>::max();
    double left = kFar, top = kFar, right = -kFar, bottom = -kFar;
    for (const cv::Point& cell : contour) {
        for (const auto& [x, y] : {std::pair{0, 0}, std::pair{1, 0}, std::pair{0, 1}, std::pair{1, 1}}) {
            const PointPx p = grid.at(static_cast<double>(cell.x + x) / cells.width, static_cast<double>(cell.y + y) / cells.height);
            left = std::min(left, p.x), right = std::max(right, p.x);
            top = std::min(top, p.y), bottom = std::max(bottom, p.y);
        }
    }
    return {left, top, right - left, bottom - top};
}

RectPx limitedTo(const RectPx& box, cv::Size film) {
    const double left = std::clamp(box.left, 0.0, static_cast<double>(film.width));
    const double top = std::clamp(box.top, 0.0, static_cast<double>(film.height));
    return {left, top, std::min<double>(film.width, box.right()) - left, std::min<double>(film.height, box.bottom()) - top};
}

double peakOf(const cv::Mat& cells, const Contour& contour) {
    const cv::Rect bounds = cv::boundingRect(contour);
    cv::Mat inside = cv::Mat::zeros(bounds.size(), CV_8UC1);
    cv::drawContours(inside, std::vector<Contour>{contour}, 0, 255, cv::FILLED, cv::LINE_8, {}, 0, -bounds.tl());
    double peak = 0;
    cv::minMaxLoc(cells(bounds), nullptr, &peak, nullptr, nullptr, inside);
    return peak;
}

bool areNear(const RectPx& a, const RectPx& b, double gap) {
    const double across = std::max(a.left, b.left) - std::min(a.right(), b.right());
    const double along = std::max(a.top, b.top) - std::min(a.bottom(), b.bottom());
    return across <= gap && along <= gap;
}

FindingBox united(FindingBox a, const FindingBox& b) {
    const double left = std::min(a.box.left, b.box.left), top = std::min(a.box.top, b.box.top);
    a.box = {left, top, std::max(a.box.right(), b.box.right()) - left, std::max(a.box.bottom(), b.box.bottom()) - top};
    a.peak = std::max(a.peak, b.peak);
    return a;
}

// Until no two are near: a united box may come near to a third.
void mergeNear(std::vector<FindingBox>& boxes, double gap) {
    for (bool hasMerged = true; hasMerged;) {
        hasMerged = false;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (std::size_t j = boxes.size(); j-- > i + 1;) {
                if (!areNear(boxes[i].box, boxes[j].box, gap)) continue;
                boxes[i] = united(boxes[i], boxes[j]);
                boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(j));
                hasMerged = true;
            }
        }
    }
}

std::string sentenceOf(const MapBoxes& result, const BoxOptions& options, double largest) {
    char share[32];
    std::snprintf(share, sizeof share, "%.2g", options.threshold);
    const std::string above = std::string("values of at least ") + share + " of the map's largest (" + legendText(largest) + ")";
    if (result.boxes.empty()) return "No box: the places with " + above + " are too small or lie outside of the film.";
    const std::string count = std::to_string(result.boxes.size()) + (result.boxes.size() == 1 ? " box" : " boxes");
    return count + " round " + above + ".";
}

}  // namespace

MapBoxes boxesOf(const Heatmap& map, cv::Size film, const BoxOptions& options) {
    assert(film.width >= 1 && film.height >= 1 && options.threshold > 0 && options.threshold <= 1);
    const MapSupport support = supportOf(map);
    if (!support.hasSupport) return {{}, false, "No box. " + support.sentence};
    const cv::Mat cells = smoothCells(map, kLeastSide);
    double largest = 0;
    cv::minMaxLoc(cells, nullptr, &largest);
    std::vector<Contour> contours;
    cv::findContours(cells >= options.threshold * largest, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    MapBoxes result{{}, true, {}};
    for (const Contour& contour : contours) {
        const RectPx box = limitedTo(boundsOnFilm(contour, map.grid, cells.size()), film);
        if (box.width <= 0 || box.height <= 0) continue;
        result.boxes.push_back({box, map.className, map.probability, methodText(map), peakOf(cells, contour)});
    }
    const double side = std::max(film.width, film.height), least = options.leastSide * side;
    if (options.mergeGap >= 0) mergeNear(result.boxes, options.mergeGap * side);
    std::erase_if(result.boxes, [&](const FindingBox& one) { return one.box.width < least || one.box.height < least; });
    std::stable_sort(result.boxes.begin(), result.boxes.end(), [](const auto& a, const auto& b) { return a.peak > b.peak; });
    result.sentence = sentenceOf(result, options, largest);
    return result;
}

std::string sizeText(const RectPx& box, const Spacing& spacing) {
    char text[64];
    if (!spacing.isKnown()) {
        std::snprintf(text, sizeof text, "%.0f x %.0f px", box.width, box.height);
        return text;
    }
    std::snprintf(text, sizeof text, "%.0f x %.0f mm", box.width * spacing.columnMm, box.height * spacing.rowMm);
    const LinePx line{{0, 0}, {1, 0}};  // provenance in the words of all lengths
    const std::string length = lengthText(line, spacing);
    const std::size_t bracket = length.find(" (");
    return bracket == std::string::npos ? text : text + length.substr(bracket);
}

}  // namespace cxr
