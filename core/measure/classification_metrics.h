// How well a score tells films with a finding from films without it.
//   ROC AUC             share of (positive, negative) pairs in which the positive scores higher, ties by half: exactly
//                       Mann and Whitney's U / (P N), 1947
//   average precision   sum over falling distinct scores of (recall_k - recall_k-1) precision_k; no interpolation
//   Youden threshold    the one with the greatest TPR - FPR (1950)
//   ECE                 sum over bins of equal count of n_b / n |mean probability - share of positives|
//   Brier               mean (p - y)^2        log loss   mean -log of the probability given to what was there
//   predictive values   PPV = pi Se / (pi Se + (1 - pi)(1 - Sp)), Chen and Shi, eq. 1 (Bayes)
// Labels: 1 positive, 0 negative; anything else (NaN = unknown, soft labels) leaves its film out.
// Numbers that films of one kind only cannot define are NaN. Pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <vector>

namespace cxr {

inline bool isPositive(double label) { return label == 1; }
inline bool isKnown(double label) { return label == 0 || label == 1; }

struct RocPoint {
    double falsePositiveRate = 0;
    double truePositiveRate = 0;
    double threshold = 0;  // at or above: positive; lies half-way to the next lower score; +infinity for the first point
};

struct PrecisionPoint {
    double recall = 0;
    double precision = 1;
};

// Films sorted once by falling score, so that a thousand resamples cost one pass each.
// `weights`: how often each film counts, one for each film given to the constructor (unknown ones too); empty = once each.
class RankedScores {
  public:
    // REQUIRES: equal lengths; scores without NaN.
    RankedScores(const std::vector<double>& scores, const std::vector<double>& labels);

    [[nodiscard]] int positives() const { return m_positives; }
    [[nodiscard]] int negatives() const { return static_cast<int>(m_items.size()) - m_positives; }
    [[nodiscard]] bool hasBoth() const { return positives() > 0 && negatives() > 0; }

    [[nodiscard]] double auc(const std::vector<double>& weights = {}) const;
    [[nodiscard]] double averagePrecision(const std::vector<double>& weights = {}) const;
    // From (0, 0) to (1, 1), one point for each distinct score. Empty unless hasBoth().
    [[nodiscard]] std::vector<RocPoint> roc() const;
    // From recall 0 (precision of the highest score) to recall 1. Empty without positives.
    [[nodiscard]] std::vector<PrecisionPoint> precisionRecall() const;
    // TPR at each false positive rate, straight lines between ROC points. `rates` rise from 0 to 1.
    [[nodiscard]] std::vector<double> sensitivityAt(const std::vector<double>& rates,
                                                    const std::vector<double>& weights = {}) const;

  private:
    struct Item {
        double score;
        std::size_t film;
        bool isPositive;
        bool endsTie;  // the next item has a lower score, or there is none
    };
    // Calls visit(positives, negatives, last item) once for each distinct score, falling.
    template <typename Visit>
    void forEachScore(const std::vector<double>& weights, Visit&& visit) const;

    std::vector<Item> m_items;
    int m_positives = 0;
};

// Thresholds on the score, from the points of roc(). REQUIRES: roc not empty.
double youdenThreshold(const std::vector<RocPoint>& roc);
// The highest threshold that finds at least this share of the positives.
double thresholdForSensitivity(const std::vector<RocPoint>& roc, double sensitivity);
// The lowest threshold that leaves at least this share of the negatives alone.
double thresholdForSpecificity(const std::vector<RocPoint>& roc, double specificity);

// What a yes/no decision gave. Without positives (negatives) the sensitivity (specificity) is NaN.
struct Confusion {
    double truePositives = 0, falseNegatives = 0, trueNegatives = 0, falsePositives = 0;
    void add(bool isPositiveFilm, bool saysPositive, double weight = 1);
    [[nodiscard]] double sensitivity() const { return truePositives / (truePositives + falseNegatives); }
    [[nodiscard]] double specificity() const { return trueNegatives / (trueNegatives + falsePositives); }
    [[nodiscard]] double balancedAccuracy() const { return (sensitivity() + specificity()) / 2; }
};

struct PredictiveValues {
    double positive = 0;  // P(finding | test positive)
    double negative = 0;  // P(no finding | test negative)
};
// All in [0, 1]; NaN where a test that is never positive (negative) has no such value.
PredictiveValues predictiveValues(double sensitivity, double specificity, double prevalence);

// Films of neighbouring probabilities.
struct ReliabilityBin {
    double meanProbability = 0;
    double share = 0;      // of positives
    double low = 0, high = 1;  // Wilson's 95 % interval of the share (1927)
    int films = 0;
};
// At most `bins` bins whose counts differ by one at most. Empty for no known label.
std::vector<ReliabilityBin> reliabilityBins(const std::vector<double>& probabilities, const std::vector<double>& labels,
                                            int bins = 10);
double expectedCalibrationError(const std::vector<ReliabilityBin>& bins);
double brierScore(const std::vector<double>& probabilities, const std::vector<double>& labels,
                  const std::vector<double>& weights = {});
// Probabilities are kept 1e-12 away from 0 and 1.
double logLoss(const std::vector<double>& probabilities, const std::vector<double>& labels);

}  // namespace cxr
