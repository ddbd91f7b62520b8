// Display colours as DICOM codes them, back to sRGB.   DICOM PS3.3 C.10.7.1.1; the way there: core/dicom_out/cielab.h
// Pure function; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace cxr {

using Rgb = std::array<std::uint8_t, 3>;

// Three numbers of 16 bits; colours outside of sRGB are clipped. REQUIRES: lab.size() == 3
Rgb rgbOfCieLab(std::span<const double> lab);

}  // namespace cxr
