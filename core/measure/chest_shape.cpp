#include "core/measure/chest_shape.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/measure/cardiothoracic.h"
#include "core/measure/feature_range.h"

namespace cxr {
namespace {

constexpr std::size_t at(Organ organ) { return static_cast<std::size_t>(organ); }

// A feature, the range of usual values (about the 1st to 99th percentile of 396 films) and the sentence when it is
// outside.
struct Feature {
    double value;
    FeatureRange range;
    const char* note;
};

double solidity(const Polygon& polygon) {
    std::vector<cv::Point2f> points, hull;
    for (const PointPx& p : polygon) points.emplace_back(static_cast<float>(p.x), static_cast<float>(p.y));
    cv::convexHull(points, hull);
    const double area = cv::contourArea(hull);
    return area > 0 ? areaOf(polygon) / area : 0;
}

std::vector<Feature> featuresOf(const OrganPolygons& outlines, const LinePx& chest) {
    const Polygon &heart = outlines[at(Organ::Heart)], &left = outlines[at(Organ::LeftLung)],
                  &right = outlines[at(Organ::RightLung)];
    const BoundsPx heartBox = boundsOf(heart), leftBox = boundsOf(left), rightBox = boundsOf(right);
    const double top = std::min(leftBox.top, rightBox.top), bottom = std::max(leftBox.bottom, rightBox.bottom);
    const double width = chest.length(), height = std::max(1e-9, bottom - top);
    const auto across = [&](double x) { return (x - chest.from.x) / width; };
    const PointPx centre = centroidOf(heart);
    return {
        {heartBox.width() / width, {0.22, 0.33, 0.78, 0.95}, "The heart's width does not fit the chest."},
        {areaOf(heart) / (width * width), {0.045, 0.085, 0.28, 0.40}, "The heart's area does not fit the chest."},
        {areaOf(left) / areaOf(right), {0.22, 0.48, 1.30, 2.6}, "One lung is much larger than the other."},
        {across(centre.x), {0.34, 0.49, 0.68, 0.80}, "The heart does not lie where it is expected between the lungs."},
        {(centre.y - top) / height, {0.40, 0.57, 0.88, 1.02}, "The heart does not lie at the height that is expected."},
        {height / width, {0.33, 0.52, 1.22, 1.65}, "The lungs' height does not fit their width."},
        {heartBox.width() / std::max(1e-9, heartBox.height()),
         {0.45, 0.72, 1.98, 2.8},
         "The heart's proportions are unusual."},
        {solidity(heart), {0.75, 0.93, 2, 3}, "The heart's outline is ragged."},
        {std::min(solidity(left), solidity(right)), {0.50, 0.69, 2, 3}, "A lung's outline is ragged."},
        {across(centroidOf(left).x), {0.60, 0.71, 0.89, 0.97}, "The left lung does not lie where it is expected."},
        {across(centroidOf(right).x), {0.03, 0.15, 0.31, 0.42}, "The right lung does not lie where it is expected."},
        {leftBox.height() / std::max(1e-9, rightBox.height()),
         {0.35, 0.60, 1.30, 2.2},
         "The lungs' heights differ much."},
    };
}

double clampedRamp(double value, double zero, double one) {
    return std::clamp((value - zero) / (one - zero), 0.0, 1.0);
}

const char* nameOf(std::size_t organ) {
    constexpr const char* names[kOrganCount] = {"heart", "left lung", "right lung"};
    return names[organ];
}

bool touchesEdge(const Polygon& outline, int width, int height) {
    const double near = std::max(1.0, 0.004 * std::max(width, height));
    const auto atEdge = [&](const PointPx& p) {
        return p.x < near || p.y < near || p.x > width - near || p.y > height - near;
    };
    return std::count_if(outline.begin(), outline.end(), atEdge) >= 2;
}

}  // namespace

ShapeJudgement judgeShape(const OrganPolygons& outlines) {
    ShapeJudgement result;
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        if (outlines[i].size() < 3) result.notes.push_back(std::string("No ") + nameOf(i) + " was found on this film.");
    }
    if (!result.notes.empty()) return result;
    const PointPx leftCentre = centroidOf(outlines[at(Organ::LeftLung)]),
                  rightCentre = centroidOf(outlines[at(Organ::RightLung)]);
    const auto chest = chestLineOf(outlines[at(Organ::LeftLung)], outlines[at(Organ::RightLung)]);
    if (!chest || chest->length() <= 0 || leftCentre.x <= rightCentre.x) {
        result.notes.emplace_back("The lungs do not lie side by side as on a frontal film.");
        return result;
    }
    result.plausibility = 1;
    for (const Feature& feature : featuresOf(outlines, *chest)) {
        const double score = feature.range.score(feature.value);
        result.plausibility *= score;
        if (score < 1) result.notes.emplace_back(feature.note);
    }
    const double middle = (chest->from.x + chest->to.x) / 2;
    if (centroidOf(outlines[at(Organ::Heart)]).x < middle - 0.03 * chest->length()) {
        result.notes.emplace_back("The heart lies to the patient's right: the film may be mirrored, or the heart is.");
    }
    return result;
}

std::vector<std::string> positionNotes(const OrganPolygons& outlines, int filmWidth, int filmHeight) {
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        if (!touchesEdge(outlines[i], filmWidth, filmHeight)) continue;
        notes.push_back(std::string("The ") + nameOf(i) +
                        " reaches the film's edge: it may be cut off, and the ratio wrong.");
    }
    const Polygon &heart = outlines[at(Organ::Heart)], &left = outlines[at(Organ::LeftLung)],
                  &right = outlines[at(Organ::RightLung)];
    const auto chest = chestLineOf(left, right);
    if (heart.size() < 3 || !chest || chest->length() <= 0) return notes;
    // Rotation moves the heart against the lungs and makes one of them wider: usual shares from 396 films.
    const double heartShift = (centroidOf(heart).x - chest->from.x) / chest->length();
    const double lungs = boundsOf(left).width() / std::max(1e-9, boundsOf(right).width());
    if (heartShift < 0.515 || heartShift > 0.645 || lungs < 0.62 || lungs > 1.35) {
        notes.emplace_back(
            "The patient may be rotated: heart and lungs are less symmetric than usual, which changes the ratio.");
    }
    return notes;
}

double networkQuality(const std::array<double, kOrganCount>& agreement, const std::array<double, kOrganCount>& kept,
                      const std::array<double, kOrganCount>& certainty) {
    double quality = 1;
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        quality = std::min({quality, clampedRamp(agreement[i], 0.60, 0.90), clampedRamp(kept[i], 0.50, 0.85),
                            clampedRamp(certainty[i], 0.35, 0.75)});
    }
    return quality;
}

}  // namespace cxr
