// What networks said about films that they never saw: predictions.csv of training runs, put together.
//   name,group,fold,<Class>_logit...,<Class>_label...     one film a line; columns in any order, other columns are ignored
//   label   1, 0, or nothing (nan) = unknown; a number between is a soft label and counts as unknown
// Folds of one network hold different films; with `ensemble` the logits of several networks are averaged film by film, as a
// merged pack averages them (core/nn/ensemble): several seeds of each fold then give out-of-fold logits of an ensemble, and
// the calibration and operating points fitted on them are those of one. A pack of F folds x S seeds averages more networks
// (F S) than any film of its numbers saw (S), so that its logits vary a little less than those that were calibrated.
//   thread rule  pure functions    fails  NotFound, Corrupt, InvalidArgument; no message names a film
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

struct PredictedFilm {
    std::string name;             // file stem
    std::string group;            // patient
    int fold = -1;                // of the network that never saw this film
    std::vector<double> logits;   // one a class; not calibrated
    std::vector<double> labels;   // one a class: 1, 0, NaN = unknown
};

struct PredictionTable {
    std::vector<std::string> classes;
    std::vector<PredictedFilm> films;

    [[nodiscard]] std::vector<double> logitsOf(std::size_t classIndex) const;
    [[nodiscard]] std::vector<double> labelsOf(std::size_t classIndex) const;
    [[nodiscard]] std::vector<std::string> groups() const;
    // Numbers 0, 1, ... of the parts that judge each other: the folds; where there is one fold only, five parts of whole
    // patients in the order of their names.
    [[nodiscard]] std::vector<int> parts() const;
};

struct PredictionOptions {
    bool ensemble = false;             // average logits of networks that judged the same films
    std::vector<std::string> classes;  // only these, in this order; empty = all that every run has, in the first run's order
};

Result<PredictionTable> parsePredictions(const std::string& csv);
// `runs`: out folders of training runs, or CSV files. fails also InvalidArgument: a film in two runs without `ensemble`, in
// unequal numbers of runs with it, or with labels that contradict each other.
Result<PredictionTable> readPredictions(const std::vector<std::filesystem::path>& runs, const PredictionOptions& options = {});

}  // namespace cxr
