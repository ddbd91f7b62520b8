// Shares of relevance and their sentence.
#include "core/localize/attention.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <opencv2/core.hpp>

#include "core/localize/map_geometry.h"
#include "core/localize/map_support.h"

namespace cxr {
namespace {

constexpr int kLeastSide = 96;           // cells of the smooth map
constexpr double kToldShare = 0.01;      // less outside of the body is not worth words
constexpr double kDoubtFactor = 1.5;     // less outside of the body is within what outlines and coarse cells allow
constexpr double kAsChance = 0.05;       // a factor this near to 1 is what chance gives

using Region = AttentionRegion;
constexpr std::array<Region, 6> kRegions{Region::Heart,  Region::LeftLung,    Region::RightLung,
                                         Region::Lungs, Region::OutsideBody, Region::Corners};

cv::Mat maskOf(const FilmRegions& film, Region region) {
    switch (region) {
        case Region::Heart:
            return film.organs[0];
        case Region::LeftLung:
            return film.organs[1];
        case Region::RightLung:
            return film.organs[2];
        case Region::Lungs:
            return film.organs[1] | film.organs[2];
        case Region::OutsideBody:
            return film.outside;
        case Region::Corners:
            return film.corners;
    }
    return {};
}

// One cell of the map that lies on the film and that the network read.
struct Cell {
    PointPx film;
    double positive = 0;
};

bool isSeen(const Heatmap& map, double x, double y) {
    if (map.seen.empty()) return true;
    const int column = std::min(map.plane.width - 1, static_cast<int>(x * map.plane.width));
    const int row = std::min(map.plane.height - 1, static_cast<int>(y * map.plane.height));
    return map.seen[static_cast<std::size_t>(row) * map.plane.width + column] != 0;
}

std::vector<Cell> cellsOnFilm(const Heatmap& map, const FilmRegions& film) {
    const cv::Mat cells = smoothCells(map, kLeastSide);
    const double width = film.corners.cols * film.cellWidthPx, height = film.corners.rows * film.cellHeightPx;
    std::vector<Cell> all;
    for (int row = 0; row < cells.rows; ++row) {
        for (int column = 0; column < cells.cols; ++column) {
            const double x = (column + 0.5) / cells.cols, y = (row + 0.5) / cells.rows;
            const PointPx p = map.grid.at(x, y);
            const bool isOnFilm = p.x >= 0 && p.y >= 0 && p.x < width && p.y < height;
            if (isOnFilm && isSeen(map, x, y)) all.push_back({p, std::max(0.0, static_cast<double>(cells.at<float>(row, column)))});
        }
    }
    return all;
}

RegionShare shareOf(Region region, const std::vector<Cell>& cells, double total, const FilmRegions& film) {
    const cv::Mat mask = maskOf(film, region);
    double positive = 0;
    std::size_t inside = 0;
    for (const Cell& cell : cells) {
        if (!film.holds(mask, cell.film)) continue;
        positive += cell.positive;
        ++inside;
    }
    return {region, positive / total, static_cast<double>(inside) / static_cast<double>(cells.size())};
}

std::string whole(double share) {
    char text[32];
    std::snprintf(text, sizeof text, share < 0.095 && share > 0.0005 ? "%.1f %%" : "%.0f %%", share * 100);
    return text;
}

std::string timesText(double factor) {
    if (std::abs(factor - 1) <= kAsChance) return "about what chance gives";
    char text[48];
    std::snprintf(text, sizeof text, factor < 9.95 ? "%.1f times what chance gives" : "%.0f times what chance gives", factor);
    return text;
}

const char* placeOf(Region region) {
    switch (region) {
        case Region::OutsideBody:
            return "outside of the body";
        case Region::Corners:
            return "in the corners";
        default:
            return toString(region);
    }
}

std::string subjectOf(const Heatmap& map) {
    const std::string name = spokenName(map.className);
    if (map.method == ExplainMethod::Sensitivity) return "of what moves the answer on " + name;
    return "of what speaks for " + name;
}

std::string homeSentence(const Heatmap& map, const RegionShare& home, bool isUncertain) {
    const bool isHeart = home.region == Region::Heart;
    return whole(home.relevance) + " " + subjectOf(map) + " lies inside the " + toString(home.region) + ", which " +
           (isHeart ? "covers " : "cover ") + whole(home.area) + " of the picture: " + timesText(home.factor()) +
           (isUncertain ? " (the outlines are uncertain)." : ".");
}

std::string sentenceOf(const Heatmap& map, const Attention& attention, bool isUncertain) {
    std::string sentence;
    const auto home = homeOf(map.className);
    if (home && attention.of(*home) != nullptr) sentence = homeSentence(map, *attention.of(*home), isUncertain);
    if (home && attention.of(*home) == nullptr) sentence = std::string("The ") + toString(*home) + " was not found on the film, so nothing can be said about it.";
    if (home == Region::Lungs && attention.of(*home) == nullptr) sentence = "The lungs were not found on the film, so nothing can be said about them.";
    for (const Region region : {Region::OutsideBody, Region::Corners}) {
        const RegionShare* share = attention.of(region);
        if (share == nullptr || share->relevance < kToldShare || share->factor() < kDoubtFactor) continue;
        sentence += (sentence.empty() ? "" : " ") + whole(share->relevance) + (sentence.empty() ? " " + subjectOf(map) : "") + " lies " +
                    placeOf(region) + " (" + (region == Region::Corners ? "where letters stand; " : "") + whole(share->area) +
                    " of the picture): a reason for doubt.";
    }
    if (!sentence.empty()) return sentence;
    return "Not much more " + subjectOf(map) + " lies outside of the body or in the corners than chance gives.";
}

}  // namespace

const char* toString(AttentionRegion region) {
    switch (region) {
        case Region::Heart:
            return "heart";
        case Region::LeftLung:
            return "left lung";
        case Region::RightLung:
            return "right lung";
        case Region::Lungs:
            return "lungs";
        case Region::OutsideBody:
            return "outside the body";
        case Region::Corners:
            return "corners";
    }
    return "";
}

const char* idOf(AttentionRegion region) {
    switch (region) {
        case Region::LeftLung:
            return "left_lung";
        case Region::RightLung:
            return "right_lung";
        case Region::OutsideBody:
            return "outside";
        default:
            return toString(region);
    }
}

const RegionShare* Attention::of(AttentionRegion region) const {
    const auto found = std::find_if(shares.begin(), shares.end(), [&](const RegionShare& share) { return share.region == region; });
    return found == shares.end() ? nullptr : &*found;
}

std::optional<AttentionRegion> homeOf(const std::string& className) {
    if (className == "Cardiomegaly") return Region::Heart;
    if (className == "Hernia") return std::nullopt;
    const bool isDisease = std::find(kChest14Diseases.begin(), kChest14Diseases.end(), className) != kChest14Diseases.end();
    return isDisease ? std::optional(Region::Lungs) : std::nullopt;
}

std::vector<RegionShare> sharesOf(const Heatmap& map, const FilmRegions& regions) {
    const std::vector<Cell> cells = cellsOnFilm(map, regions);
    double total = 0;
    for (const Cell& cell : cells) total += cell.positive;
    if (!(total > 0)) return {};
    std::vector<RegionShare> shares;
    for (const Region region : kRegions) {
        const RegionShare share = shareOf(region, cells, total, regions);
        if (share.area > 0) shares.push_back(share);
    }
    return shares;
}

Attention attentionOf(const Heatmap& map, const FilmRegions& regions) {
    const MapSupport support = supportOf(map);
    Attention attention;
    attention.hasSupport = support.hasSupport;
    attention.sentence = support.sentence;
    if (!support.hasSupport) return attention;
    attention.shares = sharesOf(map, regions);
    if (attention.shares.empty()) {
        attention.hasSupport = false;
        attention.sentence = "All of what speaks for " + spokenName(map.className) + " lies outside of the film.";
        return attention;
    }
    attention.sentence = sentenceOf(map, attention, regions.isUncertain);
    return attention;
}

}  // namespace cxr
