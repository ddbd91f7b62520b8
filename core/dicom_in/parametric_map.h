// A parametric map on its film: one value a film pixel, with what the values are.
//   Float, Double Float or 16-bit integer pixels through the real world value mapping; the frame has the film's rows and
//   columns, or it is refused. Padding and numbers that are none have no value.   DICOM PS3.3 A.75, C.7.6.16.2.11
// The reader is thread-safe; call it from a worker.
#pragma once

#include <memory>

#include "core/dicom_in/object_facts.h"
#include "core/localize/heatmap.h"

namespace cxr {

struct FilmMap {
    std::shared_ptr<const Heatmap> map;  // its grid is the film; cells without a value are not `seen`
    ObjectFacts facts;
    std::string quantity;     // "Contribution to the network's answer"; empty: not said
    std::string unit;         // "no units", "mm"; empty: not said
    std::string explanation;  // what the object says about itself in a sentence; empty: nothing
    double low = 0, high = 0;  // of the values
};
using FilmMapPtr = std::shared_ptr<const FilmMap>;

// `rows`, `columns` of the film; 0: any. fails as readObjectFacts; Unsupported (see above)
Result<FilmMap> readParametricMap(const std::filesystem::path& file, int rows = 0, int columns = 0);

}  // namespace cxr
