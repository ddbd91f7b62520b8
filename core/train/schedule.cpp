// Seeds, batches, warm-up and cosine.
#include "core/train/schedule.h"

#include <algorithm>
#include <cmath>

namespace cxr::train {

std::uint64_t epochSeed(std::uint64_t recipeSeed, std::size_t epoch) { return recipeSeed * 1000003 + epoch; }

std::vector<std::vector<std::int64_t>> batches(const std::vector<std::int64_t>& films, int size) {
    std::vector<std::vector<std::int64_t>> list;
    for (std::size_t i = 0; i < films.size(); ++i) {
        if (i % static_cast<std::size_t>(size) == 0) list.emplace_back();
        list.back().push_back(films[i]);
    }
    if (size > 1 && list.size() > 1 && list.back().size() == 1) {
        list[list.size() - 2].push_back(list.back()[0]);
        list.pop_back();
    }
    return list;
}

double learningRateAt(double peak, double fraction) {
    constexpr double kWarmUp = 0.05, kFloor = 0.01;
    if (fraction < kWarmUp) return peak * (0.1 + 0.9 * fraction / kWarmUp);
    const double t = (fraction - kWarmUp) / (1 - kWarmUp);
    return peak * (kFloor + (1 - kFloor) * 0.5 * (1 + std::cos(M_PI * t)));
}

double warmedDecay(double decay, std::int64_t steps) {
    const auto n = static_cast<double>(steps);
    return std::min(decay, (1 + n) / (10 + n));
}

}  // namespace cxr::train
