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
constexpr double kLeastWithin = 0.3;  // of a marker that a line cuts
constexpr double kHalfway = 0.5, kNearInk = 0.8;  // the second: on bright parts of the film
constexpr double kNarrowestFrame = 1.15, kWidestFrame = 2.6, kOffCentre = 0.35;  // of the letter's height

struct Part {
    cv::Rect box;  // in the crop
    cv::Mat shape;
};

// Connected parts of what lies above `share` of the way from the surroundings' value to the writing's.
std::vector<Part> partsOf(const cv::Mat& crop, double share) {
    cv::Mat sorted;
    cv::sort(crop.clone().reshape(1, 1), sorted, cv::SORT_EVERY_ROW | cv::SORT_ASCENDING);
    const int count = sorted.cols;
    const double ink = sorted.at<std::uint8_t>(count - 1 - count / 200), around = sorted.at<std::uint8_t>(count / 2);
    std::vector<Part> parts;
    if (ink - around < 20) return parts;
    cv::Mat labels, stats, centres;
    const cv::Mat strokes = crop > around + share * (ink - around);
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
        if (sideMarkerTilt(flipped)) return true;
    }
    return false;
}

bool isMarkerShape(const Part& part) {
    return sideMarkerTilt(part.shape) || (part.box.height >= kSmallestMirroredPx && isMarkerMirrored(part.shape));
}

bool isApart(const cv::Rect& marker, const cv::Rect& other) {
    const int gap = std::max(marker.x, other.x) - std::min(marker.br().x, other.br().x);
    return gap >= kApart * marker.height;
}

// `frame` runs round the letter, centred on it and hollow.
bool isFrameOf(const Part& frame, const Part& letter) {
    const cv::Rect inner = letter.box;
    if ((frame.box & inner) != inner || frame.box.height > kWidestFrame * inner.height || frame.box.width > kWidestFrame * inner.height) return false;
    if (frame.box.height < kNarrowestFrame * inner.height) return false;
    const cv::Point away = (frame.box.tl() + frame.box.br()) / 2 - (inner.tl() + inner.br()) / 2;
    if (std::max(std::abs(away.x), std::abs(away.y)) > kOffCentre * inner.height) return false;
    const int filled = cv::countNonZero(frame.shape), within = cv::countNonZero(frame.shape(inner - frame.box.tl()));
    return filled <= 0.5 * frame.box.area() && within <= 0.1 * inner.area();
}

// What is there beside the marker; `own`: its frame, or itself.
std::vector<cv::Rect> othersOf(const Part& part, const cv::Rect& own, const std::vector<Part>& parts) {
    std::vector<cv::Rect> others;
    for (const Part& one : parts) {
        const bool isLetter = one.box.height >= 0.25 * part.box.height && one.box.height >= 4;
        const bool isAround = (one.box & own) == own;  // a frame round all of it, or the marker's own
        if (isLetter && !isAround && (one.box & own) != one.box) others.push_back(one.box);
    }
    return others;
}

bool isMarkerAmong(const Part& part, const std::vector<cv::Rect>& others) {
    if (others.empty() || others.size() > kMostOthers) return false;
    const bool isTaller = std::all_of(others.begin(), others.end(), [&](const cv::Rect& other) { return part.box.height >= kTaller * other.height; });
    if (isTaller) return isMarkerShape(part);
    return std::all_of(others.begin(), others.end(), [&](const cv::Rect& other) { return isApart(part.box, other); }) && sideMarkerTilt(part.shape);
}

struct Marker {
    cv::Rect own;                  // with its frame
    std::vector<cv::Rect> others;  // letters beside it
};

std::optional<Marker> framedMarker(const std::vector<Part>& parts) {
    for (const Part& letter : parts) {
        if (letter.box.height < kSmallestPx) continue;
        const auto frame = std::find_if(parts.begin(), parts.end(), [&](const Part& one) { return &one != &letter && isFrameOf(one, letter); });
        if (frame == parts.end() || !isMarkerShape(letter)) continue;
        std::vector<cv::Rect> others = othersOf(letter, frame->box, parts);
        if (others.size() <= kMostOthers) return Marker{frame->box, std::move(others)};
    }
    return std::nullopt;
}

std::optional<Marker> plainMarker(const std::vector<Part>& parts) {
    for (const Part& part : parts) {
        if (part.box.height < kSmallestPx) continue;
        std::vector<cv::Rect> others = othersOf(part, part.box, parts);
        if (isMarkerAmong(part, others)) return Marker{part.box, std::move(others)};
    }
    return std::nullopt;
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

// What is to go of a crop that holds a marker; nullopt: it holds none. `line`: the writing in it, whose letters count.
std::optional<std::vector<cv::Rect>> companyIn(const cv::Mat& crop, const cv::Rect& line, bool isBright, double share) {
    std::vector<Part> parts = partsOf(isBright ? crop.clone() : cv::Mat(255 - crop), share);
    std::erase_if(parts, [&line](const Part& part) { return (part.box & line).empty(); });
    std::optional<Marker> marker = framedMarker(parts);
    if (!marker) marker = plainMarker(parts);
    if (!marker) return std::nullopt;
    // Around the line only what the line cuts is looked for: a whole one was seen before, and what hardly touches it is no part of it.
    const int within = (marker->own & line).area(), whole = marker->own.area();
    if (line.size() != crop.size() && (within == whole || within < kLeastWithin * whole)) return std::nullopt;
    const int margin = std::max(3, marker->own.height / 3);  // the last letter may reach out of the crop
    const cv::Rect all(-margin, -margin, crop.cols + 2 * margin, crop.rows + 2 * margin);
    std::vector<cv::Rect> boxes = companyOf(marker->own, marker->others, all);
    const bool isComplete =
        std::all_of(marker->others.begin(), marker->others.end(), [&](const cv::Rect& other) { return isInside(other, boxes); });
    if (!isComplete) return std::nullopt;  // nothing of the line is left out by mistake
    return boxes;
}

}  // namespace

std::vector<cv::Rect> besideMarker(const cv::Mat& film, const cv::Rect& box) {
    // A line of writing may hold a part of a tilted or framed marker only: look at what is around it, too.
    const int more = std::min(box.width, box.height);
    const cv::Rect around = cv::Rect(box.x - more, box.y - more, box.width + 2 * more, box.height + 2 * more) & cv::Rect(0, 0, film.cols, film.rows);
    struct Look {
        cv::Rect place;
        double share;
    };
    for (const Look& look : {Look{box, kHalfway}, Look{around, kHalfway}, Look{around, kNearInk}}) {
        for (const bool isBright : {true, false}) {
            const auto company = companyIn(film(look.place), box - look.place.tl(), isBright, look.share);
            if (!company) continue;
            std::vector<cv::Rect> boxes = *company;
            for (cv::Rect& one : boxes) one = (one + look.place.tl()) & cv::Rect(0, 0, film.cols, film.rows);
            return boxes;
        }
    }
    return {box};
}

}  // namespace cxr
