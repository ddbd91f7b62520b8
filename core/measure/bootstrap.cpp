#include "core/measure/bootstrap.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

namespace cxr {
namespace {

using Groups = std::vector<std::vector<double>>;

// Uniform in [0, count): the standard's distributions differ between libraries, this does not.
std::size_t draw(std::mt19937_64& generator, std::size_t count) {
    return static_cast<std::size_t>(static_cast<long double>(generator() >> 11) * 0x1p-53L *
                                    static_cast<long double>(count));
}

Groups singletons(const std::vector<double>& values) {
    Groups groups;
    groups.reserve(values.size());
    for (const double value : values) groups.push_back({value});
    return groups;
}

Groups grouped(const std::vector<double>& values, const std::vector<std::string>& names) {
    assert(values.size() == names.size());
    std::map<std::string, std::size_t> index;
    Groups groups;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto [found, isNew] = index.emplace(names[i], groups.size());
        if (isNew) groups.emplace_back();
        groups[found->second].push_back(values[i]);
    }
    return groups;
}

Interval intervalOf(const std::vector<double>& values, const Groups& groups, const Statistic& statistic,
                    const BootstrapOptions& options) {
    assert(options.resamples >= 1);
    if (values.empty()) return {};
    const double value = statistic(values);
    if (groups.size() < 2) return {value, value, value};
    std::mt19937_64 generator(options.seed);
    std::vector<double> results, sample;
    results.reserve(static_cast<std::size_t>(options.resamples));
    for (int r = 0; r < options.resamples; ++r) {
        sample.clear();
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const auto& drawn = groups[draw(generator, groups.size())];
            sample.insert(sample.end(), drawn.begin(), drawn.end());
        }
        results.push_back(statistic(sample));
    }
    return {value, quantileOf(results, 0.025), quantileOf(results, 0.975)};
}

// The films of each group.
std::vector<std::vector<std::size_t>> membersOf(const std::vector<std::string>& names) {
    std::map<std::string, std::size_t> index;
    std::vector<std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto [found, isNew] = index.emplace(names[i], members.size());
        if (isNew) members.emplace_back();
        members[found->second].push_back(i);
    }
    return members;
}

// NaN marks resamples that do not define the number.
Interval intervalOfResults(double value, std::vector<double> results) {
    std::erase_if(results, [](double result) { return std::isnan(result); });
    if (std::isnan(value) || results.empty()) return {value, value, value};
    return {value, quantileOf(results, 0.025), quantileOf(results, 0.975)};
}

double standardDeviationOf(const std::vector<double>& values) {
    if (values.size() < 2) return 0;
    const double mean = meanOf(values);
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double meanAbsolute(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += std::abs(value);
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace

double quantileOf(std::vector<double> values, double q) {
    assert(!values.empty() && q >= 0 && q <= 1);
    const double rank = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(below), values.end());
    const double low = values[below];
    if (below + 1 >= values.size()) return low;
    const double high = *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(below) + 1, values.end());
    return low + (rank - static_cast<double>(below)) * (high - low);
}

double meanOf(const std::vector<double>& values) {
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Interval bootstrapInterval(const std::vector<double>& values, const Statistic& statistic,
                           const BootstrapOptions& options) {
    return intervalOf(values, singletons(values), statistic, options);
}

Interval bootstrapInterval(const std::vector<double>& values, const std::vector<std::string>& groups,
                           const Statistic& statistic, const BootstrapOptions& options) {
    return intervalOf(values, grouped(values, groups), statistic, options);
}

Interval bootstrapMean(const std::vector<double>& values, const BootstrapOptions& options) {
    return bootstrapInterval(values, meanOf, options);
}

Interval bootstrapMean(const std::vector<double>& values, const std::vector<std::string>& groups,
                       const BootstrapOptions& options) {
    return bootstrapInterval(values, groups, meanOf, options);
}

std::vector<Interval> bootstrapWeighted(const std::vector<std::string>& groups, const WeightedStatistic& statistic,
                                        const BootstrapOptions& options) {
    assert(!groups.empty() && options.resamples >= 1);
    const auto members = membersOf(groups);
    const std::vector<double> values = statistic(std::vector<double>(groups.size(), 1.0));
    std::vector<std::vector<double>> results(values.size());
    std::mt19937_64 generator(options.seed);
    for (int r = 0; members.size() > 1 && r < options.resamples; ++r) {
        std::vector<double> weights(groups.size(), 0.0);
        for (std::size_t g = 0; g < members.size(); ++g) {
            for (const std::size_t film : members[draw(generator, members.size())]) weights[film] += 1;
        }
        const std::vector<double> drawn = statistic(weights);
        for (std::size_t i = 0; i < drawn.size(); ++i) results[i].push_back(drawn[i]);
    }
    std::vector<Interval> intervals;
    for (std::size_t i = 0; i < values.size(); ++i) intervals.push_back(intervalOfResults(values[i], std::move(results[i])));
    return intervals;
}

LimitsOfAgreement agreementOf(const std::vector<double>& measured, const std::vector<double>& reference,
                              const std::vector<std::string>& groups, const BootstrapOptions& options) {
    assert(measured.size() == reference.size());
    std::vector<double> differences(measured.size());
    std::transform(measured.begin(), measured.end(), reference.begin(), differences.begin(), std::minus<>());
    const Groups drawn = groups.empty() ? singletons(differences) : grouped(differences, groups);
    const auto interval = [&](const Statistic& statistic) {
        return intervalOf(differences, drawn, statistic, options);
    };
    LimitsOfAgreement result;
    result.count = static_cast<int>(differences.size());
    result.standardDeviation = standardDeviationOf(differences);
    result.bias = interval(meanOf);
    result.meanAbsoluteError = interval(meanAbsolute);
    result.lowerLimit = interval([](const auto& d) { return meanOf(d) - 1.96 * standardDeviationOf(d); });
    result.upperLimit = interval([](const auto& d) { return meanOf(d) + 1.96 * standardDeviationOf(d); });
    return result;
}

}  // namespace cxr
