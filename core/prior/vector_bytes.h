// A HeartSpot vector as bytes: one sample after the other, rounded, 8 bits or 16 bits little endian.
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace cxr {

// REQUIRES: depthBits is 8 or 16. Values beyond the depth are clipped.
std::string vectorBytes(const std::vector<float>& vector, int depthBits);
// fails Corrupt: other depth, or half a sample at the end.
Result<std::vector<float>> vectorFromBytes(std::string_view bytes, int depthBits);

}  // namespace cxr
