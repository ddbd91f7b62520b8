// The numbers; evaluate_classifier_summary.cpp writes them down.
#include "core/pipeline/evaluate_classifier.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <set>

namespace cxr {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kFewFilms = 10;  // of each kind: fewer do not make an AUC worth averaging
constexpr std::array<const char*, 3> kThresholdNames{"youden", "sensitivity90", "specificity90"};

std::array<double, 3> thresholdsOf(const std::vector<RocPoint>& roc) {
    return {youdenThreshold(roc), thresholdForSensitivity(roc, 0.9), thresholdForSpecificity(roc, 0.9)};
}

double meanOfDefined(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    return values.empty() ? kNaN : meanOf(values);
}

double varianceOf(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.size() < 2) return kNaN;
    const double mean = meanOf(values);
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size() - 1);
}

// Labels of one part only, or of all others: films outside become unknown.
std::vector<double> labelsWhere(const std::vector<double>& labels, const std::vector<int>& parts, int part, bool isInside) {
    std::vector<double> chosen = labels;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if ((parts[i] == part) != isInside) chosen[i] = kNaN;
    }
    return chosen;
}

// What resampling one class needs, prepared once.
class ClassData {
  public:
    ClassData(const PredictionTable& table, std::size_t index, const std::vector<int>& parts)
        : logits(table.logitsOf(index)),
          labels(table.labelsOf(index)),
          ranked(logits, labels),
          scaling(crossFitScaling(logits, labels, parts)) {
        for (const double logit : logits) plain.push_back(sigmoid(logit));
        for (auto& says : decisions) says.assign(labels.size(), kNaN);
        for (const int part : std::set<int>(parts.begin(), parts.end())) judge(part, parts);
    }

    // kNumbers values: AUC, AP, Brier before and after, then sensitivity, specificity, balanced accuracy a threshold.
    static constexpr std::size_t kNumbers = 13;
    void append(std::vector<double>& numbers, const std::vector<double>& weights) const {
        numbers.push_back(ranked.auc(weights));
        numbers.push_back(ranked.averagePrecision(weights));
        numbers.push_back(brierScore(plain, labels, weights));
        numbers.push_back(brierScore(scaling.probabilities, labels, weights));
        for (const auto& says : decisions) {
            Confusion confusion;
            for (std::size_t i = 0; i < labels.size(); ++i) {
                if (isKnown(labels[i]) && isKnown(says[i])) confusion.add(isPositive(labels[i]), isPositive(says[i]), weights[i]);
            }
            numbers.insert(numbers.end(), {confusion.sensitivity(), confusion.specificity(), confusion.balancedAccuracy()});
        }
    }

    std::vector<double> logits, labels;
    RankedScores ranked;
    CrossFittedScaling scaling;
    std::vector<double> plain;                       // probabilities before calibration
    std::array<std::vector<double>, 3> decisions;    // 1, 0; NaN where the other parts could not choose a threshold

  private:
    void judge(int part, const std::vector<int>& parts) {
        const auto roc = RankedScores(logits, labelsWhere(labels, parts, part, false)).roc();
        if (roc.empty()) return;
        const std::array<double, 3> thresholds = thresholdsOf(roc);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (parts[i] != part) continue;
            for (std::size_t t = 0; t < thresholds.size(); ++t) decisions[t][i] = logits[i] >= thresholds[t] ? 1 : 0;
        }
    }
};

// Numbers of all classes one after another, then mean AUC and mean AP.
std::vector<Interval> resample(const std::vector<ClassData>& data, const std::vector<std::string>& groups,
                               const BootstrapOptions& options) {
    return bootstrapWeighted(groups, [&](const std::vector<double>& weights) {
        std::vector<double> numbers, aucs, precisions;
        for (const ClassData& one : data) {
            const std::size_t at = numbers.size();
            one.append(numbers, weights);
            if (!one.ranked.hasBoth()) continue;
            aucs.push_back(numbers[at]);
            precisions.push_back(numbers[at + 1]);
        }
        numbers.push_back(meanOfDefined(aucs));
        numbers.push_back(meanOfDefined(precisions));
        return numbers;
    }, options);
}

void fillThresholds(ClassEvaluation& result, const ClassData& data, const Interval* numbers) {
    const auto roc = data.ranked.roc();
    const std::array<double, 3> onLogits = roc.empty() ? std::array<double, 3>{kNaN, kNaN, kNaN} : thresholdsOf(roc);
    for (std::size_t t = 0; t < onLogits.size(); ++t) {
        result.thresholds[t] = {kThresholdNames[t], data.scaling.scaling.probability(onLogits[t]), numbers[3 * t],
                                numbers[3 * t + 1], numbers[3 * t + 2]};
    }
}

ClassEvaluation evaluateClass(const std::string& name, const ClassData& data, const std::vector<int>& parts,
                              const Interval* numbers, const std::map<std::string, double>& prevalences) {
    ClassEvaluation result;
    result.name = name;
    result.positives = data.ranked.positives();
    result.negatives = data.ranked.negatives();
    result.unknown = static_cast<int>(data.labels.size()) - result.positives - result.negatives;
    result.auc = numbers[0];
    result.averagePrecision = numbers[1];
    result.brierBefore = numbers[2];
    result.brierAfter = numbers[3];
    fillThresholds(result, data, numbers + 4);
    for (const int part : std::set<int>(parts.begin(), parts.end())) {
        result.foldAucs.push_back(RankedScores(data.logits, labelsWhere(data.labels, parts, part, true)).auc());
    }
    result.foldMean = meanOfDefined(result.foldAucs);
    result.foldVariance = varianceOf(result.foldAucs);
    result.scalingMethod = data.scaling.method;
    result.scaling = data.scaling.scaling;
    result.errorBefore = expectedCalibrationError(reliabilityBins(data.plain, data.labels));
    result.reliability = reliabilityBins(data.scaling.probabilities, data.labels);
    result.errorAfter = expectedCalibrationError(result.reliability);
    result.logLossBefore = logLoss(data.plain, data.labels);
    result.logLossAfter = logLoss(data.scaling.probabilities, data.labels);
    const auto given = prevalences.find(name);
    result.isPrevalenceGiven = given != prevalences.end();
    const double known = result.positives + result.negatives;
    result.prevalence = result.isPrevalenceGiven ? given->second : known > 0 ? result.positives / known : kNaN;
    const EvaluatedThreshold& youden = result.thresholds[0];
    result.predictive = predictiveValues(youden.sensitivity.value, youden.specificity.value, result.prevalence);
    return result;
}

// AUC of every class among chosen films only, then their mean.
SubgroupEvaluation evaluateSubgroup(const PredictionTable& part, const BootstrapOptions& options) {
    SubgroupEvaluation result;
    result.films = static_cast<int>(part.films.size());
    std::vector<RankedScores> ranked;
    for (std::size_t c = 0; c < part.classes.size(); ++c) {
        ranked.emplace_back(part.logitsOf(c), part.labelsOf(c));
        result.positives.push_back(ranked.back().positives());
    }
    const auto isEnough = [](const RankedScores& one) { return std::min(one.positives(), one.negatives()) >= kFewFilms; };
    result.meanClasses = static_cast<int>(std::count_if(ranked.begin(), ranked.end(), isEnough));
    std::vector<Interval> numbers = bootstrapWeighted(part.groups(), [&](const std::vector<double>& weights) {
        std::vector<double> aucs, enough;
        for (const RankedScores& one : ranked) {
            aucs.push_back(one.auc(weights));
            if (isEnough(one)) enough.push_back(aucs.back());
        }
        aucs.push_back(meanOfDefined(enough));
        return aucs;
    }, options);
    result.meanAuc = numbers.back();
    numbers.pop_back();
    result.aucs = std::move(numbers);
    return result;
}

std::vector<SubgroupEvaluation> evaluateSubgroups(const PredictionTable& table, const ClassifierEvaluationOptions& options) {
    std::vector<SubgroupEvaluation> results;
    for (const auto& [by, kindOfFilm] : options.subgroups) {
        std::map<std::string, PredictionTable> kinds;
        for (const PredictedFilm& film : table.films) {
            const auto kind = kindOfFilm.find(film.name);
            if (kind == kindOfFilm.end()) continue;
            auto& part = kinds.try_emplace(kind->second, PredictionTable{table.classes, {}}).first->second;
            part.films.push_back(film);
        }
        for (const auto& [name, part] : kinds) {
            SubgroupEvaluation result = evaluateSubgroup(part, options.bootstrap);
            result.by = by;
            result.name = name;
            results.push_back(std::move(result));
        }
    }
    return results;
}

void fillFolds(ClassifierEvaluation& result) {
    for (std::size_t part = 0; part < static_cast<std::size_t>(result.parts); ++part) {
        std::vector<double> aucs;
        for (const ClassEvaluation& one : result.classes) aucs.push_back(one.foldAucs[part]);
        result.foldMeans.push_back(meanOfDefined(aucs));
    }
    result.foldMean = meanOfDefined(result.foldMeans);
    result.foldVariance = varianceOf(result.foldMeans);
}

}  // namespace

ClassifierEvaluation evaluateClassifier(const PredictionTable& table, const ClassifierEvaluationOptions& options) {
    assert(!table.films.empty());
    const std::vector<int> parts = table.parts();
    const std::vector<std::string> groups = table.groups();
    std::vector<ClassData> data;
    for (std::size_t c = 0; c < table.classes.size(); ++c) data.emplace_back(table, c, parts);
    const std::vector<Interval> numbers = resample(data, groups, options.bootstrap);

    ClassifierEvaluation result;
    result.films = static_cast<int>(table.films.size());
    result.patients = static_cast<int>(std::set<std::string>(groups.begin(), groups.end()).size());
    result.isInstalledPack = options.isInstalledPack;
    result.parts = static_cast<int>(std::set<int>(parts.begin(), parts.end()).size());
    result.partsAreFolds = std::any_of(table.films.begin(), table.films.end(),
                                       [&](const PredictedFilm& film) { return film.fold != table.films.front().fold; });
    for (std::size_t c = 0; c < data.size(); ++c) {
        result.classes.push_back(evaluateClass(table.classes[c], data[c], parts, &numbers[c * ClassData::kNumbers],
                                               options.prevalences));
    }
    result.meanAuc = numbers[numbers.size() - 2];
    result.meanAveragePrecision = numbers.back();
    fillFolds(result);
    result.subgroups = evaluateSubgroups(table, options);
    return result;
}

namespace {

// The same films in the same order, and the same classes.
Result<std::pair<PredictionTable, PredictionTable>> paired(const PredictionTable& first, const PredictionTable& second) {
    std::vector<std::pair<std::size_t, std::size_t>> classes;
    std::pair<PredictionTable, PredictionTable> result;
    for (std::size_t c = 0; c < first.classes.size(); ++c) {
        const auto found = std::find(second.classes.begin(), second.classes.end(), first.classes[c]);
        if (found == second.classes.end()) continue;
        classes.emplace_back(c, static_cast<std::size_t>(found - second.classes.begin()));
        result.first.classes.push_back(first.classes[c]);
    }
    result.second.classes = result.first.classes;
    std::map<std::string, const PredictedFilm*> byName;
    for (const PredictedFilm& film : second.films) byName[film.name] = &film;
    for (const PredictedFilm& film : first.films) {
        const auto other = byName.find(film.name);
        if (other == byName.end()) continue;
        PredictedFilm a{film.name, film.group, film.fold, {}, {}}, b = a;
        for (const auto& [mine, theirs] : classes) {
            const double label = film.labels[mine], otherLabel = other->second->labels[theirs];
            if (isKnown(label) && isKnown(otherLabel) && label != otherLabel) {
                return Error{ErrorCode::InvalidArgument, "the two sides disagree on a film's label; compare runs of one data set"};
            }
            a.logits.push_back(film.logits[mine]);
            b.logits.push_back(other->second->logits[theirs]);
            a.labels.push_back(isKnown(otherLabel) ? label : kNaN);
        }
        b.labels = a.labels;
        result.first.films.push_back(std::move(a));
        result.second.films.push_back(std::move(b));
    }
    if (!classes.empty() && !result.first.films.empty()) return result;
    return Error{ErrorCode::InvalidArgument, "the two sides have no film or no class in common"};
}

}  // namespace

Result<ClassifierComparison> compareClassifiers(const PredictionTable& first, const PredictionTable& second,
                                                const BootstrapOptions& bootstrap) {
    const auto both = paired(first, second);
    if (!both.isOk()) return Error(both.error());
    const auto& [a, b] = both.value();
    const std::size_t count = a.classes.size();
    std::vector<RankedScores> left, right;
    for (std::size_t c = 0; c < count; ++c) {
        left.emplace_back(a.logitsOf(c), a.labelsOf(c));
        right.emplace_back(b.logitsOf(c), b.labelsOf(c));
    }
    const std::vector<Interval> numbers = bootstrapWeighted(a.groups(), [&](const std::vector<double>& weights) {
        std::vector<double> one, two, difference;
        for (std::size_t c = 0; c < count; ++c) {
            one.push_back(left[c].auc(weights));
            two.push_back(right[c].auc(weights));
            difference.push_back(one.back() - two.back());
        }
        for (auto* values : {&one, &two, &difference}) values->push_back(meanOfDefined(*values));
        one.insert(one.end(), two.begin(), two.end());
        one.insert(one.end(), difference.begin(), difference.end());
        return one;
    }, bootstrap);
    const auto at = [&](std::size_t block) { return numbers.begin() + static_cast<std::ptrdiff_t>(block * (count + 1)); };
    const auto classesOf = [&](std::size_t block) {
        return std::vector<Interval>(at(block), at(block) + static_cast<std::ptrdiff_t>(count));
    };
    return ClassifierComparison{static_cast<int>(a.films.size()), a.classes, classesOf(0), classesOf(1), classesOf(2),
                                numbers[count], numbers[2 * count + 1], numbers[3 * count + 2]};
}

}  // namespace cxr
