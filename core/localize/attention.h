// "Is the network looking at the heart?" (S2's question): how much of what speaks for a class lies in each region of the
// film, beside the region's share of the area.
//   relevance(R) = sum of max(0, map) over the cells in R / sum over all cells on the film
//   area(R)      = cells in R / all cells on the film          (cells that the network read: Heatmap::seen)
//   factor       = relevance / area: 1 is what a map spread evenly would give, "what chance gives"
// A map of few cells is made smooth (bilinear) first. Use the map before pooling: pooling spreads it.
// Regions overlap (heart and left lung; corners and outside), so shares need not sum to 1. Pure functions; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/localize/film_regions.h"
#include "core/localize/heatmap.h"

namespace cxr {

enum class AttentionRegion { Heart, LeftLung, RightLung, Lungs, OutsideBody, Corners };
const char* toString(AttentionRegion region);  // "heart", "left lung", ..., "outside the body", "corners"
const char* idOf(AttentionRegion region);      // "heart", "left_lung", "right_lung", "lungs", "outside", "corners"

struct RegionShare {
    AttentionRegion region = AttentionRegion::Heart;
    double relevance = 0;  // [0, 1]
    double area = 0;       // [0, 1]
    [[nodiscard]] double factor() const { return area > 0 ? relevance / area : 0; }
};

struct Attention {
    std::vector<RegionShare> shares;  // of the regions that are on the film; empty without support
    bool hasSupport = false;          // map_support.h
    std::string sentence;  // "62 % of what speaks for cardiomegaly lies inside the heart, which covers 14 % of the picture:
                           //  4.4 times what chance gives." and what lies outside of the body, from half as much again as chance
    [[nodiscard]] const RegionShare* of(AttentionRegion region) const;  // nullptr: not on the film
};

// Where a class belongs: the heart for Cardiomegaly, both lungs for the other diseases of NIH ChestX-ray14, none for
// outputs that have no place (Lateral) and for Hernia.
std::optional<AttentionRegion> homeOf(const std::string& className);

// The shares alone, whether or not the map has support, of the regions that are on the film; empty: nothing positive on it.
std::vector<RegionShare> sharesOf(const Heatmap& map, const FilmRegions& regions);

Attention attentionOf(const Heatmap& map, const FilmRegions& regions);

}  // namespace cxr
