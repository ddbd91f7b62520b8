// Display colours as DICOM codes them: CIELab (D50) in three unsigned 16-bit numbers.   DICOM PS3.3 C.10.7.1.1
//   sRGB -> linear light -> XYZ (D65, Bradford to D50) -> L*, a*, b* -> L* 65535 / 100, (a* + 128) 65535 / 255, b*
//   alike
// Pure function; thread-safe.
#pragma once

#include <cstdint>
#include <vector>

namespace cxr {

std::vector<std::uint16_t> cieLab(int red, int green, int blue);  // sRGB, 0..255 each

}  // namespace cxr
