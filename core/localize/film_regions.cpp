// Heart, lungs, outside, corners.
#include "core/localize/film_regions.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/image/polygon.h"

namespace cxr {
namespace {

constexpr int kLongerSide = 512;
constexpr double kMarginSpan = 0.02;   // of black to white
constexpr double kAirShare = 0.5;      // of the lungs' median gray
constexpr double kOpening = 0.01;      // of the longer side

cv::Mat shrunk(const GrayFilm& gray) {
    const cv::Mat film(gray.height, gray.width, CV_32FC1, const_cast<float*>(gray.values.data()));
    const double factor = std::max(1.0, static_cast<double>(std::max(gray.width, gray.height)) / kLongerSide);
    cv::Mat small;
    const cv::Size size(std::max(1, static_cast<int>(std::lround(gray.width / factor))),
                        std::max(1, static_cast<int>(std::lround(gray.height / factor))));
    cv::resize(film, small, size, 0, 0, cv::INTER_AREA);
    return small;
}

cv::Mat organMask(const Outline& outline, const FilmRegions& regions, cv::Size size) {
    Polygon polygon;
    for (const PointPx& p : outline.points) polygon.push_back({p.x / regions.cellWidthPx, p.y / regions.cellHeightPx});
    return fillPolygon(polygon, size);
}

float medianOf(const cv::Mat& gray, const cv::Mat& mask) {
    std::vector<float> values;
    for (int row = 0; row < gray.rows; ++row) {
        for (int column = 0; column < gray.cols; ++column) {
            if (mask.empty() || mask.at<std::uint8_t>(row, column) != 0) values.push_back(gray.at<float>(row, column));
        }
    }
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

bool isFlat(const cv::Mat& strip) {
    double low = 0, high = 0;
    cv::minMaxLoc(strip, &low, &high);
    return high - low < kMarginSpan;
}

// What is left of the film without its margins.
cv::Rect withoutMargins(const cv::Mat& gray) {
    cv::Rect rest(0, 0, gray.cols, gray.rows);
    for (int round = 0; round < 2; ++round) {  // shutters hide the span of the other direction
        while (rest.height > 1 && isFlat(gray(cv::Rect(rest.x, rest.y, rest.width, 1)))) ++rest.y, --rest.height;
        while (rest.height > 1 && isFlat(gray(cv::Rect(rest.x, rest.br().y - 1, rest.width, 1)))) --rest.height;
        while (rest.width > 1 && isFlat(gray(cv::Rect(rest.x, rest.y, 1, rest.height)))) ++rest.x, --rest.width;
        while (rest.width > 1 && isFlat(gray(cv::Rect(rest.br().x - 1, rest.y, 1, rest.height)))) --rest.width;
    }
    return rest;
}

// Parts of the mask that touch its border.
cv::Mat joinedToEdge(const cv::Mat& mask) {
    cv::Mat framed, labels;
    cv::copyMakeBorder(mask, framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, 255);  // one part with everything that touches it
    cv::connectedComponents(framed, labels, 4);
    const cv::Mat joined = labels == labels.at<int>(0, 0);
    return joined(cv::Rect(1, 1, mask.cols, mask.rows)).clone();
}

cv::Mat outsideOf(const cv::Mat& gray, const cv::Mat& lungs, const cv::Mat& organs) {
    const cv::Rect body = withoutMargins(gray);
    const double air = kAirShare * medianOf(gray, cv::countNonZero(lungs) > 0 ? lungs : cv::Mat());
    cv::Mat dark = gray < air;
    const int reach = std::max(1, static_cast<int>(std::lround(kOpening * std::max(gray.cols, gray.rows))));
    cv::Mat framed;
    cv::copyMakeBorder(dark, framed, reach, reach, reach, reach, cv::BORDER_REPLICATE);  // thin air along an edge stays
    cv::morphologyEx(framed, framed, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
    cv::Mat outside = framed(cv::Rect(reach, reach, gray.cols, gray.rows)).clone();
    cv::Mat margin(gray.size(), CV_8UC1, cv::Scalar(255));
    margin(body).setTo(0);
    outside |= margin;
    outside = joinedToEdge(outside);
    outside.setTo(0, organs);
    return outside;
}

cv::Mat cornersOf(cv::Size size, const cv::Mat& organs) {
    const int side = std::max(1, static_cast<int>(std::lround(kCornerShare * std::min(size.width, size.height))));
    cv::Mat corners = cv::Mat::zeros(size, CV_8UC1);
    for (const int x : {0, size.width - side}) {
        for (const int y : {0, size.height - side}) corners(cv::Rect(x, y, side, side)).setTo(255);
    }
    corners.setTo(0, organs);
    return corners;
}

}  // namespace

bool FilmRegions::holds(const cv::Mat& mask, PointPx film) const {
    const double x = std::floor(film.x / cellWidthPx), y = std::floor(film.y / cellHeightPx);
    if (x < 0 || y < 0 || x >= mask.cols || y >= mask.rows) return false;
    return mask.at<std::uint8_t>(static_cast<int>(y), static_cast<int>(x)) != 0;
}

FilmRegions filmRegions(const GrayFilm& gray, double scale, const ChestMeasurement& chest) {
    assert(gray.width >= 1 && gray.height >= 1);
    const cv::Mat small = shrunk(gray);
    FilmRegions regions;
    regions.cellWidthPx = scale * gray.width / small.cols;
    regions.cellHeightPx = scale * gray.height / small.rows;
    regions.isUncertain = chest.isUncertain;
    for (std::size_t i = 0; i < kOrganCount; ++i) regions.organs[i] = organMask(chest.outlines[i], regions, small.size());
    const cv::Mat lungs = regions.organs[1] | regions.organs[2], organs = lungs | regions.organs[0];
    regions.outside = outsideOf(small, lungs, organs);
    regions.corners = cornersOf(small.size(), organs);
    return regions;
}

}  // namespace cxr
