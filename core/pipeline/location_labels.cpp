#include "core/pipeline/location_labels.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "core/io/image_reader.h"
#include "core/measure/lung_zones.h"
#include "core/measure/organ_masks.h"
#include "core/measure/thorax_frame.h"
#include "core/pipeline/analysis.h"

namespace cxr {
namespace {

using ZoneSet = std::array<bool, kLungZoneCount>;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// What the boxes of one finding on one film say.
struct Placed {
    ZoneSet covers{};
    bool isWhole = true;  // false: a box has no zone
};
using PlacedFindings = std::map<std::string, Placed>;

bool isLeft(std::size_t zone) { return zone <= static_cast<std::size_t>(LungZone::LeftLower); }

// A label as numbers: which zones count, and where the film table has its finding.
struct DerivedLabel {
    const LocationLabel* label = nullptr;
    ZoneSet zones{};
    int findingIndex = -1;

    [[nodiscard]] float from(const Placed& placed) const {
        bool left = false, right = false;
        for (std::size_t z = 0; z < zones.size(); ++z) {
            const bool isThere = zones[z] && placed.covers[z];
            (isLeft(z) ? left : right) |= isThere;
        }
        const bool isTrue = label->laterality == "bilateral" ? left && right : left || right;
        if (isTrue) return 1;
        return placed.isWhole ? 0 : kUnknown;
    }
    [[nodiscard]] float of(const FilmRecord& film, const PlacedFindings& placed) const {
        if (const auto found = placed.find(label->finding); found != placed.end()) return from(found->second);
        return film.labels[static_cast<std::size_t>(findingIndex)] == 0 ? 0 : kUnknown;
    }
};

std::vector<DerivedLabel> derivedLabels(const FilmTable& table, const Vocabulary& vocabulary) {
    std::vector<DerivedLabel> derived;
    for (const LocationLabel& label : vocabulary.labels) {
        DerivedLabel one{&label, {}, table.classIndex(label.finding)};
        if (!label.isToldByZones() || one.findingIndex < 0) continue;
        for (std::size_t z = 0; z < one.zones.size(); ++z) {
            one.zones[z] = std::find(label.zones.begin(), label.zones.end(), toString(static_cast<LungZone>(z))) != label.zones.end();
        }
        derived.push_back(one);
    }
    return derived;
}

struct FilmZones {
    LungZones zones;
    int width = 0, height = 0;  // of the film that the zones' pixels are of
};

Result<FilmZones> zonesOf(const FilmRecord& film, const FilmSegmenter& segmenter, const RunContext& quiet) {
    const Result<ImagePtr> image = readImage(film.path, {}, quiet);
    if (!image.isOk()) return image.error();
    const GrayFilm gray = networkFilm(*image.value(), kNetworkFilmSide, nullptr);
    const Result<Segmentation> segmentation = segmenter.segment(gray, quiet);
    if (!segmentation.isOk()) return segmentation.error();
    if (!thoraxFrame(segmentation.value(), gray.width, gray.height).isTrusted) return FilmZones{{}, gray.width, gray.height};
    return FilmZones{lungZones(organMasks(segmentation.value())), gray.width, gray.height};
}

cv::Rect2d onFilm(const LesionBox& box, const FilmZones& film) {
    const double x = static_cast<double>(film.width) / box.gridWidth, y = static_cast<double>(film.height) / box.gridHeight;
    return {box.x * x, box.y * y, box.width * x, box.height * y};
}

void place(const LesionBox& box, const FilmZones& film, Placed& placed, LocationLabels& counts) {
    if (!film.zones.isUsable()) {
        ++counts.withoutLungs;
        placed.isWhole = false;
        return;
    }
    const BoxZones zones = zonesOfBox(film.zones, onFilm(box, film));
    ++(zones.place == BoxPlace::Inside ? counts.inside : zones.place == BoxPlace::Nearest ? counts.nearest : counts.nowhere);
    if (zones.place == BoxPlace::Nowhere) placed.isWhole = false;
    for (std::size_t z = 0; z < zones.covers.size(); ++z) placed.covers[z] = placed.covers[z] || zones.covers[z];
}

bool isPlaceable(const std::vector<DerivedLabel>& labels, const LesionBox& box) {
    return box.width > 0 && box.height > 0 &&
           std::any_of(labels.begin(), labels.end(), [&](const DerivedLabel& one) { return one.label->finding == box.className; });
}

Result<PlacedFindings> placeBoxes(const FilmRecord& film, const std::vector<DerivedLabel>& labels, const FilmSegmenter& segmenter,
                                  LocationLabels& counts, const RunContext& quiet) {
    PlacedFindings placed;
    if (film.boxes.empty()) return placed;
    ++counts.films;
    std::optional<FilmZones> zones;
    for (const LesionBox& box : film.boxes) {
        ++counts.boxes;
        if (!isPlaceable(labels, box)) {
            ++counts.otherFindings[box.className];
            continue;
        }
        if (!zones) {
            Result<FilmZones> found = zonesOf(film, segmenter, quiet);
            if (!found.isOk()) return std::move(found).error().within(film.path.filename().string());
            zones = std::move(found).value();
        }
        place(box, *zones, placed[box.className], counts);
    }
    return placed;
}

bool knowsSomething(const std::vector<float>& labels) {
    return std::any_of(labels.begin(), labels.end(), [](float label) { return label == 0 || label == 1; });
}

}  // namespace

Result<LocationLabels> locationLabels(FilmTable films, const Vocabulary& vocabulary, const FilmSegmenter& segmenter,
                                      const RunContext& context) {
    const auto boxed = std::count_if(films.films.begin(), films.films.end(), [](const FilmRecord& film) { return !film.boxes.empty(); });
    if (boxed == 0) return Error{ErrorCode::InvalidArgument, "no film of the data set has a lesion box; give one that comes with boxes"};
    const std::vector<DerivedLabel> labels = derivedLabels(films, vocabulary);
    LocationLabels result;
    result.table.layout = films.layout;
    result.table.notes = films.notes;
    for (const DerivedLabel& one : labels) result.table.classes.push_back(one.label->name);
    for (FilmRecord& film : films.films) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "finding the places was stopped"};
        const Result<PlacedFindings> placed = placeBoxes(film, labels, segmenter, result, RunContext{context.stop, {}});
        if (!placed.isOk()) return placed.error();
        std::vector<float> values;
        for (const DerivedLabel& one : labels) values.push_back(one.of(film, placed.value()));
        if (!film.boxes.empty()) context.report(static_cast<double>(result.films) / static_cast<double>(boxed));
        if (!knowsSomething(values)) continue;
        film.labels = std::move(values);
        film.softLabels.clear();
        result.table.films.push_back(std::move(film));
    }
    return result;
}

}  // namespace cxr
