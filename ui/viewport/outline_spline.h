// Moves an outline by its handles: the outline follows smoothly, its detail elsewhere stays as it was.
//   handles       outline points, about equally far apart along the outline
//   displacement  closed Kochanek spline (tension 0: Catmull-Rom; VTK's vtkKochanekSpline) through what each handle
//                 was moved by, one knot per handle, linear in arc length between two handles
//   result        point + displacement: passes through every moved handle, is the outline itself when none moved, and
//                 one handle reaches no farther than the second next one.
//   thread rule  pure functions
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/geometry.h"

namespace cxr::ui {

// Indices of `count` outline points (fewer when the outline has fewer), ascending, about equally spaced along it.
std::vector<std::size_t> handleIndices(const std::vector<PointPx>& outline, int count);

// moved[i] = how far the handle outline[handles[i]] was moved. REQUIRES: same length, at least 3, handles ascending
std::vector<PointPx> displacedOutline(const std::vector<PointPx>& outline, const std::vector<std::size_t>& handles,
                                      const std::vector<PointPx>& moved);

// The closed polygon with points added so that no step is longer than `longestStepPx`; its own points stay.
std::vector<PointPx> densified(const std::vector<PointPx>& outline, double longestStepPx);

}  // namespace cxr::ui
