#include "core/measure/length_calibration.h"

#include <algorithm>
#include <cmath>

#include "core/measure/film_notes.h"

namespace cxr {
namespace {

constexpr double kLeastMmPerPx = 0.01, kMostMmPerPx = 10;  // films have 0.05 to 2

}  // namespace

Result<Spacing> calibratedSpacing(const LengthCalibration& calibration, const Spacing& header) {
    const LinePx& line = calibration.line;
    if (!(line.length() >= kShortestCalibrationPx))
        return Error{ErrorCode::InvalidArgument, "the line is too short to calibrate with; draw it over something larger"};
    if (!(calibration.lengthMm >= kLeastCalibrationMm && calibration.lengthMm <= kMostCalibrationMm))
        return Error{ErrorCode::InvalidArgument, "the length must be between 1 and 1000 mm"};
    const double row = header.isKnown() ? header.rowMm : 1, column = header.isKnown() ? header.columnMm : 1;
    const double before = std::hypot((line.to.x - line.from.x) * column, (line.to.y - line.from.y) * row);
    const double scale = calibration.lengthMm / before;
    Spacing spacing{row * scale, column * scale, SpacingSource::UserCalibration, static_cast<float>(calibration.lengthMm)};
    for (const double mm : {spacing.rowMm, spacing.columnMm}) {
        if (!(mm >= kLeastMmPerPx && mm <= kMostMmPerPx))
            return Error{ErrorCode::InvalidArgument, "a pixel would be smaller than 0.01 mm or larger than 10 mm; check the length"};
    }
    return spacing;
}

ChestMeasurement withSpacing(ChestMeasurement measurement, const Image& from, const Image& to) {
    const std::vector<std::string> before = filmNotes(from), after = filmNotes(to);
    const auto isOfFilm = [&](const std::string& note) {
        return std::find(before.begin(), before.end(), note) != before.end() || std::find(after.begin(), after.end(), note) != after.end();
    };
    const std::size_t ofFilm = std::min(measurement.filmNotes, measurement.notes.size());
    std::vector<std::string> notes = after;
    for (std::size_t i = 0; i < measurement.notes.size(); ++i) {
        if (i == ofFilm) measurement.filmNotes = notes.size();
        if (!isOfFilm(measurement.notes[i])) notes.push_back(measurement.notes[i]);
    }
    if (ofFilm == measurement.notes.size()) measurement.filmNotes = notes.size();
    measurement.notes = std::move(notes);
    return measurement;
}

ImagePtr withSpacing(const ImagePtr& film, const Spacing& spacing) {
    auto copy = std::make_shared<Image>(*film);
    copy->spacing = spacing;
    return copy;
}

}  // namespace cxr
