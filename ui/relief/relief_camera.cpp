// See relief_camera.h.
#include "ui/relief/relief_camera.h"

#include <algorithm>
#include <cmath>

namespace cxr::ui {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kRadian = kPi / 180;
constexpr double kAngleDeg = 30;    // over the view's shorter side
constexpr double kFitRadius = 0.6;  // of the sphere that fills the view at zoom 1: a film of side 1, seen from above at a slant

double longerSide(QSizeF film) { return std::max(1.0, std::max(film.width(), film.height())); }

}  // namespace

ReliefCamera turned(ReliefCamera camera, double azimuthDeg, double elevationDeg) {
    camera.azimuthDeg = std::remainder(camera.azimuthDeg + azimuthDeg, 360);
    camera.elevationDeg = std::clamp(camera.elevationDeg + elevationDeg, ReliefCamera::kLeastElevation, 90.0);
    return camera;
}

ReliefCamera zoomed(ReliefCamera camera, double factor) {
    camera.zoom = std::clamp(camera.zoom * factor, ReliefCamera::kLeastZoom, ReliefCamera::kMostZoom);
    return camera;
}

ReliefCamera panned(ReliefCamera camera, QPointF moved, QSizeF view) {
    const ReliefPose pose = poseOf(camera, view);
    const Vector3 away = pose.focus - pose.eye;
    const double worldPerPx = std::sqrt(away.dot(away)) / pose.pxPerTangent;
    camera.panX = std::clamp(camera.panX - moved.x() * worldPerPx, -ReliefCamera::kMostPan, ReliefCamera::kMostPan);
    camera.panY = std::clamp(camera.panY + moved.y() * worldPerPx, -ReliefCamera::kMostPan, ReliefCamera::kMostPan);
    return camera;
}

ReliefPose poseOf(const ReliefCamera& camera, QSizeF view) {
    const double azimuth = camera.azimuthDeg * kRadian, elevation = camera.elevationDeg * kRadian;
    const double halfTangent = std::tan(kAngleDeg / 2 * kRadian);
    const double distance = kFitRadius / std::sin(kAngleDeg / 2 * kRadian) / camera.zoom;
    ReliefPose pose;
    pose.forward = {-std::cos(elevation) * std::sin(azimuth), std::cos(elevation) * std::cos(azimuth), -std::sin(elevation)};
    pose.right = {std::cos(azimuth), std::sin(azimuth), 0};
    pose.up = {-std::sin(elevation) * std::sin(azimuth), std::sin(elevation) * std::cos(azimuth), std::cos(elevation)};
    pose.focus = pose.right * camera.panX + pose.up * camera.panY;
    pose.eye = pose.focus - pose.forward * distance;
    pose.pxPerTangent = std::min(view.width(), view.height()) / 2 / halfTangent;
    pose.verticalAngleDeg = 2 * std::atan(view.height() / 2 / pose.pxPerTangent) / kRadian;
    return pose;
}

std::optional<QPointF> projected(const ReliefPose& pose, QSizeF view, const Vector3& point) {
    const Vector3 away = point - pose.eye;
    const double depth = away.dot(pose.forward);
    if (depth <= 1e-6) return std::nullopt;
    return QPointF(view.width() / 2 + away.dot(pose.right) / depth * pose.pxPerTangent, view.height() / 2 - away.dot(pose.up) / depth * pose.pxPerTangent);
}

Vector3 directionThrough(const ReliefPose& pose, QSizeF view, QPointF at) {
    return pose.forward + pose.right * ((at.x() - view.width() / 2) / pose.pxPerTangent) + pose.up * ((view.height() / 2 - at.y()) / pose.pxPerTangent);
}

Vector3 worldOf(PointPx at, double z, QSizeF film) {
    const double side = longerSide(film);
    return {(at.x - film.width() / 2) / side, (film.height() / 2 - at.y) / side, z};
}

PointPx filmOf(const Vector3& point, QSizeF film) {
    const double side = longerSide(film);
    return {point.x * side + film.width() / 2, film.height() / 2 - point.y * side};
}

}  // namespace cxr::ui
