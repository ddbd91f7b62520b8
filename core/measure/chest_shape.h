// Do outlines look like the heart and lungs of a frontal chest film? Sizes, places and shapes against what the masks of
// 396 films of two sites have (JSRT, Wingspan); the ranges stand in chest_shape.cpp.
// Pure functions; thread-safe.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/image/polygon.h"

namespace cxr {

using OrganPolygons = std::array<Polygon, kOrganCount>;  // indexed by Organ

struct ShapeJudgement {
    double plausibility = 0;  // [0, 1]: 1 = like the films that it was made from; 0 = an organ is missing or absurd
    std::vector<std::string> notes;  // one sentence for each thing that does not fit
};

// Plausibility of three outlines. Orientation is the film's: the patient's left at the right side of the picture.
ShapeJudgement judgeShape(const OrganPolygons& outlines);

// Doubts that leave the shapes usable: rotated patient, organ cut off by the film's edge.
std::vector<std::string> positionNotes(const OrganPolygons& outlines, int filmWidth, int filmHeight);

// Quality from the agreement under mirroring (Dice per organ), the share kept as largest part and the certainty inside
// the masks, each in [0, 1]; multiplied with plausibility it is the measurement's quality.
double networkQuality(const std::array<double, kOrganCount>& agreement, const std::array<double, kOrganCount>& kept,
                      const std::array<double, kOrganCount>& certainty);

inline constexpr double kLeastQuality = 0.5;  // below: "mask uncertain"

}  // namespace cxr
