#include "core/deidentify/side_markers.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "core/deidentify/letter_shapes.h"

namespace cxr {
namespace {

constexpr int kSmallestPx = 10, kSmallestMirroredPx = 20;  // height of a marker
constexpr std::size_t kMostOthers = 4;  // letters, digits or other things beside it
constexpr double kTaller = 1.15;
constexpr double kApart = 0.4;   // gap / height

struct Part {
    cv::Rect box;  // in the crop
    cv::Mat shape;
};

// Connected parts of what is nearer to the writing's value than to that of the surroundings.
std::vector<Part> partsOf(const cv::Mat& crop) {
    cv::Mat sorted;
    cv::sort(crop.clone().reshape(1, 1), sorted, cv::SORT_EVERY_ROW | cv::SORT_ASCENDING);
    const int count = sorted.cols;
    const double ink = sorted.at<std::uint8_t>(count - 1 - count / 200), around = sorted.at<std::uint8_t>(count / 2);
    std::vector<Part> parts;
    if (ink - around < 20) return parts;
    cv::Mat labels, stats, centres;
    const cv::Mat strokes = crop > (ink + around) / 2;
    const int found = cv::connectedComponentsWithStats(strokes, labels, stats, centres, 8, CV_32S);
    for (int i = 1; i < found; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP), stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        parts.push_back({box, labels(box) == i});
    }
    return parts;
}

bool isMarkerMirrored(const cv::Mat& shape) {
    for (const int how : {1, 0, -1}) {
        cv::Mat flipped;
        cv::flip(shape, flipped, how);
        if (isSideMarker(flipped)) return true;
    }
    return false;
}

bool isApart(const cv::Rect& marker, const cv::Rect& other) {
    const int gap = std::max(marker.x, other.x) - std::min(marker.br().x, other.br().x);
    return gap >= kApart * marker.height;
}

std::vector<cv::Rect> othersOf(const Part& part, const std::vector<Part>& parts) {
    std::vector<cv::Rect> others;
    for (const Part& one : parts) {
        const bool isLetter = one.box.height >= 0.25 * part.box.height && one.box.height >= 4;
        if (&one != &part && isLetter) others.push_back(one.box);
    }
    return others;
}

bool isMarkerAmong(const Part& part, const std::vector<Part>& parts) {
    if (part.box.height < kSmallestPx) return false;
    const std::vector<cv::Rect> others = othersOf(part, parts);
    if (others.empty() || others.size() > kMostOthers) return false;
    const bool isTaller = std::all_of(others.begin(), others.end(), [&](const cv::Rect& other) { return part.box.height >= kTaller * other.height; });
    if (isTaller) return isSideMarker(part.shape) || (part.box.height >= kSmallestMirroredPx && isMarkerMirrored(part.shape));
    return std::all_of(others.begin(), others.end(), [&](const cv::Rect& other) { return isApart(part.box, other); }) && isSideMarker(part.shape);
}

// A box for those of the others that lie on one side of the marker, with a margin, but not over it.
std::optional<cv::Rect> companyOn(const cv::Rect& side, const std::vector<cv::Rect>& others, int margin) {
    cv::Rect company;
    for (const cv::Rect& other : others) {
        const cv::Rect inside = other & side;
        if (inside.area() * 2 > other.area()) company |= inside;
    }
    if (company.empty()) return std::nullopt;
    return cv::Rect(company.x - margin, company.y - margin, company.width + 2 * margin, company.height + 2 * margin) & side;
}

// Most of it lies in one of the boxes.
bool isInside(const cv::Rect& other, const std::vector<cv::Rect>& boxes) {
    return std::any_of(boxes.begin(), boxes.end(), [&](const cv::Rect& box) { return (other & box).area() * 10 >= other.area() * 9; });
}

std::vector<cv::Rect> companyOf(const cv::Rect& marker, const std::vector<cv::Rect>& others, const cv::Rect& all) {
    const int right = marker.br().x + 1, below = marker.br().y + 1, left = marker.x - 1, above = marker.y - 1;
    const std::array<cv::Rect, 4> sides{cv::Rect(all.x, all.y, all.width, above - all.y), cv::Rect(all.x, below, all.width, all.br().y - below),
                                        cv::Rect(all.x, all.y, left - all.x, all.height), cv::Rect(right, all.y, all.br().x - right, all.height)};
    std::vector<cv::Rect> boxes;
    for (const cv::Rect& side : sides) {
        if (side.width <= 0 || side.height <= 0) continue;
        if (const auto company = companyOn(side, others, std::max(3, marker.height / 3))) boxes.push_back(*company);
    }
    return boxes;
}

}  // namespace

std::vector<cv::Rect> besideMarker(const cv::Mat& film, const cv::Rect& box) {
    for (const bool isBright : {true, false}) {
        const cv::Mat crop = isBright ? film(box).clone() : cv::Mat(255 - film(box));
        const std::vector<Part> parts = partsOf(crop);
        const auto marker = std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return isMarkerAmong(part, parts); });
        if (marker == parts.end()) continue;
        const std::vector<cv::Rect> others = othersOf(*marker, parts);
        std::vector<cv::Rect> boxes = companyOf(marker->box, others, cv::Rect({0, 0}, box.size()));
        const bool isComplete = std::all_of(others.begin(), others.end(), [&](const cv::Rect& other) { return isInside(other, boxes); });
        if (!isComplete) break;  // nothing of the box is left out by mistake
        for (cv::Rect& one : boxes) one += box.tl();
        return boxes;
    }
    return {box};
}

}  // namespace cxr
