#include "core/image/phantom_anatomy.h"

#include <algorithm>
#include <cmath>

namespace cxr::phantom {
namespace {

constexpr int kSteps = 12;
constexpr double kMiddle = 0.5;

Polygon mirrored(Polygon polygon) {
    for (PointPx& p : polygon) p.x = 2 * kMiddle - p.x;
    return polygon;
}

// The right lung (left on film): apex, outer border, costophrenic angle, dome, and past the middle of the chest's
// shadow.
Polygon lung(double domeShift) {
    const double d = domeShift;
    return closedSpline(
        {{0.40, 0.085},     {0.34, 0.075},         {0.275, 0.105},     {0.215, 0.19},     {0.172, 0.31},
         {0.145, 0.44},     {0.131, 0.57},         {0.127, 0.68},      {0.135, 0.77},     {0.152, 0.842},
         {0.166, 0.862},    {0.185, 0.83 + d / 2}, {0.235, 0.775 + d}, {0.30, 0.742 + d}, {0.37, 0.728 + d},
         {0.43, 0.735 + d}, {0.475, 0.74 + d},     {0.487, 0.60},      {0.487, 0.40},     {0.478, 0.22},
         {0.452, 0.125}},
        kSteps);
}

// A heart in its own units: x in [0, 1] from right atrium to apex, y in [0, 1] from the great vessels to the diaphragm.
Polygon heartShape() {
    return closedSpline({{0.28, 0.02},
                         {0.40, 0.00},
                         {0.53, 0.02},
                         {0.62, 0.12},
                         {0.71, 0.27},
                         {0.83, 0.44},
                         {0.94, 0.63},
                         {1.00, 0.80},
                         {0.985, 0.91},
                         {0.90, 0.965},
                         {0.72, 0.985},
                         {0.50, 1.00},
                         {0.28, 0.99},
                         {0.10, 0.93},
                         {0.025, 0.80},
                         {0.00, 0.62},
                         {0.03, 0.43},
                         {0.11, 0.26},
                         {0.19, 0.12}},
                        kSteps);
}

// Stretched so that its extent is exactly [left, right] x [top, bottom].
Polygon fitted(Polygon polygon, double left, double right, double top, double bottom) {
    const BoundsPx box = boundsOf(polygon);
    for (PointPx& p : polygon) {
        p = {left + (p.x - box.left) / box.width() * (right - left),
             top + (p.y - box.top) / box.height() * (bottom - top)};
    }
    return polygon;
}

Polygon bodyOutline() {
    const Polygon half{{0.44, -0.10}, {0.435, 0.01}, {0.39, 0.045}, {0.24, 0.055}, {0.08, 0.07},  {-0.02, 0.11},
                       {-0.12, 0.25}, {-0.16, 0.55}, {-0.10, 0.62}, {-0.01, 0.52}, {0.035, 0.40}, {0.055, 0.40},
                       {0.06, 0.50},  {0.065, 0.70}, {0.085, 0.90}, {0.09, 1.10}};
    Polygon right = openSpline(half, kSteps), left = mirrored(right);
    std::reverse(left.begin(), left.end());
    right.insert(right.end(), left.begin(), left.end());
    return right;
}

// Posterior ribs leave the spine, rise a little and fall towards the side; anterior ribs fall towards the breastbone.
void addRibs(Anatomy& anatomy) {
    for (int k = 0; k < 10; ++k) {
        const double y = 0.115 + 0.068 * k, reach = std::min(0.185 + 0.05 * k, 0.335),
                     fall = std::min(0.05 + 0.02 * k, 0.13);
        Polygon rib;
        for (int i = 0; i <= 24; ++i) {
            const double t = i / 24.0;
            rib.push_back({kMiddle - 0.045 - reach * std::sin(t * 1.5) / std::sin(1.5),
                           y - 0.030 * std::sin(3.0 * t) + fall * t * t * t});
        }
        anatomy.posteriorRibs.push_back(rib);
        anatomy.posteriorRibs.push_back(mirrored(rib));
    }
    for (int k = 0; k < 6; ++k) {
        const double y = 0.20 + 0.085 * k, outer = 0.205 - 0.017 * k;
        const Polygon rib = openSpline(
            {{outer - 0.02, y - 0.045}, {outer + 0.01, y}, {outer + 0.09, y + 0.055}, {outer + 0.19, y + 0.08}},
            kSteps);
        anatomy.anteriorRibs.push_back(rib);
        anatomy.anteriorRibs.push_back(mirrored(rib));
    }
}

void addShoulders(Anatomy& anatomy) {
    const Polygon clavicle =
        openSpline({{0.465, 0.150}, {0.41, 0.125}, {0.33, 0.098}, {0.23, 0.075}, {0.13, 0.062}, {0.06, 0.068}}, kSteps);
    const Polygon scapula = closedSpline({{0.20, 0.10},
                                          {0.10, 0.095},
                                          {0.03, 0.12},
                                          {0.04, 0.17},
                                          {0.10, 0.20},
                                          {0.115, 0.32},
                                          {0.145, 0.40},
                                          {0.165, 0.36},
                                          {0.175, 0.22}},
                                         kSteps);
    anatomy.clavicles = {clavicle, mirrored(clavicle)};
    anatomy.scapulae = {scapula, mirrored(scapula)};
}

double rowOf(const Polygon& polygon, double x) {
    for (const PointPx& p : polygon)
        if (p.x == x) return p.y;
    return 0;
}

void placeHeart(Anatomy& anatomy, double ratio) {
    const BoundsPx right = boundsOf(anatomy.rightLung), left = boundsOf(anatomy.leftLung);
    anatomy.chestLeft = right.left;
    anatomy.chestRight = left.right;
    anatomy.chestRow = rowOf(anatomy.rightLung, right.left);
    const double width = ratio * (anatomy.chestRight - anatomy.chestLeft);
    const double rightShare = 0.33 + 0.10 * std::clamp((ratio - 0.45) / 0.35, 0.0, 1.0);
    anatomy.heartLeft = kMiddle - rightShare * width;
    anatomy.heartRight = anatomy.heartLeft + width;
    const double bottom = 0.79, top = bottom - std::clamp(0.22 + 0.42 * width, 0.30, 0.42);
    anatomy.heart = fitted(heartShape(), anatomy.heartLeft, anatomy.heartRight, top, bottom);
    anatomy.heartRow = top + 0.74 * (bottom - top);
}

}  // namespace

Anatomy makeAnatomy(double ratio) {
    Anatomy anatomy;
    anatomy.body = bodyOutline();
    anatomy.rightLung = lung(0);
    anatomy.leftLung = mirrored(lung(0.025));
    anatomy.mediastinum = closedSpline({{0.452, -0.05},
                                        {0.548, -0.05},
                                        {0.552, 0.15},
                                        {0.560, 0.205},
                                        {0.592, 0.235},
                                        {0.602, 0.275},
                                        {0.582, 0.32},
                                        {0.585, 0.37},
                                        {0.60, 0.42},
                                        {0.58, 0.60},
                                        {0.56, 0.80},
                                        {0.56, 1.10},
                                        {0.44, 1.10},
                                        {0.44, 0.80},
                                        {0.435, 0.60},
                                        {0.44, 0.42},
                                        {0.452, 0.30},
                                        {0.448, 0.15}},
                                       kSteps);
    anatomy.gastricBubble =
        closedSpline({{0.66, 0.845}, {0.70, 0.825}, {0.745, 0.835}, {0.75, 0.865}, {0.70, 0.875}}, kSteps);
    addRibs(anatomy);
    addShoulders(anatomy);
    placeHeart(anatomy, ratio);
    return anatomy;
}

}  // namespace cxr::phantom
