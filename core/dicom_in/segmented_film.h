// A segmentation of a film: its segments as outlines along pixel borders, with label, meaning and colour.
//   binary and fractional (drawn where the value is at least half of the largest), one frame or many a segment; label maps (a
//   pixel's value is its segment's number); only frames that are about the film, or about nothing that is said
//   coding  whatever films are coded with: plain, deflated, RLE, JPEG, JPEG-LS, JPEG 2000, deflated frame by frame
//   limits  kMaxSegments segments, kMaxBorderPx border pixels; the frame has the film's rows and columns, or it is refused
// The reader is thread-safe; call it from a worker.   DICOM PS3.3 A.51, C.8.20
#pragma once

#include <memory>

#include "core/dicom_in/cielab_colour.h"
#include "core/dicom_in/object_facts.h"
#include "core/image/polygon.h"

namespace cxr {

inline constexpr std::size_t kMaxSegments = 1000;
inline constexpr std::size_t kMaxBorderPx = 2'000'000;

struct FilmSegment {
    int number = 0;
    std::string label;
    std::string meaning;    // of its type, with the side: "Lung, Left"
    std::string algorithm;  // "AUTOMATIC, Heart and lungs"; empty: not said
    Rgb colour{255, 221, 87};
    std::int64_t pixels = 0;       // inside
    std::vector<Polygon> borders;  // closed, film px; even-odd fill gives exactly the pixels back
};

struct SegmentedFilm {
    ObjectFacts facts;
    bool isFractional = false, isLabelMap = false;
    int rows = 0, columns = 0;
    std::vector<FilmSegment> segments;  // those with pixels on the film, by number
};
using SegmentedFilmPtr = std::shared_ptr<const SegmentedFilm>;

// `filmUid`: of the film; empty: the first that the object is about.
// fails as readObjectFacts; Unsupported (a coding that films are not read in either, other geometry than `rows` x `columns` of the film: 0 = any)
Result<SegmentedFilm> readSegmentation(const std::filesystem::path& file, const std::string& filmUid = {}, int rows = 0, int columns = 0);

}  // namespace cxr
