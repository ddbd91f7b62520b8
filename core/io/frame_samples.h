// One uncompressed frame -> the 16-bit samples of an Image: shift and mask to the stored bits, sign, byte order, colour
// to luminance, wider numbers rescaled to 16 bits with the Modality rescale adjusted so that modality values stay the
// same.
//   luminance  Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601); of YBR pixels the Y itself
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/image/image.h"
#include "core/io/pixel_format.h"

namespace cxr {

// Palette colours turned into luminance, 16 bits. `values` is empty for films without a palette.
struct GrayPalette {
    int firstInput = 0;
    std::vector<std::uint16_t> values;
};

// Fills samples, storedOffset, encoding bits and, for wide numbers, modality of `image`; adds notes.
//   fails  Corrupt (too few bytes), Unsupported
Result<Done> fillSamples(const StoredFrame& frame, const GrayPalette& palette, Image& image);

}  // namespace cxr
