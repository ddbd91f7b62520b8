// How good a classifier is on films that it never saw: everything that a model card says about it.
//   discrimination  ROC AUC, average precision over all out-of-fold films, and AUC within each fold
//   decisions       sensitivity, specificity, balanced accuracy of thresholds chosen on the other folds
//   probabilities   calibration error, Brier score, log loss of the plain and of the cross-fitted calibrated probability
//   intervals       95 %, bootstrap over patients; all classes share the resamples, so that the mean has an interval too
// Classes with films of one kind only have NaN there and do not enter means.
//   thread rule  pure functions; 1,600 films x 14 classes x 1,000 resamples take about a second
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/measure/bootstrap.h"
#include "core/measure/calibration_fit.h"
#include "core/measure/classification_metrics.h"
#include "core/pipeline/prediction_table.h"

namespace cxr {

// A rule for a threshold, what it is on all films (for use) and what it gives where it was chosen on other folds (honest).
struct EvaluatedThreshold {
    std::string name;      // "youden", "sensitivity90", "specificity90"
    double threshold = 0;  // on the calibrated probability
    Interval sensitivity, specificity, balancedAccuracy;
};

struct ClassEvaluation {
    std::string name;
    int positives = 0, negatives = 0, unknown = 0;
    Interval auc, averagePrecision;
    std::vector<double> foldAucs;  // in the order of the parts; NaN where a part has films of one kind
    double foldMean = 0, foldVariance = 0;  // of foldAucs, n - 1
    ScalingMethod scalingMethod = ScalingMethod::None;
    LogitScaling scaling;
    double errorBefore = 0, errorAfter = 0;  // expected calibration error
    Interval brierBefore, brierAfter;
    double logLossBefore = 0, logLossAfter = 0;
    std::array<EvaluatedThreshold, 3> thresholds;
    double prevalence = 0;         // the one asked for, else the share of positives
    bool isPrevalenceGiven = false;
    PredictiveValues predictive;   // of the youden threshold at that prevalence
    std::vector<ReliabilityBin> reliability;  // calibrated, cross-fitted
};

// Films of one kind ("view" / "AP").
struct SubgroupEvaluation {
    std::string by, name;
    int films = 0;
    std::vector<Interval> aucs;   // one a class
    std::vector<int> positives;   // one a class
    Interval meanAuc;             // over the classes that have at least ten films of each kind here
    int meanClasses = 0;
};

struct ClassifierEvaluation {
    int films = 0, patients = 0, parts = 0;
    bool partsAreFolds = true;  // false: parts of patients stand in for folds
    bool isInstalledPack = false;  // one pack as it is (pack_predictions.h) judged all films; it may have been trained on them
    std::vector<ClassEvaluation> classes;
    Interval meanAuc, meanAveragePrecision;
    std::vector<double> foldMeans;  // mean AUC over classes within each part
    double foldMean = 0, foldVariance = 0;
    std::vector<SubgroupEvaluation> subgroups;
};

// by -> film name -> kind; films that are not listed belong to no subgroup.
using Subgroups = std::map<std::string, std::map<std::string, std::string>>;

struct ClassifierEvaluationOptions {
    BootstrapOptions bootstrap{1000, 1};
    std::map<std::string, double> prevalences;  // by class
    Subgroups subgroups;
    bool isInstalledPack = false;
};

// REQUIRES: films not empty.
ClassifierEvaluation evaluateClassifier(const PredictionTable& table, const ClassifierEvaluationOptions& options = {});

// Differences of AUC, first minus second, on the films that both have; paired by film, resampled by patient.
struct ClassifierComparison {
    int films = 0;
    std::vector<std::string> classes;  // that both have
    std::vector<Interval> first, second, difference;  // one a class
    Interval meanFirst, meanSecond, meanDifference;
};
// fails InvalidArgument: no film or class in common, labels that contradict each other.
Result<ClassifierComparison> compareClassifiers(const PredictionTable& first, const PredictionTable& second,
                                                const BootstrapOptions& bootstrap = {1000, 1});

// All numbers; names no film. NaN becomes null.
std::string toJson(const ClassifierEvaluation& evaluation);
std::string toJson(const ClassifierComparison& comparison);
// Tables for a model card.
std::string toMarkdown(const ClassifierEvaluation& evaluation);
std::string toMarkdown(const ClassifierComparison& comparison);

}  // namespace cxr
