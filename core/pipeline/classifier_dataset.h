// Film tables and a recipe's input become the films that Engine::trainClassifier reads.
//   labels  of the recipe's classes: label columns, or facts (core/dataset/fact_classes.h); NaN where a table does not know
//           one. Films that know none are left out (a note says how many). Soft labels are mixed in as the recipe says,
//           but not into films of the fold that is held out: they are judged by what the data set says.
//   thread rule  call from a worker
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/dataset/film_table.h"
#include "core/engine/engine.h"
#include "core/pipeline/classifier_recipe.h"
#include "core/pipeline/film_planes.h"

namespace cxr {

// The films of all folders with labels as above. `heldOutFold` -1: none.
// fails as readFilmTable and joinTables do; InvalidArgument (a class that no film has a label of).
Result<FilmTable> classifierTable(const std::vector<std::filesystem::path>& folders, const ClassifierRecipe& recipe, int heldOutFold,
                                  const RunContext& context);
// The same from a table that is there. fails InvalidArgument.
Result<FilmTable> labelledTable(FilmTable table, const ClassifierRecipe& recipe, int heldOutFold);

struct ClassifierDataset {
    std::vector<LabelledInput> films;  // in the table's order
    int channels = 1, height = 0, width = 0;
    std::size_t untrusted = 0;         // films that "thorax" framed without lungs
};

// Whether classifierDataset needs the segmenter: for the input, or for the class HeartRatio (heart_ratios.h).
bool readsHeartAndLungs(const ClassifierRecipe& recipe);
// The class HeartRatio is measured here. fails as filmPlanes and heartRatioLabels do. REQUIRES: a table of labelledTable's, not empty.
Result<ClassifierDataset> classifierDataset(const FilmTable& table, const ModelInput& input, const FilmSegmenter& segmenter,
                                            const std::filesystem::path& cacheFolder, const RunContext& context);

}  // namespace cxr
