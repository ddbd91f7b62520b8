// Location labels: a data set's lesion boxes and the lungs that the heart-lungs pack finds become labels of the vocabulary
// ("Atelectasis_left_lower"), for training a network that says where a finding is.
//   1     a box of the finding lies in a zone of the label (core/measure/lung_zones.h); "bilateral": in one of each side
//   0     the finding has boxes on this film, none of them there; or the film's label of the finding is 0
//   NaN   the finding is there without a box, or nobody knows; a box of it has no zone; no usable lungs were found
// Only labels that zones tell are derived, and only of findings that the table knows.
//   thread rule  call from a worker
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/dataset/film_table.h"
#include "core/model/vocabulary.h"
#include "core/pipeline/film_planes.h"

namespace cxr {

struct LocationLabels {
    FilmTable table;  // classes: the derived labels; films without a known one are left out
    int films = 0;    // that have boxes
    int boxes = 0;    // of them; inside + nearest + nowhere + withoutLungs + otherFindings
    int inside = 0, nearest = 0, nowhere = 0;  // core/measure/lung_zones.h
    int withoutLungs = 0;                      // on films whose lungs were not found
    std::map<std::string, int> otherFindings;  // boxes of findings that the vocabulary does not place
};

// `films` as readFilmTable gives it; films with boxes are read and segmented.
// fails as readImage and the segmenter do (the film's name in front); InvalidArgument: no film has a box. Cancelled.
Result<LocationLabels> locationLabels(FilmTable films, const Vocabulary& vocabulary, const FilmSegmenter& segmenter,
                                      const RunContext& context);

}  // namespace cxr
