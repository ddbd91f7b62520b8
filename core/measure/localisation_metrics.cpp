#include "core/measure/localisation_metrics.h"

#include <algorithm>
#include <limits>

namespace cxr {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double overlapOf(const cv::Rect2d& a, const cv::Rect2d& b) {
    const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
    const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    return width > 0 && height > 0 ? width * height : 0;
}

void addFilm(LocalisationScore& score, const FilmBoxes& film) {
    const auto hits = [&](const cv::Rect2d& predicted, const cv::Rect2d& drawn) {
        return intersectionOverPredicted(predicted, drawn) > score.threshold;
    };
    const auto isFound = [&](const cv::Rect2d& drawn) {
        return std::any_of(film.predicted.begin(), film.predicted.end(), [&](const auto& p) { return hits(p, drawn); });
    };
    const auto isFalse = [&](const cv::Rect2d& predicted) {
        return std::none_of(film.drawn.begin(), film.drawn.end(), [&](const auto& d) { return hits(predicted, d); });
    };
    ++score.films;
    score.drawn += static_cast<int>(film.drawn.size());
    score.found += static_cast<int>(std::count_if(film.drawn.begin(), film.drawn.end(), isFound));
    score.falsePositives += static_cast<int>(std::count_if(film.predicted.begin(), film.predicted.end(), isFalse));
}

}  // namespace

double areaOf(const cv::Rect2d& box) { return std::max(0.0, box.width) * std::max(0.0, box.height); }

double intersectionOverPredicted(const cv::Rect2d& predicted, const cv::Rect2d& drawn) {
    const double area = areaOf(predicted);
    return area > 0 ? overlapOf(predicted, drawn) / area : 0;
}

double intersectionOverUnion(const cv::Rect2d& a, const cv::Rect2d& b) {
    const double overlap = overlapOf(a, b), united = areaOf(a) + areaOf(b) - overlap;
    return united > 0 ? overlap / united : 0;
}

double LocalisationScore::accuracy() const { return drawn > 0 ? static_cast<double>(found) / drawn : kNaN; }

double LocalisationScore::falsePositivesPerFilm() const {
    return films > 0 ? static_cast<double>(falsePositives) / films : kNaN;
}

std::vector<LocalisationScore> scoreLocalisation(const std::vector<FilmBoxes>& films, const std::vector<double>& thresholds) {
    std::vector<LocalisationScore> scores;
    for (const double threshold : thresholds) {
        LocalisationScore& score = scores.emplace_back();
        score.threshold = threshold;
        for (const FilmBoxes& film : films) addFilm(score, film);
    }
    return scores;
}

}  // namespace cxr
