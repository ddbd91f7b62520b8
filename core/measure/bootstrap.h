// How sure a mean is: seeded percentile bootstrap (Efron 1979), over films or over groups of films (patients).
// And agreement of two ways to measure: bias, mean absolute error, 95 % limits of agreement (Bland and Altman 1986).
// Equal seeds give equal numbers on every machine (64-bit Mersenne Twister, own reduction to a range).
// Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cxr {

// A value with its 95 % interval. For fewer than two values (or groups) the interval is the value itself.
struct Interval {
    double value = 0;
    double low = 0;
    double high = 0;
};

struct BootstrapOptions {
    int resamples = 2000;  // >= 1
    std::uint64_t seed = 1;
};

// Linear interpolation between ranks; q in [0, 1]. REQUIRES: values not empty.
double quantileOf(std::vector<double> values, double q);
double meanOf(const std::vector<double>& values);  // 0 for no values

using Statistic = std::function<double(const std::vector<double>&)>;

// 95 % interval of a statistic of `values`. No values: {0, 0, 0}.
Interval bootstrapInterval(const std::vector<double>& values, const Statistic& statistic,
                           const BootstrapOptions& options = {});
Interval bootstrapMean(const std::vector<double>& values, const BootstrapOptions& options = {});
// The same, drawing whole groups: films of one patient are not independent.
// REQUIRES: groups.size() == values.size().
Interval bootstrapInterval(const std::vector<double>& values, const std::vector<std::string>& groups,
                           const Statistic& statistic, const BootstrapOptions& options = {});
Interval bootstrapMean(const std::vector<double>& values, const std::vector<std::string>& groups,
                       const BootstrapOptions& options = {});

// Statistics that sort once and only weigh afterwards, several at a time from the same resamples: `statistic` gets how often
// each film was drawn (whole numbers) and returns the same count of numbers at each call. NaN = not defined for this
// resample; such resamples are left out of that number's interval. The value is the statistic of weights that are all 1.
//   groups   of each film; REQUIRES: not empty
using WeightedStatistic = std::function<std::vector<double>(const std::vector<double>& weights)>;
std::vector<Interval> bootstrapWeighted(const std::vector<std::string>& groups, const WeightedStatistic& statistic,
                                        const BootstrapOptions& options = {});

// Agreement of measured - reference, each with its bootstrap interval.
struct LimitsOfAgreement {
    int count = 0;
    Interval bias;  // mean difference
    Interval meanAbsoluteError;
    Interval lowerLimit;  // bias - 1.96 SD of the differences (n - 1)
    Interval upperLimit;  // bias + 1.96 SD
    double standardDeviation = 0;
};
// REQUIRES: equal lengths. `groups` may be empty (every pair its own group).
LimitsOfAgreement agreementOf(const std::vector<double>& measured, const std::vector<double>& reference,
                              const std::vector<std::string>& groups = {}, const BootstrapOptions& options = {});

}  // namespace cxr
