// A film's pixel chain as a presentation state wants it: nothing of the film's own modality and polarity is used.
//   stored value -> the state's modality (identity where it has none) -> its window or table (the whole range of values
//   where it has none) -> its Presentation LUT or shape.   DICOM PS3.4 N.2
// Pure functions; thread-safe.
#pragma once

#include <array>
#include <cstdint>

#include "core/dicom_in/presentation_state.h"

namespace cxr {

struct PresentedFilm {
    ImagePtr image;  // shares the film's samples; modality and polarity are the state's
    VoiSetting voi;
    std::shared_ptr<const LookupTable> presentationLut;  // null: the polarity is all
    std::shared_ptr<const PseudoColour> colours;         // of the gray values that presentedTable8() gives; null: gray
};

// REQUIRES: state, film
PresentedFilm presentedFilm(const PresentationPtr& state, const ImagePtr& film);

// As grayTable8() (core/image/pixel_chain.h), with the Presentation LUT where there is one; `voi` may be the user's.
std::array<std::uint8_t, 65536> presentedTable8(const PresentedFilm& film, const VoiSetting& voi, bool invert);

}  // namespace cxr
