// A closed polygon as text: one vertex a line, "x y" in film pixels (0, 0 = top left corner of the first pixel); blank lines and
// lines that begin with # are skipped; a comma between the numbers is read as well.
//   thread rule  pure functions
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/image/polygon.h"

namespace cxr {

// Shortest decimals that read back equal.
std::string polygonText(const Polygon& polygon);
// fails Corrupt (line, what to do): no two finite numbers, beyond 10^6, fewer than 3 vertices, more than 10^6
Result<Polygon> parsePolygon(std::string_view text);

}  // namespace cxr
