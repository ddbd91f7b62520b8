// The palette of a Pseudo-Color Softcopy Presentation State: gray as the window gives it -> colour.
//   data    whole tables of 8 or 16 bits, or segmented ones (discrete and linear segments); DICOM PS3.3 A.33.3, C.7.6.3.1.5,
//           C.7.6.3.1.6, C.7.9.2
//   places  the window's whole output lies on the whole table: gray g of 255 is entry round(g (n - 1) / 255)
//   colour  as the state's ICC profile (C.11.15) says; without one it is taken for sRGB
// The reader is thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/dicom_in/cielab_colour.h"

namespace cxr {

class ObjectReader;

struct PseudoColour {
    std::array<Rgb, 256> colours{};
    std::vector<std::uint8_t> profile;  // ICC, at most 4 MiB; empty: none
};

// The colour of one value of a picture with such a palette, as sRGB; none: no palette, or it makes no sense.
class ValueColours {
  public:
    explicit ValueColours(const ObjectReader& read);
    [[nodiscard]] std::optional<Rgb> of(int value) const;

  private:
    std::vector<Rgb> m_colours;
    int m_first = 0;
};

// fails Corrupt (no palette, or one that makes no sense), Unsupported (segments that refer to other segments)
Result<PseudoColour> readPseudoColour(const ObjectReader& read);

}  // namespace cxr
