// Objects that accompany films, from any source: presentation states (laid over a film too), segmentations, parametric maps,
// structured reports, documents. Whatever is accepted keeps the readers' promises.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/dicom_in/encapsulated_pdf.h"
#include "core/dicom_in/parametric_map.h"
#include "core/dicom_in/presented_film.h"
#include "core/dicom_in/segmented_film.h"
#include "core/dicom_in/structured_report.h"
#include "core/io/object_summary.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/object_seeds.h"

using namespace cxr;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

ImagePtr smallFilm() {
    static const ImagePtr film = [] {
        auto image = std::make_shared<Image>();
        image->samples = cv::Mat(40, 48, CV_16UC1, cv::Scalar(700));
        image->encoding.bitsStored = 12;
        image->study.sopInstanceUid = "1.2.3.4";
        return image;
    }();
    return film;
}

void checkState(PresentationState state) {
    std::size_t drawings = 0;
    for (const Annotation& annotation : state.annotations) drawings += annotation.drawings.size() + annotation.texts.size();
    check(drawings <= kMaxDrawings && state.overlays.size() == state.overlayLayers.size());
    check(state.quarterTurns >= 0 && state.quarterTurns < 4);
    for (const DisplayedArea& area : state.areas) check(area.right > area.left && area.bottom > area.top);
    const PresentedFilm film = presentedFilm(std::make_shared<const PresentationState>(std::move(state)), smallFilm());
    // A table of 65,536 grays takes most of the time: only where something but numbers is in the chain.
    if (film.voi.table || film.presentationLut || film.image->modality.table) presentedTable8(film, film.voi, false);
}

void checkSegments(const SegmentedFilm& film) {
    check(film.segments.size() <= kMaxSegments);
    for (const FilmSegment& segment : film.segments) {
        check(segment.pixels > 0 && segment.pixels <= std::int64_t{film.rows} * film.columns && !segment.label.empty());
        for (const Polygon& border : segment.borders) {
            for (const PointPx& point : border) check(point.x >= 0 && point.y >= 0 && point.x <= film.columns && point.y <= film.rows);
        }
    }
}

void checkMap(const FilmMap& film) {
    const auto count = static_cast<std::size_t>(film.map->plane.width) * static_cast<std::size_t>(film.map->plane.height);
    check(film.map->plane.values.size() == count && film.map->seen.size() == count && film.low <= film.high);
    for (const float value : film.map->plane.values) check(std::isfinite(value));
}

void checkReport(const StructuredReport& report) {
    check(report.lines.size() <= kMaxReportLines);
    check(!reportText(report).empty());
}

// A refusal must have a reason.
template <typename Value, typename Check>
void look(Result<Value> read, Check looksAt) {
    if (read.isOk()) return looksAt(std::move(read).value());
    check(!read.error().message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::MemoryFile memory;
    static const std::filesystem::path file = memory.path();
    memory.put(data, size);
    if (size % 4 == 0) look(describeObject(file), [](const auto&) {});  // what the command line says about it
    switch (kindOfFile(file)) {
        case ObjectKind::PresentationState: look(readPresentationState(file), checkState); break;
        case ObjectKind::Segmentation: look(readSegmentation(file, size % 2 == 0 ? "1.2.3.4" : ""), checkSegments); break;
        case ObjectKind::ParametricMap: look(readParametricMap(file), checkMap); break;
        case ObjectKind::EncapsulatedPdf:
            look(readEncapsulatedPdf(file), [](const EncapsulatedPdf& pdf) { check(pdf.bytes.size() >= 5 && pdf.bytes[0] == '%'); });
            break;
        case ObjectKind::StructuredReport:
        case ObjectKind::KeyObjects: look(readStructuredReport(file), checkReport); break;
        default:
            // Implicit, big-endian and spoilt headers: the readers find out for themselves.
            look(readPresentationState(file), checkState);
            look(readSegmentation(file), checkSegments);
            look(readParametricMap(file), checkMap);
            look(readStructuredReport(file), checkReport);
            look(readObjectFacts(file), [](const ObjectFacts& facts) { check(!nameOf(facts).empty()); });
    }
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() { return objectSeeds(); }
std::vector<std::string> cxr::fuzz::words() { return objectWords(); }
