#include "core/measure/chest.h"

#include <algorithm>
#include <cmath>

#include "core/measure/cardiothoracic.h"
#include "core/measure/chest_gray.h"
#include "core/measure/chest_shape.h"
#include "core/measure/film_notes.h"
#include "core/measure/organ_masks.h"
#include "core/measure/ratio_range.h"

namespace cxr {
namespace {

constexpr std::size_t at(Organ organ) { return static_cast<std::size_t>(organ); }
constexpr std::array<int, kOrganCount> kOutlinePoints{80, 100, 100};
constexpr const char* kUncertainNote = "Mask uncertain: heart and lungs were not found reliably, so no ratio is given.";
constexpr const char* kUnsharpNote = "The outlines are unsharp: the ratio may lie anywhere from ";

OrganPolygons polygonsOf(const ChestMeasurement& measurement) {
    OrganPolygons polygons;
    for (std::size_t i = 0; i < kOrganCount; ++i) polygons[i] = measurement.outlines[i].points;
    return polygons;
}

bool isEdited(const ChestMeasurement& measurement) {
    return measurement.linesEdited || std::any_of(measurement.outlines.begin(), measurement.outlines.end(),
                                                  [](const Outline& outline) { return outline.edited; });
}

void decide(ChestMeasurement& measurement) {
    const double ratio = ratioOf(measurement.heartLine, measurement.chestLine);
    measurement.ratio = measurement.isUncertain ? 0 : ratio;
    measurement.verdict = measurement.isUncertain ? Verdict::NotMeasured : verdictOf(ratio);
}

void setLines(ChestMeasurement& measurement, const OrganPolygons& polygons) {
    measurement.heartLine = heartLineOf(polygons[at(Organ::Heart)]).value_or(LinePx{});
    measurement.chestLine =
        chestLineOf(polygons[at(Organ::LeftLung)], polygons[at(Organ::RightLung)]).value_or(LinePx{});
}

// Lines, quality, doubt and verdict from the outlines; notes from `filmNotes` on are written anew.
void measureOutlines(ChestMeasurement& measurement) {
    const OrganPolygons polygons = polygonsOf(measurement);
    setLines(measurement, polygons);
    const ShapeJudgement shape = judgeShape(polygons);
    measurement.quality = shape.plausibility * (isEdited(measurement) ? 1 : measurement.networkQuality);
    measurement.isUncertain = measurement.quality < kLeastQuality;
    measurement.notes.resize(std::min(measurement.filmNotes, measurement.notes.size()));
    if (measurement.isUncertain) {
        measurement.notes.emplace_back(kUncertainNote);
    }
    measurement.notes.insert(measurement.notes.end(), shape.notes.begin(), shape.notes.end());
    if (!measurement.isUncertain) {
        const auto position = positionNotes(polygons, measurement.filmWidthPx, measurement.filmHeightPx);
        measurement.notes.insert(measurement.notes.end(), position.begin(), position.end());
    }
    decide(measurement);
}

// A horizontal line at the row of the end that moved.
LinePx levelled(const LinePx& before, const LinePx& now) {
    const bool toMoved = std::abs(now.to.y - before.to.y) > std::abs(now.from.y - before.from.y);
    const double y = toMoved ? now.to.y : now.from.y;
    return {{now.from.x, y}, {now.to.x, y}};
}

void addNoteOnce(std::vector<std::string>& notes, const std::string& note) {
    if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

void addRange(ChestMeasurement& measurement, const RatioRange& range) {
    measurement.ratioRange = range;
    if (range.high - range.low <= kSharpRange) return;
    measurement.notes.push_back(kUnsharpNote + ratioText(range.low) + " to " + ratioText(range.high) +
                                ". Check them, and drag them where they are wrong.");
}

}  // namespace

ChestMeasurement measureChest(const Segmentation& segmentation, const Image& image) {
    const OrganMasks masks = organMasks(segmentation);
    ChestMeasurement measurement;
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        measurement.outlines[i].organ = static_cast<Organ>(i);
        measurement.outlines[i].points = outlineOf(masks.mask[i], masks.originPx, masks.cellPx, kOutlinePoints[i]);
        for (PointPx& p : measurement.outlines[i].points) {
            p = {std::clamp(p.x, 0.0, static_cast<double>(image.width())),
                 std::clamp(p.y, 0.0, static_cast<double>(image.height()))};
        }
    }
    measurement.filmWidthPx = image.width();
    measurement.filmHeightPx = image.height();
    measurement.notes = filmNotes(image);
    measurement.filmNotes = measurement.notes.size();
    // Whatever the network draws on a view that has no cardiothoracic ratio, it is not measured (a note says which
    // view).
    const bool isFrontal = image.view != ViewPosition::Lateral && image.view != ViewPosition::Oblique;
    measurement.networkQuality = isFrontal ? networkQuality(segmentation.agreement, masks.kept, masks.certainty) : 0;
    const bool contradictsItself = measurement.networkQuality < kLeastQuality;
    const GrayJudgement gray = judgeGray(chestGrayOf(polygonsOf(measurement), image));
    measurement.networkQuality *= gray.plausibility;
    measureOutlines(measurement);
    if (!isFrontal) return measurement;
    if (contradictsItself) {
        measurement.notes.emplace_back(
            "The network contradicts itself on the mirrored film or is unsure of the outlines.");
    }
    measurement.notes.insert(measurement.notes.end(), gray.notes.begin(), gray.notes.end());
    if (!measurement.isUncertain) addRange(measurement, ratioRangeOf(segmentation, measurement.ratio));
    return measurement;
}

ChestMeasurement withFilmDoubt(ChestMeasurement measurement, const std::string& note, bool isRefused) {
    if (note.empty()) return measurement;
    const std::size_t at = std::min(measurement.filmNotes, measurement.notes.size());
    measurement.notes.insert(measurement.notes.begin() + static_cast<std::ptrdiff_t>(at), note);
    measurement.filmNotes = at + 1;
    if (!isRefused) return measurement;
    measurement.networkQuality = 0;
    measurement.ratioRange = {};
    measureOutlines(measurement);
    return measurement;
}

ChestMeasurement withOutline(ChestMeasurement measurement, const Outline& edited) {
    Outline& outline = measurement.outlines[at(edited.organ)];
    outline = edited;
    outline.edited = true;
    measurement.linesEdited = false;
    measurement.ratioRange = {};
    measureOutlines(measurement);
    addNoteOnce(measurement.notes, "Outlines were corrected by hand.");
    return measurement;
}

ChestMeasurement withLines(ChestMeasurement measurement, LinePx heartLine, LinePx chestLine) {
    measurement.heartLine = levelled(measurement.heartLine, heartLine);
    measurement.chestLine = levelled(measurement.chestLine, chestLine);
    measurement.linesEdited = true;
    measurement.ratioRange = {};
    measurement.isUncertain = ratioOf(measurement.heartLine, measurement.chestLine) <= 0;
    decide(measurement);
    std::erase_if(measurement.notes, [](const std::string& note) {  // they speak of the network's ratio
        return note == kUncertainNote || note.starts_with(kUnsharpNote);
    });
    addNoteOnce(measurement.notes, "The ratio's lines were set by hand.");
    return measurement;
}

}  // namespace cxr
