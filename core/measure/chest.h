// What is measured on a chest film: outlines of heart and lungs, the cardiothoracic ratio (CTR), and doubts.
//   CTR = horizontal extent of the heart / horizontal extent of both lungs (why: core/measure/cardiothoracic.h)
//   Danzer, Am J Med Sci 1919. Verdict: normal <= 0.50 < borderline <= 0.55 < enlarged.
// Pure functions over film pixels; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/geometry.h"
#include "core/engine/engine.h"
#include "core/image/image.h"

namespace cxr {

enum class Verdict { NotMeasured, Normal, Borderline, Enlarged };

// Closed polygon in film pixels; empty points = organ not found.
struct Outline {
    Organ organ = Organ::Heart;
    std::vector<PointPx> points;
    bool edited = false;  // moved by the user
};

// The ratio with the outlines drawn where the network is nearly sure of an organ, and where it can hardly exclude it.
struct RatioRange {
    double low = 0, high = 0;  // both 0: not known (not measured, or set by hand)
};

struct ChestMeasurement {
    std::array<Outline, kOrganCount> outlines;  // indexed by Organ
    LinePx heartLine;  // horizontal; drawn at the row of the widest heart... from the leftmost to the rightmost x
    LinePx
        chestLine;  // horizontal; at the row where the inner chest is widest, from the lungs' leftmost to rightmost x
    bool linesEdited = false;  // the user dragged a line: outlines no longer decide the ratio
    double ratio = 0;          // 0 if not measured
    RatioRange ratioRange;
    Verdict verdict = Verdict::NotMeasured;
    double quality = 0;              // [0, 1]: agreement under mirroring, plausibility of shape and of gray values
    bool isUncertain = false;        // true: screen and report say "mask uncertain" and no verdict is given
    std::vector<std::string> notes;  // reasons for doubt, one sentence each: first the film's, then the shapes'
    std::size_t filmNotes = 0;       // the first so many notes speak of the film: corrections do not change them
    double networkQuality = 1;       // the part of `quality` that corrections do not change
    int filmWidthPx = 0, filmHeightPx = 0;  // a corrected outline may reach the film's edge, or leave it
};

// Probabilities -> smooth outlines (largest parts, holes filled, boundary smoothed), lines, ratio, verdict, quality,
// notes. `image` gives view, age, spacing for the notes.
ChestMeasurement measureChest(const Segmentation& segmentation, const Image& image);

// After another look at the film: a doubt about the film itself, which corrections do not take away. `isRefused`: no
// ratio is given, whatever the outlines look like, until the user draws them. An empty note changes nothing.
ChestMeasurement withFilmDoubt(ChestMeasurement measurement, const std::string& note, bool isRefused);

// After the user moved a contour point: lines, ratio and verdict again from the outlines. A corrected measurement is
// the user's: it is certain as soon as the shapes are plausible.
ChestMeasurement withOutline(ChestMeasurement measurement, const Outline& edited);
// After the user moved an end of a line: lines stay horizontal (the end that moved decides the row), the ratio is
// theirs.
ChestMeasurement withLines(ChestMeasurement measurement, LinePx heartLine, LinePx chestLine);

// Decided on the ratio rounded to three decimals, as it is printed: words and number never contradict each other.
Verdict verdictOf(double ratio);
// "0.57"; three decimals where two would hide which side of a limit it is on: "0.503".
std::string ratioText(double ratio);
const char* toString(Verdict verdict);
const char* toString(Organ organ);
// "CTR 0.57: enlarged (above 0.55)" — the sentence of screen and report.
std::string verdictSentence(const ChestMeasurement& measurement);

// "143 mm (at the detector)" or "812 px": horizontal length with its provenance. DESIGN, display rules.
std::string lengthText(const LinePx& line, const Spacing& spacing);

}  // namespace cxr
