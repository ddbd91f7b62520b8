// Finds writing in the picture: names, dates and numbers that a machine burned in.
//   At each level of a pyramid (glyphs of 7 to 44 px there), for bright and for dark writing, upright and turned by 90 degrees:
//   (levels as long as writing may be taller than that: 9 % of the film at most)
//   hat        top hat (bottom hat) with a square a little wider than a stroke
//   glyphs     connected parts of what exceeds a contrast, with the size, the thin strokes, the flat values and the sharp
//              edges of writing: anatomy and wires are blurred by the exposure, burned-in text is not
//   lines      glyphs side by side, of like height and value; three letters or more
//   markers    an L or R with initials or a number stays, its company goes (side_markers.h); one or two letters beside, above
//              or below an L or R that stands alone are writing, too
// Single letters (L, R and other markers of the side) are no lines and stay. Measured in tests/bench/bench_burned_in_text.
// Pure functions; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"

namespace cxr {

// A line of writing in film pixels, with a margin around it; inside the film.
using TextBox = cv::Rect;

// `film`: CV_8UC1 [H, W], values spread over 0..255. Sorted from top to bottom.   fails Cancelled
Result<std::vector<TextBox>> findBurnedInText(const cv::Mat& film, const RunContext& context = {});
Result<std::vector<TextBox>> findBurnedInText(const Image& film, const RunContext& context = {});

}  // namespace cxr
