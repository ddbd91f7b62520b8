// A user's calibration: a line over something of known size gives the film its spacing.
//   mm per px = length / |line|, the line measured with the pixels' own shape where the header gives one, else square
// Pure functions; thread-safe.
#pragma once

#include "core/base/geometry.h"
#include "core/base/result.h"
#include "core/image/image.h"
#include "core/measure/chest.h"

namespace cxr {

struct LengthCalibration {
    LinePx line;          // film px
    double lengthMm = 0;  // as the user gave it
    bool operator==(const LengthCalibration&) const = default;
};

inline constexpr double kShortestCalibrationPx = 10;
inline constexpr double kLeastCalibrationMm = 1, kMostCalibrationMm = 1000;

// `header`: the film's spacing before; unknown: square pixels.
// fails InvalidArgument: the line is too short, the length out of its limits, or no pixel of a film is that large or small
Result<Spacing> calibratedSpacing(const LengthCalibration& calibration, const Spacing& header);

// The same measurement with the film's notes as another spacing makes them: `from` and `to` are the same film.
ChestMeasurement withSpacing(ChestMeasurement measurement, const Image& from, const Image& to);

// The film with another spacing, sharing its samples.
ImagePtr withSpacing(const ImagePtr& film, const Spacing& spacing);

}  // namespace cxr
