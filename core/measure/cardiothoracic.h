// The cardiothoracic ratio from outlines.
//   heart width  from the heart's leftmost to its rightmost x, drawn at the heart's widest row
//   chest width  from the right lung's outermost to the left lung's outermost x, drawn at the chest's widest row
// Both are extents, whatever the rows of their ends, as the distances to the midline are read on a film.
// Why not the widest single row: on 176 Wingspan films (512 px) the ratio from the films' own masks was compared with
// the ratio that comes with them, read by experts:
//   whole extent  bias -0.0000 [-0.0002, 0.0002]  MAE 0.0011 [0.0010, 0.0012]  limits of agreement -0.0027 to 0.0026
//   widest row    bias  0.0035 [ 0.0027, 0.0043]  MAE 0.0039 [0.0032, 0.0047]  limits of agreement -0.0068 to 0.0138
// The first is so near that the experts' ratios were most likely taken from these masks in this way: it shows which
// definition they used, not how exact they are. tests/core/measure/tst_ctr_experts.cpp prints the numbers again.
// Pure functions; thread-safe.
#pragma once

#include <optional>

#include "core/image/polygon.h"
#include "core/measure/chest.h"

namespace cxr {

// How the inner chest is measured; the program uses WholeExtent.
enum class ChestWidth {
    WholeExtent,  // leftmost x to rightmost x of the lungs, whatever their rows
    WidestRow,    // on one row, lung border to lung border
};

// nullopt: outline of fewer than 3 points, or no row that meets both lungs.
std::optional<LinePx> heartLineOf(const Polygon& heart);
std::optional<LinePx> chestLineOf(const Polygon& leftLung, const Polygon& rightLung,
                                  ChestWidth how = ChestWidth::WholeExtent);

// Horizontal lengths only; 0 if the chest line has none.
double ratioOf(const LinePx& heartLine, const LinePx& chestLine);

}  // namespace cxr
