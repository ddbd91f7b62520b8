// How well the boxes of explanations lie where readers drew theirs (core/measure/localisation_metrics.h), per class and method.
//   films    those with drawn boxes of a class that the pack has; the network is asked for that class, whatever its
//            probability. False boxes are counted on the same films.
//   boxes    core/localize/boxes.h: Q = 0.7 of the map's maximum (S5)
// Boxes that readers drew are few: every row says how many there are.
//   thread rule  call from a worker
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/dataset/film_table.h"
#include "core/localize/boxes.h"
#include "core/measure/localisation_metrics.h"
#include "core/pipeline/explain_film.h"
#include "core/pipeline/training_run.h"

namespace cxr {

struct LocalisationVariant {
    std::string name;  // "Integrated gradients, quantile-pooled"
    ExplainOptions options;
    std::optional<PoolSpec> pool;
};
// CAM; refined CAM; integrated gradients and sensitivity (SmoothGrad 20), both quantile-pooled as S1 does.
std::vector<LocalisationVariant> localisationVariants();

struct LocalisationRow {
    std::string className;  // "all": all classes together
    std::string variant;
    int films = 0, withoutSupport = 0;
    double meanIoU = 0;     // over drawn boxes: the best predicted box of the class; 0 where there is none
    std::vector<LocalisationScore> scores;  // one a threshold T(IoBB)
};

struct LocalisationEvaluation {
    ModelStamp model;
    std::vector<LocalisationRow> rows;  // class by class in NIH's order, "all" last; within, in the order of the variants
    std::vector<std::string> notes;     // variants that the pack does not allow, classes that it does not have
    std::vector<double> thresholds;
    int films = 0, boxes = 0;           // that were used
    bool isHeldOut = false;             // no pack judged a film that its run saw
};

struct LocalisationInput {
    FilmTable films;
    std::vector<TrainingRun> judges;  // one pack for all films, or the runs of several folds, each for what it held out
    std::filesystem::path heartLungs;
    std::vector<LocalisationVariant> variants;
    BoxOptions boxes;
};

// REQUIRES: a judge; all of one recipe (the first says which classes and methods there are).
// fails InvalidArgument (no film has a box of a class of the pack, or no variant is allowed), as readImage (the film's name in
// front) and explainFilm do; Cancelled.
Result<LocalisationEvaluation> evaluateLocalisation(const LocalisationInput& input, Engine& engine, const RunContext& context = {});

std::string toMarkdown(const LocalisationEvaluation& evaluation);
std::string toJson(const LocalisationEvaluation& evaluation);

}  // namespace cxr
