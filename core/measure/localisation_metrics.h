// How well predicted boxes lie where readers drew theirs, class by class.
//   IoBB   area of intersection / area of the PREDICTED box (Wang et al., CVPR 2017, as Shivaprasad et al. use it)
//   hit    a drawn box is found when at least one predicted box of its class has IoBB > T
//   Lacc   drawn boxes that are found / drawn boxes
//   FPN    predicted boxes of that class that hit no drawn box of their film, per film
// Boxes: left, top, width, height in any unit that both share. Pure functions; thread-safe.
#pragma once

#include <opencv2/core/types.hpp>

#include <vector>

namespace cxr {

double areaOf(const cv::Rect2d& box);
// 0 where a box has no area.
double intersectionOverPredicted(const cv::Rect2d& predicted, const cv::Rect2d& drawn);
double intersectionOverUnion(const cv::Rect2d& a, const cv::Rect2d& b);

// One film's boxes of one class; either list may be empty.
struct FilmBoxes {
    std::vector<cv::Rect2d> predicted, drawn;
};

struct LocalisationScore {
    double threshold = 0;       // T(IoBB)
    int drawn = 0, found = 0;   // boxes of readers
    int films = 0, falsePositives = 0;
    [[nodiscard]] double accuracy() const;             // Lacc; NaN without drawn boxes
    [[nodiscard]] double falsePositivesPerFilm() const;  // NaN without films
};

// One score a threshold, over all films given. Films without drawn boxes count for false positives only.
std::vector<LocalisationScore> scoreLocalisation(const std::vector<FilmBoxes>& films,
                                                 const std::vector<double>& thresholds = {0.1, 0.25, 0.5, 0.75, 0.9});

}  // namespace cxr
