// An evaluation of a classifier as JSON and as Markdown.
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/pipeline/evaluate_classifier.h"

namespace cxr {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    if (!std::isfinite(value)) return nullptr;
    return std::round(value * 1e5) / 1e5;
}

Json triple(const Interval& interval) {
    if (!std::isfinite(interval.value)) return nullptr;
    return Json::array({number(interval.value), number(interval.low), number(interval.high)});
}

Json numbers(const std::vector<double>& values) {
    Json list = Json::array();
    for (const double value : values) list.push_back(number(value));
    return list;
}

Json jsonOf(const EvaluatedThreshold& threshold) {
    return {{"name", threshold.name}, {"threshold", number(threshold.threshold)},
            {"sensitivity", triple(threshold.sensitivity)}, {"specificity", triple(threshold.specificity)},
            {"balanced_accuracy", triple(threshold.balancedAccuracy)}};
}

Json jsonOf(const ClassEvaluation& one) {
    Json thresholds = Json::array(), reliability = Json::array();
    for (const EvaluatedThreshold& threshold : one.thresholds) thresholds.push_back(jsonOf(threshold));
    for (const ReliabilityBin& bin : one.reliability) {
        reliability.push_back({{"films", bin.films}, {"probability", number(bin.meanProbability)}, {"share", number(bin.share)}});
    }
    return {{"name", one.name}, {"positives", one.positives}, {"negatives", one.negatives}, {"unknown", one.unknown},
            {"auc", triple(one.auc)}, {"average_precision", triple(one.averagePrecision)},
            {"fold_auc", numbers(one.foldAucs)}, {"fold_auc_mean", number(one.foldMean)},
            {"fold_auc_variance", number(one.foldVariance)},
            {"calibration", {{"method", nameOf(one.scalingMethod)}, {"slope", number(one.scaling.slope)},
                             {"intercept", number(one.scaling.intercept)}}},
            {"calibration_error", {{"before", number(one.errorBefore)}, {"after", number(one.errorAfter)}}},
            {"brier", {{"before", triple(one.brierBefore)}, {"after", triple(one.brierAfter)}}},
            {"log_loss", {{"before", number(one.logLossBefore)}, {"after", number(one.logLossAfter)}}},
            {"operating_points", thresholds},
            {"predictive_values", {{"operating_point", "youden"}, {"prevalence", number(one.prevalence)},
                                   {"prevalence_of", one.isPrevalenceGiven ? "the user" : "these films"},
                                   {"positive", number(one.predictive.positive)}, {"negative", number(one.predictive.negative)}}},
            {"reliability", reliability}};
}

Json jsonOf(const SubgroupEvaluation& group, const std::vector<ClassEvaluation>& classes) {
    Json aucs = Json::object();
    for (std::size_t c = 0; c < classes.size(); ++c) {
        aucs[classes[c].name] = {{"positives", group.positives[c]}, {"auc", triple(group.aucs[c])}};
    }
    return {{"by", group.by}, {"name", group.name}, {"films", group.films}, {"mean_auc", triple(group.meanAuc)},
            {"classes_in_mean", group.meanClasses}, {"classes", aucs}};
}

std::string fixed(double value, int digits = 3) {
    if (!std::isfinite(value)) return "–";
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string shown(const Interval& interval, int digits = 3) {
    if (!std::isfinite(interval.value)) return "–";
    return fixed(interval.value, digits) + " (" + fixed(interval.low, digits) + " to " + fixed(interval.high, digits) + ")";
}

std::string percent(double share) { return std::isfinite(share) ? fixed(100 * share, share < 0.1 ? 1 : 0) + " %" : "–"; }

std::string row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + cell + " |";
    return line + "\n";
}

std::string head(const std::vector<std::string>& cells) {
    std::string line = row(cells) + "|---|";
    for (std::size_t i = 1; i < cells.size(); ++i) line += "--:|";
    return line + "\n";
}

std::string foldsText(const ClassifierEvaluation& evaluation) {
    std::string text = evaluation.partsAreFolds ? "AUC within each fold, mean over classes:" : "AUC within parts of patients, mean over classes:";
    for (const double mean : evaluation.foldMeans) text += " " + fixed(mean);
    return text + "; mean " + fixed(evaluation.foldMean) + ", variance " + fixed(evaluation.foldVariance, 6) + ".\n";
}

std::string discriminationTable(const ClassifierEvaluation& evaluation) {
    std::string text = head({"Class", "Positive / negative", "AUC (95 %)", "Average precision (95 %)", "AUC by fold, mean (variance)"});
    for (const ClassEvaluation& one : evaluation.classes) {
        text += row({one.name, std::to_string(one.positives) + " / " + std::to_string(one.negatives), shown(one.auc),
                     shown(one.averagePrecision), fixed(one.foldMean) + " (" + fixed(one.foldVariance, 5) + ")"});
    }
    return text + row({"**Mean**", "", "**" + shown(evaluation.meanAuc) + "**", shown(evaluation.meanAveragePrecision),
                       fixed(evaluation.foldMean) + " (" + fixed(evaluation.foldVariance, 5) + ")"});
}

std::string decisionTable(const ClassifierEvaluation& evaluation) {
    std::string text = head({"Class", "Sensitivity", "Specificity", "Balanced accuracy (95 %)", "At prevalence", "PPV", "NPV"});
    for (const ClassEvaluation& one : evaluation.classes) {
        const EvaluatedThreshold& youden = one.thresholds[0];
        text += row({one.name, fixed(youden.sensitivity.value, 2), fixed(youden.specificity.value, 2),
                     shown(youden.balancedAccuracy), percent(one.prevalence), percent(one.predictive.positive),
                     percent(one.predictive.negative)});
    }
    return text;
}

std::string pointsTable(const ClassifierEvaluation& evaluation) {
    std::string text = head({"Class", "Youden threshold", "90 % sensitivity threshold", "gives sens. / spec.",
                             "90 % specificity threshold", "gives sens. / spec."});
    for (const ClassEvaluation& one : evaluation.classes) {
        const auto& [youden, sensitive, specific] = one.thresholds;
        const auto gives = [](const EvaluatedThreshold& t) {
            return fixed(t.sensitivity.value, 2) + " / " + fixed(t.specificity.value, 2);
        };
        text += row({one.name, fixed(youden.threshold), fixed(sensitive.threshold), gives(sensitive), fixed(specific.threshold),
                     gives(specific)});
    }
    return text;
}

std::string calibrationTable(const ClassifierEvaluation& evaluation) {
    std::string text = head({"Class", "Calibration", "Calibration error before", "after", "Brier before", "after", "Log loss before", "after"});
    for (const ClassEvaluation& one : evaluation.classes) {
        text += row({one.name, nameOf(one.scalingMethod), fixed(one.errorBefore), fixed(one.errorAfter),
                     fixed(one.brierBefore.value), fixed(one.brierAfter.value), fixed(one.logLossBefore), fixed(one.logLossAfter)});
    }
    return text;
}

std::string subgroupTable(const ClassifierEvaluation& evaluation) {
    std::string text = head({"Films", "Count", "Mean AUC (95 %)", "Classes in the mean"});
    for (const SubgroupEvaluation& group : evaluation.subgroups) {
        text += row({group.by + " " + group.name, std::to_string(group.films), shown(group.meanAuc), std::to_string(group.meanClasses)});
    }
    return text;
}

std::string subgroupClassTable(const ClassifierEvaluation& evaluation) {
    std::vector<std::string> titles{"Class"};
    for (const SubgroupEvaluation& group : evaluation.subgroups) titles.push_back(group.by + " " + group.name);
    std::string text = head(titles);
    for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
        std::vector<std::string> cells{evaluation.classes[c].name};
        for (const SubgroupEvaluation& group : evaluation.subgroups) {
            cells.push_back(fixed(group.aucs[c].value) + " (" + std::to_string(group.positives[c]) + ")");
        }
        text += row(cells);
    }
    return text;
}

const char* methodOf(const ClassifierEvaluation& evaluation) {
    if (evaluation.isInstalledPack) {
        return "one installed pack as it is, on films that it may have been trained on; [value, low, high], 95 % bootstrap over "
               "patients; thresholds and further calibration of each part of patients come from the other parts";
    }
    return "films that the network never saw; [value, low, high], 95 % bootstrap over patients; thresholds and "
           "calibration of each fold come from the other folds";
}

const char* whoJudged(const ClassifierEvaluation& evaluation) {
    if (evaluation.isInstalledPack) return " patients, all judged by one installed pack; the numbers hold only if it was not trained on them.";
    return " patients, each judged by a network that never saw its patient.";
}

}  // namespace

std::string toJson(const ClassifierEvaluation& evaluation) {
    Json classes = Json::array(), subgroups = Json::array();
    for (const ClassEvaluation& one : evaluation.classes) classes.push_back(jsonOf(one));
    for (const SubgroupEvaluation& group : evaluation.subgroups) subgroups.push_back(jsonOf(group, evaluation.classes));
    const Json root = {
        {"method", methodOf(evaluation)},
        {"films", evaluation.films}, {"patients", evaluation.patients},
        {evaluation.partsAreFolds ? "folds" : "parts_of_patients", evaluation.parts},
        {"mean_auc", triple(evaluation.meanAuc)}, {"mean_average_precision", triple(evaluation.meanAveragePrecision)},
        {"fold_mean_auc", numbers(evaluation.foldMeans)}, {"fold_mean_auc_mean", number(evaluation.foldMean)},
        {"fold_mean_auc_variance", number(evaluation.foldVariance)},
        {"classes", classes}, {"subgroups", subgroups}};
    return root.dump(2) + "\n";
}

std::string toMarkdown(const ClassifierEvaluation& evaluation) {
    std::string text = std::to_string(evaluation.films) + " films of " + std::to_string(evaluation.patients) +
                       whoJudged(evaluation) + " In brackets: 95 % intervals, bootstrap over patients.\n\n" + discriminationTable(evaluation) + "\n" + foldsText(evaluation);
    text += "\nDecisions at the threshold with the greatest sensitivity + specificity on the other folds:\n\n" + decisionTable(evaluation);
    text += "\nOperating points on the calibrated probability (chosen on all films; what they give is measured on folds that did "
            "not choose them):\n\n" + pointsTable(evaluation);
    text += "\nCalibration (fitted on the other folds; ten bins of equal count):\n\n" + calibrationTable(evaluation);
    if (evaluation.subgroups.empty()) return text;
    return text + "\nSubgroups (mean over classes with ten films of each kind):\n\n" + subgroupTable(evaluation) +
           "\nAUC of each class in each subgroup (number of positive films):\n\n" + subgroupClassTable(evaluation);
}

std::string toJson(const ClassifierComparison& comparison) {
    Json classes = Json::array();
    for (std::size_t c = 0; c < comparison.classes.size(); ++c) {
        classes.push_back({{"name", comparison.classes[c]}, {"first", triple(comparison.first[c])},
                           {"second", triple(comparison.second[c])}, {"difference", triple(comparison.difference[c])}});
    }
    const Json root = {{"method", "AUC on the same films; difference = first - second, paired bootstrap over patients, 95 %"},
                       {"films", comparison.films}, {"mean_first", triple(comparison.meanFirst)},
                       {"mean_second", triple(comparison.meanSecond)}, {"mean_difference", triple(comparison.meanDifference)},
                       {"classes", classes}};
    return root.dump(2) + "\n";
}

std::string toMarkdown(const ClassifierComparison& comparison) {
    std::string text = "AUC on the same " + std::to_string(comparison.films) +
                       " films; difference with its paired 95 % bootstrap interval over patients.\n\n" +
                       head({"Class", "First", "Second", "First - second (95 %)"});
    for (std::size_t c = 0; c < comparison.classes.size(); ++c) {
        text += row({comparison.classes[c], fixed(comparison.first[c].value), fixed(comparison.second[c].value),
                     shown(comparison.difference[c])});
    }
    return text + row({"**Mean**", fixed(comparison.meanFirst.value), fixed(comparison.meanSecond.value),
                       "**" + shown(comparison.meanDifference) + "**"});
}

}  // namespace cxr
