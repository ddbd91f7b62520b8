// See outline_spline.h. The only file of the film view that knows VTK.
#include "ui/viewport/outline_spline.h"

#include <vtkKochanekSpline.h>
#include <vtkNew.h>

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cxr::ui {

namespace {

// arc[i] = length along the closed outline from its first point to point i; arc[n] = all of it.
std::vector<double> arcLengths(const std::vector<PointPx>& outline) {
    std::vector<double> arc(outline.size() + 1, 0.0);
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const LinePx step{outline[i], outline[(i + 1) % outline.size()]};
        arc[i + 1] = arc[i] + step.length();
    }
    return arc;
}

// Position of every outline point on the spline: k at handle k, linear in arc length up to handle k + 1.
std::vector<double> splinePositions(const std::vector<double>& arc, const std::vector<std::size_t>& handles) {
    const std::size_t points = arc.size() - 1;
    const double whole = arc.back();
    std::vector<double> position(points, 0.0);
    for (std::size_t k = 0; k < handles.size(); ++k) {
        const std::size_t begin = handles[k];
        const bool isLast = k + 1 == handles.size();
        const std::size_t end = isLast ? handles[0] + points : handles[k + 1];
        const double start = arc[begin];
        const double span = (isLast ? arc[handles[0]] + whole : arc[end]) - start;
        for (std::size_t i = begin; i < end; ++i) {
            const double at = i < points ? arc[i] : arc[i - points] + whole;
            position[i % points] = static_cast<double>(k) + (span > 0 ? (at - start) / span : 0.0);
        }
    }
    return position;
}

template <typename Value>
void fillSpline(vtkKochanekSpline* spline, const std::vector<PointPx>& moved, Value value) {
    spline->ClosedOn();
    for (std::size_t k = 0; k < moved.size(); ++k) spline->AddPoint(static_cast<double>(k), value(moved[k]));
    spline->Compute();
}

}  // namespace

std::vector<std::size_t> handleIndices(const std::vector<PointPx>& outline, int count) {
    std::vector<std::size_t> indices;
    if (outline.empty() || count <= 0) return indices;
    const std::vector<double> arc = arcLengths(outline);
    for (int k = 0; k < count; ++k) {
        const double wanted = arc.back() * k / count;
        const auto upper = std::lower_bound(arc.begin(), arc.end() - 1, wanted);
        auto index = static_cast<std::size_t>(upper - arc.begin());
        if (index > 0 && (index == outline.size() || wanted - arc[index - 1] < arc[index] - wanted)) --index;
        if (indices.empty() || index > indices.back()) indices.push_back(index);
    }
    return indices;
}

std::vector<PointPx> displacedOutline(const std::vector<PointPx>& outline, const std::vector<std::size_t>& handles,
                                      const std::vector<PointPx>& moved) {
    assert(handles.size() == moved.size() && handles.size() >= 3);
    vtkNew<vtkKochanekSpline> alongX;
    vtkNew<vtkKochanekSpline> alongY;
    fillSpline(alongX, moved, [](PointPx p) { return p.x; });
    fillSpline(alongY, moved, [](PointPx p) { return p.y; });
    const std::vector<double> position = splinePositions(arcLengths(outline), handles);
    std::vector<PointPx> result(outline.size());
    for (std::size_t i = 0; i < outline.size(); ++i) {
        result[i] = {outline[i].x + alongX->Evaluate(position[i]), outline[i].y + alongY->Evaluate(position[i])};
    }
    return result;
}

std::vector<PointPx> densified(const std::vector<PointPx>& outline, double longestStepPx) {
    std::vector<PointPx> result;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const PointPx from = outline[i];
        const PointPx to = outline[(i + 1) % outline.size()];
        const int steps = std::max(1, static_cast<int>(std::ceil(LinePx{from, to}.length() / longestStepPx)));
        for (int s = 0; s < steps; ++s) {
            const double t = static_cast<double>(s) / steps;
            result.push_back({from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)});
        }
    }
    return result;
}

}  // namespace cxr::ui
