// The parts of a classification recipe that decide what the network reads; core/train reads the rest.
//   "task"     "classification" (absent or "segmentation": a recipe of core/train/recipe.h)
//   "classes"  [{"name": "Cardiomegaly", ...}, ...]: label columns of the data, or facts ("Lateral", core/dataset/fact_classes.h)
//   "input"    {"size", "channels", "framing", "normalisation", "planes", "prior": a PriorSpec or its name, "prior_hash"}
//              as in a manifest; with a prior, "size" (the side of its picture) and "prior_hash" may be left out
//   "data"     {"sizes": [64, 320]     folders images_64, images_320 of a data set (default: what its layout takes),
//               "image_folders": [..]  the same by name,
//               "views": ["PA", ..]    only these (default all),
//               "soft_labels": w       label = (1 - w) hard + w soft where the data set has a soft label (default 0);
//                                      films of a held-out fold keep their hard labels,
//               "blank": "unknown" (default) or "negative"}
//   thread rule  pure functions
//   fails        Corrupt (not JSON), InvalidArgument (missing or impossible value; names the key)
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/film_table.h"
#include "core/model/manifest.h"

namespace cxr {

struct ClassifierDataOptions {
    double softWeight = 0;   // [0, 1]
    FilmTableOptions table;  // imageFolders, views, blank, softLabels
};

struct ClassifierRecipe {
    std::string json;  // the whole recipe with prior, prior_hash and size filled in: what core/train gets
    ModelInput input;
    std::vector<std::string> classes;
    ClassifierDataOptions data;
};

// "segmentation" where the recipe does not say.
Result<std::string> taskOfRecipe(const std::string& json);
Result<ClassifierRecipe> parseClassifierRecipe(const std::string& json);

}  // namespace cxr
