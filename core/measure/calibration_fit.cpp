#include "core/measure/calibration_fit.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <set>

#include "core/measure/classification_metrics.h"

namespace cxr {
namespace {

constexpr double kLeastSlope = 0.01, kGreatestSlope = 100;

// Logits and targets of the films with a known label.
struct Samples {
    std::vector<double> logits, targets;
    bool hasBoth = false;
};

Samples samplesOf(const std::vector<double>& logits, const std::vector<double>& labels) {
    Samples samples;
    const auto positives = static_cast<double>(std::count_if(labels.begin(), labels.end(), isPositive));
    const auto known = static_cast<double>(std::count_if(labels.begin(), labels.end(), isKnown));
    const double high = (positives + 1) / (positives + 2), low = 1 / (known - positives + 2);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (!isKnown(labels[i])) continue;
        samples.logits.push_back(logits[i]);
        samples.targets.push_back(isPositive(labels[i]) ? high : low);
    }
    samples.hasBoth = positives > 0 && positives < known;
    return samples;
}

// -t log p - (1 - t) log(1 - p) without overflow.
double lossOf(const Samples& samples, const LogitScaling& scaling) {
    double sum = 0;
    for (std::size_t i = 0; i < samples.logits.size(); ++i) {
        const double z = scaling.slope * samples.logits[i] + scaling.intercept;
        sum += std::max(z, 0.0) - z * samples.targets[i] + std::log1p(std::exp(-std::abs(z)));
    }
    return sum;
}

// Newton's step for the parameters that are free.
LogitScaling stepOf(const Samples& samples, const LogitScaling& scaling, bool freeSlope, bool freeIntercept) {
    constexpr double kRidge = 1e-10;
    double ga = 0, gb = 0, haa = kRidge, hbb = kRidge, hab = 0;
    for (std::size_t i = 0; i < samples.logits.size(); ++i) {
        const double x = samples.logits[i], p = scaling.probability(x), off = p - samples.targets[i], w = p * (1 - p);
        ga += off * x;
        gb += off;
        haa += w * x * x;
        hab += w * x;
        hbb += w;
    }
    if (!freeIntercept) return {-ga / haa, 0};
    if (!freeSlope) return {0, -gb / hbb};
    const double determinant = haa * hbb - hab * hab;
    if (determinant <= 0) return {-ga / haa, -gb / hbb};
    return {-(hbb * ga - hab * gb) / determinant, -(haa * gb - hab * ga) / determinant};
}

LogitScaling minimise(const Samples& samples, LogitScaling scaling, bool freeSlope, bool freeIntercept) {
    double loss = lossOf(samples, scaling);
    for (int iteration = 0; iteration < 100; ++iteration) {
        const LogitScaling step = stepOf(samples, scaling, freeSlope, freeIntercept);
        double share = 1;
        LogitScaling next = scaling;
        double nextLoss = loss;
        for (; share > 1e-8; share /= 2) {
            next = {scaling.slope + share * step.slope, scaling.intercept + share * step.intercept};
            nextLoss = lossOf(samples, next);
            if (nextLoss < loss) break;
        }
        if (!(nextLoss < loss)) break;
        scaling = next;
        if (loss - nextLoss < 1e-12 * (1 + loss)) break;
        loss = nextLoss;
    }
    return scaling;
}

constexpr std::array kMethods{ScalingMethod::None, ScalingMethod::Temperature, ScalingMethod::Platt};

std::vector<double> crossFitted(ScalingMethod method, const std::vector<double>& logits, const std::vector<double>& labels,
                                const std::vector<int>& parts) {
    std::vector<double> probabilities(logits.size());
    for (const int part : std::set<int>(parts.begin(), parts.end())) {
        std::vector<double> others = labels;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (parts[i] == part) others[i] = std::numeric_limits<double>::quiet_NaN();
        }
        const LogitScaling scaling = fitScaling(method, logits, others);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (parts[i] == part) probabilities[i] = scaling.probability(logits[i]);
        }
    }
    return probabilities;
}

}  // namespace

double logitOf(double probability) {
    constexpr double kEdge = 1e-9;
    const double p = std::clamp(probability, kEdge, 1 - kEdge);
    return std::log(p / (1 - p));
}

double LogitScaling::probability(double logit) const { return sigmoid(slope * logit + intercept); }

const char* nameOf(ScalingMethod method) {
    return method == ScalingMethod::Platt ? "platt" : method == ScalingMethod::Temperature ? "temperature" : "none";
}

LogitScaling fitScaling(ScalingMethod method, const std::vector<double>& logits, const std::vector<double>& labels) {
    assert(logits.size() == labels.size());
    const Samples samples = samplesOf(logits, labels);
    if (method == ScalingMethod::None || !samples.hasBoth) return {};
    const bool isPlatt = method == ScalingMethod::Platt;
    const LogitScaling fitted = minimise(samples, {}, true, isPlatt);
    const double slope = std::clamp(fitted.slope, kLeastSlope, kGreatestSlope);
    if (slope == fitted.slope) return fitted;
    return isPlatt ? minimise(samples, {slope, 0}, false, true) : LogitScaling{slope, 0};
}

CrossFittedScaling crossFitScaling(const std::vector<double>& logits, const std::vector<double>& labels,
                                   const std::vector<int>& parts) {
    assert(logits.size() == labels.size() && labels.size() == parts.size());
    CrossFittedScaling best;
    double least = std::numeric_limits<double>::infinity();
    const bool isOnePart = std::set<int>(parts.begin(), parts.end()).size() < 2;
    for (const ScalingMethod method : kMethods) {
        std::vector<double> probabilities = crossFitted(method, logits, labels, parts);
        const double loss = logLoss(probabilities, labels);
        if (method != ScalingMethod::None && (isOnePart || !(loss < least))) continue;
        least = loss;
        best = {method, fitScaling(method, logits, labels), std::move(probabilities)};
    }
    return best;
}

}  // namespace cxr
