// ReliefCamera: how landscapes are looked at, and the geometry between film and screen that follows from it.
//   world   the film lies in the plane z = 0, its middle at the origin, its longer side 1 long; x to the right and y to the top
//           of the film, z towards the reader
//   eye     on a sphere round the point that the camera looks at; perspective of 30 degrees over the view's shorter side
// Pure functions over plain values; thread-safe.
#pragma once

#include <QPointF>
#include <QSizeF>
#include <optional>

#include "core/base/geometry.h"

namespace cxr::ui {

struct Vector3 {
    double x = 0, y = 0, z = 0;
    Vector3 operator+(const Vector3& o) const { return {x + o.x, y + o.y, z + o.z}; }
    Vector3 operator-(const Vector3& o) const { return {x - o.x, y - o.y, z - o.z}; }
    Vector3 operator*(double f) const { return {x * f, y * f, z * f}; }
    [[nodiscard]] double dot(const Vector3& o) const { return x * o.x + y * o.y + z * o.z; }
};

struct ReliefCamera {
    double azimuthDeg = -22;   // round the film's middle; 0: from its lower edge
    double elevationDeg = 44;  // above the film's plane, kLeastElevation .. 90 (90: the film as it hangs)
    double zoom = 1;           // kLeastZoom .. kMostZoom
    double panX = 0, panY = 0; // of the point looked at, along the screen, world units
    double height = 1;         // all heights are multiplied by this, > 0
    bool operator==(const ReliefCamera&) const = default;
    static constexpr double kLeastElevation = 8, kLeastZoom = 0.4, kMostZoom = 8, kMostPan = 1;
};

// Limited to what the camera allows.
ReliefCamera turned(ReliefCamera camera, double azimuthDeg, double elevationDeg);
ReliefCamera zoomed(ReliefCamera camera, double factor);
// What was under the mouse follows it. `moved` and `view` in the same pixels.
ReliefCamera panned(ReliefCamera camera, QPointF moved, QSizeF view);

// Where eye and screen are.
struct ReliefPose {
    Vector3 eye, focus;
    Vector3 right, up, forward;     // of length 1
    double verticalAngleDeg = 30;   // of the view from its lower to its upper edge
    double pxPerTangent = 1;        // view px from its middle, for each unit of tangent
};
// REQUIRES: view not empty
ReliefPose poseOf(const ReliefCamera& camera, QSizeF view);

// View px, y downwards; nullopt behind the eye.
std::optional<QPointF> projected(const ReliefPose& pose, QSizeF view, const Vector3& point);
// Direction from the eye through a point of the view, not of length 1.
Vector3 directionThrough(const ReliefPose& pose, QSizeF view, QPointF at);

// Between film pixels and the world. `film`: size in pixels.
Vector3 worldOf(PointPx at, double z, QSizeF film);
PointPx filmOf(const Vector3& point, QSizeF film);

}  // namespace cxr::ui
