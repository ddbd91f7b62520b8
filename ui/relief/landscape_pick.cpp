// What lies under a point of the screen: the ray from the eye is followed until it crosses the heights. See landscape.h.
#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "ui/relief/landscape.h"

namespace cxr::ui {

namespace {

constexpr double kMargin = 1e-4;     // world units round the heights
constexpr int kLeastSteps = 48, kMostSteps = 1500;
constexpr int kBisections = 24;

struct Range {
    double from = 0, to = 0;
    [[nodiscard]] bool isEmpty() const { return !(to > from); }
};

// Cuts the part of a ray outside of [low, high] in one direction of space.
void cut(Range& range, double origin, double direction, double low, double high) {
    if (std::abs(direction) < 1e-12) {
        if (origin < low || origin > high) range.to = range.from;
        return;
    }
    const double a = (low - origin) / direction, b = (high - origin) / direction;
    range.from = std::max(range.from, std::min(a, b));
    range.to = std::min(range.to, std::max(a, b));
}

// A film point inside an outline, by the even-odd rule.
bool isInside(const std::vector<PointPx>& outline, PointPx at) {
    bool inside = false;
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
        const PointPx &a = outline[i], &b = outline[j];
        if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
    }
    return inside;
}

// How far a point of space lies above the landscape.
class Above {
  public:
    Above(const Landscape& landscape, const ReliefCamera& camera) : m_grid(landscape.fine), m_film(landscape.film->size()), m_height(camera.height) {}
    [[nodiscard]] double operator()(const Vector3& point) const {
        const PointPx film = filmOf(point, m_film);
        return point.z - m_height * m_grid.at(film.x / m_film.width(), film.y / m_film.height());
    }

  private:
    const HeightGrid& m_grid;
    QSizeF m_film;
    double m_height;
};

Range rangeOf(const Landscape& landscape, const ReliefCamera& camera, const Vector3& eye, const Vector3& direction) {
    const QSizeF film = landscape.film->size();
    const Vector3 corner = worldOf({film.width(), 0}, 0, film);
    const auto [low, high] = std::minmax_element(landscape.fine.heights.begin(), landscape.fine.heights.end());
    Range range{0, 1e6};
    cut(range, eye.x, direction.x, -corner.x, corner.x);
    cut(range, eye.y, direction.y, -corner.y, corner.y);
    cut(range, eye.z, direction.z, camera.height * *low - kMargin, camera.height * *high + kMargin);
    return range;
}

}  // namespace

std::optional<PointPx> filmPointAt(const Landscape& landscape, const ReliefCamera& camera, QSizeF view, QPointF at) {
    if (landscape.fine.heights.empty() || view.isEmpty()) return std::nullopt;
    const ReliefPose pose = poseOf(camera, view);
    const Vector3 direction = directionThrough(pose, view, at);
    const Range range = rangeOf(landscape, camera, pose.eye, direction);
    if (range.isEmpty()) return std::nullopt;
    const Above above(landscape, camera);
    const auto placeAt = [&](double t) { return pose.eye + direction * t; };
    const double across = std::hypot(direction.x, direction.y) * (range.to - range.from);
    const int steps = std::clamp(static_cast<int>(2 * across * std::max(landscape.fine.columns, landscape.fine.rows)), kLeastSteps, kMostSteps);
    double before = range.from;
    const bool startsAbove = above(placeAt(before)) >= 0;
    for (int i = 1; i <= steps; ++i) {
        double after = range.from + (range.to - range.from) * i / steps;
        if ((above(placeAt(after)) >= 0) == startsAbove) {
            before = after;
            continue;
        }
        for (int k = 0; k < kBisections; ++k) {
            const double middle = (before + after) / 2;
            ((above(placeAt(middle)) >= 0) == startsAbove ? before : after) = middle;
        }
        return filmOf(placeAt(after), landscape.film->size());
    }
    return std::nullopt;
}

std::optional<QPointF> viewPointOf(const Landscape& landscape, const ReliefCamera& camera, QSizeF view, PointPx film) {
    if (landscape.fine.heights.empty() || view.isEmpty()) return std::nullopt;
    const QSizeF size = landscape.film->size();
    const double height = camera.height * landscape.fine.at(film.x / size.width(), film.y / size.height());
    return projected(poseOf(camera, view), view, worldOf(film, height, size));
}

QString anatomyAt(const std::optional<ChestMeasurement>& chest, PointPx film) {
    if (!chest) return {};
    for (const Organ organ : {Organ::Heart, Organ::LeftLung, Organ::RightLung}) {
        const auto& points = chest->outlines[static_cast<std::size_t>(organ)].points;
        if (points.size() > 2 && isInside(points, film)) return QCoreApplication::translate("cxr::ui::Relief", toString(organ));
    }
    return QCoreApplication::translate("cxr::ui::Relief", "outside heart and lungs");
}

}  // namespace cxr::ui
