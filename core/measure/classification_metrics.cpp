#include "core/measure/classification_metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace cxr {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double weightOf(const std::vector<double>& weights, std::size_t film) { return weights.empty() ? 1.0 : weights[film]; }

// Strictly above `lower` and at most `upper`, so that rounding elsewhere does not change who is positive.
double halfWay(double upper, double lower) {
    const double middle = lower + (upper - lower) / 2;
    return middle > lower ? middle : upper;
}

}  // namespace

RankedScores::RankedScores(const std::vector<double>& scores, const std::vector<double>& labels) {
    assert(scores.size() == labels.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (isKnown(labels[i])) m_items.push_back({scores[i], i, isPositive(labels[i]), false});
    }
    std::stable_sort(m_items.begin(), m_items.end(), [](const Item& a, const Item& b) { return a.score > b.score; });
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        m_items[i].endsTie = i + 1 == m_items.size() || m_items[i + 1].score < m_items[i].score;
        m_positives += m_items[i].isPositive ? 1 : 0;
    }
}

template <typename Visit>
void RankedScores::forEachScore(const std::vector<double>& weights, Visit&& visit) const {
    double positives = 0, negatives = 0;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        (m_items[i].isPositive ? positives : negatives) += weightOf(weights, m_items[i].film);
        if (!m_items[i].endsTie) continue;
        visit(positives, negatives, i);
        positives = negatives = 0;
    }
}

double RankedScores::auc(const std::vector<double>& weights) const {
    double above = 0, negativesSeen = 0, won = 0;
    forEachScore(weights, [&](double positives, double negatives, std::size_t) {
        won += negatives * (above + positives / 2);
        above += positives;
        negativesSeen += negatives;
    });
    return above > 0 && negativesSeen > 0 ? won / (above * negativesSeen) : kNaN;
}

double RankedScores::averagePrecision(const std::vector<double>& weights) const {
    double found = 0, seen = 0, sum = 0;
    forEachScore(weights, [&](double positives, double negatives, std::size_t) {
        found += positives;
        seen += positives + negatives;
        if (positives > 0) sum += positives * found / seen;
    });
    return found > 0 ? sum / found : kNaN;
}

std::vector<RocPoint> RankedScores::roc() const {
    if (!hasBoth()) return {};
    std::vector<RocPoint> points{{0, 0, std::numeric_limits<double>::infinity()}};
    double found = 0, alarms = 0;
    forEachScore({}, [&](double positives, double negatives, std::size_t last) {
        found += positives;
        alarms += negatives;
        const double score = m_items[last].score;
        const double threshold = last + 1 < m_items.size() ? halfWay(score, m_items[last + 1].score) : score;
        points.push_back({alarms / this->negatives(), found / this->positives(), threshold});
    });
    return points;
}

std::vector<PrecisionPoint> RankedScores::precisionRecall() const {
    if (m_positives == 0) return {};
    std::vector<PrecisionPoint> points;
    double found = 0, seen = 0;
    forEachScore({}, [&](double positives, double negatives, std::size_t) {
        found += positives;
        seen += positives + negatives;
        if (points.empty()) points.push_back({0, found / seen});
        points.push_back({found / m_positives, found / seen});
    });
    return points;
}

std::vector<double> RankedScores::sensitivityAt(const std::vector<double>& rates, const std::vector<double>& weights) const {
    std::vector<PrecisionPoint> curve{{0, 0}};  // alarms, found: not yet divided
    forEachScore(weights, [&](double positives, double negatives, std::size_t) {
        curve.push_back({curve.back().recall + negatives, curve.back().precision + positives});
    });
    const double alarms = curve.back().recall, found = curve.back().precision;
    if (!(alarms > 0 && found > 0)) return std::vector<double>(rates.size(), kNaN);
    std::vector<double> sensitivities;
    std::size_t at = 0;
    for (const double rate : rates) {
        while (at + 1 < curve.size() && curve[at + 1].recall <= rate * alarms) ++at;
        double value = curve[at].precision;
        if (at + 1 < curve.size()) {
            const auto& [x0, y0] = curve[at];
            const auto& [x1, y1] = curve[at + 1];
            value = y0 + (y1 - y0) * (rate * alarms - x0) / (x1 - x0);
        }
        sensitivities.push_back(value / found);
    }
    return sensitivities;
}

double youdenThreshold(const std::vector<RocPoint>& roc) {
    assert(!roc.empty());
    const auto worse = [](const RocPoint& a, const RocPoint& b) {
        return a.truePositiveRate - a.falsePositiveRate < b.truePositiveRate - b.falsePositiveRate;
    };
    return std::max_element(roc.begin(), roc.end(), worse)->threshold;
}

double thresholdForSensitivity(const std::vector<RocPoint>& roc, double sensitivity) {
    assert(!roc.empty());
    const auto enough = [&](const RocPoint& point) { return point.truePositiveRate >= sensitivity; };
    const auto found = std::find_if(roc.begin(), roc.end(), enough);
    return (found == roc.end() ? roc.back() : *found).threshold;
}

double thresholdForSpecificity(const std::vector<RocPoint>& roc, double specificity) {
    assert(!roc.empty());
    constexpr double kRounding = 1e-12;  // 1 - 0.9 is not 0.1
    const auto enough = [&](const RocPoint& point) { return 1 - point.falsePositiveRate >= specificity - kRounding; };
    return std::find_if(roc.rbegin(), roc.rend(), enough)->threshold;  // the first point, (0, 0), is always enough
}

void Confusion::add(bool isPositiveFilm, bool saysPositive, double weight) {
    if (isPositiveFilm) {
        (saysPositive ? truePositives : falseNegatives) += weight;
    } else {
        (saysPositive ? falsePositives : trueNegatives) += weight;
    }
}

PredictiveValues predictiveValues(double sensitivity, double specificity, double prevalence) {
    const double truePositive = prevalence * sensitivity, falsePositive = (1 - prevalence) * (1 - specificity);
    const double trueNegative = (1 - prevalence) * specificity, falseNegative = prevalence * (1 - sensitivity);
    return {truePositive / (truePositive + falsePositive), trueNegative / (trueNegative + falseNegative)};
}

namespace {

ReliabilityBin binOf(const std::vector<std::pair<double, double>>& sorted, std::size_t begin, std::size_t end) {
    ReliabilityBin bin;
    const auto n = static_cast<double>(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
        bin.meanProbability += sorted[i].first / n;
        bin.share += sorted[i].second / n;
    }
    bin.films = static_cast<int>(end - begin);
    constexpr double z = 1.959964;
    const double centre = (bin.share + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(bin.share * (1 - bin.share) / n + z * z / (4 * n * n));
    bin.low = std::clamp(centre - half, 0.0, bin.share);
    bin.high = std::clamp(centre + half, bin.share, 1.0);
    return bin;
}

}  // namespace

std::vector<ReliabilityBin> reliabilityBins(const std::vector<double>& probabilities, const std::vector<double>& labels,
                                            int bins) {
    assert(probabilities.size() == labels.size() && bins >= 1);
    std::vector<std::pair<double, double>> known;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (isKnown(labels[i])) known.emplace_back(probabilities[i], labels[i]);
    }
    std::stable_sort(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const std::size_t count = std::min(static_cast<std::size_t>(bins), known.size());
    std::vector<ReliabilityBin> result;
    for (std::size_t b = 0; b < count; ++b) {
        result.push_back(binOf(known, b * known.size() / count, (b + 1) * known.size() / count));
    }
    return result;
}

double expectedCalibrationError(const std::vector<ReliabilityBin>& bins) {
    double sum = 0, films = 0;
    for (const ReliabilityBin& bin : bins) {
        sum += bin.films * std::abs(bin.meanProbability - bin.share);
        films += bin.films;
    }
    return films > 0 ? sum / films : kNaN;
}

double brierScore(const std::vector<double>& probabilities, const std::vector<double>& labels,
                  const std::vector<double>& weights) {
    assert(probabilities.size() == labels.size());
    double sum = 0, films = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (!isKnown(labels[i])) continue;
        const double off = probabilities[i] - labels[i], weight = weightOf(weights, i);
        sum += weight * off * off;
        films += weight;
    }
    return films > 0 ? sum / films : kNaN;
}

double logLoss(const std::vector<double>& probabilities, const std::vector<double>& labels) {
    assert(probabilities.size() == labels.size());
    constexpr double kEdge = 1e-12;
    double sum = 0, films = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (!isKnown(labels[i])) continue;
        const double p = std::clamp(probabilities[i], kEdge, 1 - kEdge);
        sum -= std::log(isPositive(labels[i]) ? p : 1 - p);
        films += 1;
    }
    return films > 0 ? sum / films : kNaN;
}

}  // namespace cxr
