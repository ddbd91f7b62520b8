// Scales and legends.
#include "core/localize/map_scale.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>

#include "core/localize/map_support.h"

namespace cxr {
namespace {

constexpr std::array<double, 4> kRound{1, 2, 2.5, 5};  // times a power of ten

}  // namespace

double MapScale::shareOf(double value) const { return isEmpty() ? 0 : std::clamp((value - low) / (high - low), 0.0, 1.0); }

MapScale scaleOf(const Heatmap& map, bool isDiverging) {
    MapScale scale{0, 0, unitOf(map.method)};
    if (map.plane.values.empty()) return scale;
    const auto [low, high] = std::minmax_element(map.plane.values.begin(), map.plane.values.end());
    if (isDiverging) {
        scale.high = std::max(std::abs(*low), std::abs(*high));
        scale.low = -scale.high;
    } else if (supportOf(map).hasSupport) {
        scale.high = *high;
    }
    return scale;
}

MapScale lockedScale(const std::vector<const Heatmap*>& maps, bool isDiverging) {
    MapScale locked;
    for (const Heatmap* map : maps) {
        const MapScale scale = scaleOf(*map, isDiverging);
        locked.low = std::min(locked.low, scale.low);
        locked.high = std::max(locked.high, scale.high);
        locked.unit = map == maps.front() || locked.unit == scale.unit ? scale.unit : std::string();
    }
    return locked;
}

std::string unitOf(ExplainMethod method) {
    switch (method) {
        case ExplainMethod::Cam:
        case ExplainMethod::RefinedCam:
        case ExplainMethod::GradCam:
        case ExplainMethod::Occlusion:
            return "logits";
        case ExplainMethod::Sensitivity:
        case ExplainMethod::GuidedBackpropagation:
            return "logits per unit of gray";
        case ExplainMethod::InputXGradient:
        case ExplainMethod::IntegratedGradients:
        case ExplainMethod::DeepLift:
        case ExplainMethod::LrpEpsilon:
        case ExplainMethod::LrpAlpha1Beta0:
        case ExplainMethod::LrpGamma:
            break;
    }
    return "logits a cell";
}

std::vector<double> legendTicks(const MapScale& scale, int count) {
    assert(count >= 2);
    if (scale.isEmpty()) return {};
    const double span = scale.high - scale.low;
    double decade = std::pow(10, std::floor(std::log10(span)) - 1), step = decade;
    for (std::size_t i = 0; span / step > count - 1 + 1e-9; ++i) {
        if (i % kRound.size() == 0 && i > 0) decade *= 10;
        step = decade * kRound[i % kRound.size()];
    }
    std::vector<double> ticks;
    for (double at = std::ceil(scale.low / step - 1e-9); at * step <= scale.high + step * 1e-9; ++at) ticks.push_back(at * step + 0.0);
    return ticks;
}

std::string legendText(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value == 0 ? 0.0 : value);
    return text;
}

}  // namespace cxr
