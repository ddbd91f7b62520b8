// What a reader changed on a film: outlines and lines that he moved, boxes of maps that he drew, the line that says how long a
// length is, and what he wrote for the report. Only his own work is in here: it is laid over what the networks find, today's or tomorrow's.
//   text     JSON {"version": 1, "width", "height", "outlines": [{"organ": 0, "points": [[x, y], ...]}],
//            "lines": {"heart": [x, y, x, y], "chest": [...]}, "boxes": {map key: [{"box": [left, top, width, height],
//            "class", "score", "method", "peak", "edited"}]}, "calibration": {"line": [x, y, x, y], "mm"}, "text": {"language",
//            "question", "comparison", "impression", "reader"}}; film pixels; "lines", "calibration" and "text" where there are
//            some; no name, no number of a patient but what the reader wrote himself
// Pure functions; thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/localize/boxes.h"
#include "core/measure/chest.h"
#include "core/measure/length_calibration.h"
#include "core/report/reader_text.h"

namespace cxr {

// Boxes as the reader left them, by the map's key (MapWish::key()); maps that are not there show their own boxes.
using EditedBoxes = std::map<std::string, std::vector<FindingBox>>;

struct RatioLines {
    LinePx heart, chest;
    bool operator==(const RatioLines&) const = default;
};

struct Corrections {
    int filmWidthPx = 0, filmHeightPx = 0;
    std::vector<Outline> outlines;    // the moved ones only
    std::optional<RatioLines> lines;  // set by hand
    EditedBoxes boxes;
    std::optional<LengthCalibration> calibration;
    ReaderText text;                  // for the report, in his own words
    [[nodiscard]] bool hasFindings() const { return !outlines.empty() || lines || !boxes.empty(); }
    [[nodiscard]] bool isEmpty() const { return !hasFindings() && !calibration && text.isEmpty(); }
};

Corrections correctionsOf(const ChestMeasurement& chest, const EditedBoxes& boxes, const std::optional<LengthCalibration>& calibration,
                          const ReaderText& text = {});
// The reader's outlines and lines over `found`, measured anew (withOutline, withLines). Corrections of a film of another
// size change nothing.
ChestMeasurement withCorrections(ChestMeasurement found, const Corrections& corrections);

std::string toJson(const Corrections& corrections);
// fails Corrupt: not of this form, numbers that are not finite, more than 10,000 points or boxes.
Result<Corrections> correctionsOfJson(const std::string& text);

}  // namespace cxr
