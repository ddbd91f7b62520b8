// Positive support and its words.
#include "core/localize/map_support.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "core/engine/explain_methods.h"

namespace cxr {
namespace {

std::string formatted(const char* format, double value) {
    char text[48];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

double largestOf(const Plane& plane) {
    return plane.values.empty() ? 0 : *std::max_element(plane.values.begin(), plane.values.end());
}

double positiveSum(const Plane& plane) {
    double sum = 0;
    for (const float value : plane.values) sum += std::max(0.0F, value);
    return sum;
}

MapSupport none(const std::string& sentence) { return {false, sentence}; }

MapSupport strengthOnly(const std::string& name) {
    return {true, "This method shows how strongly each place acts on the answer; it cannot tell that nothing speaks for " + name + "."};
}

bool showsStrengthOnly(ExplainMethod method) { return method == ExplainMethod::Sensitivity; }

}  // namespace

std::string spokenName(const std::string& className) {
    std::string name = className;
    std::replace(name.begin(), name.end(), '_', ' ');
    const bool isShort = std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; });
    if (isShort) return name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

std::string methodText(const Heatmap& map) {
    const std::string name = explainMethodInfo(map.method).name;
    return map.parameters.empty() ? name : name + ", " + map.parameters;
}

std::optional<double> supportLogitOf(const Plane& plane, ExplainMethod method, double slope) {
    switch (method) {
        case ExplainMethod::Cam:
            return slope * positiveSum(plane) / static_cast<double>(std::max<std::size_t>(1, plane.values.size()));
        case ExplainMethod::IntegratedGradients:
        case ExplainMethod::DeepLift:
        case ExplainMethod::LrpEpsilon:
        case ExplainMethod::LrpAlpha1Beta0:
        case ExplainMethod::LrpGamma:
            return slope * positiveSum(plane);
        case ExplainMethod::Occlusion:
            return slope * std::max(0.0, largestOf(plane));
        case ExplainMethod::RefinedCam:
        case ExplainMethod::GradCam:
        case ExplainMethod::Sensitivity:
        case ExplainMethod::InputXGradient:
        case ExplainMethod::GuidedBackpropagation:
            break;
    }
    return std::nullopt;
}

std::optional<double> netLogitOf(const Plane& plane, ExplainMethod method, double slope) {
    if (method != ExplainMethod::IntegratedGradients && method != ExplainMethod::DeepLift) return std::nullopt;
    return slope * std::accumulate(plane.values.begin(), plane.values.end(), 0.0);
}

void compareWithBaseRate(Heatmap& map, std::optional<double> prevalence, double slope, double intercept) {
    if (map.method != ExplainMethod::Cam || map.plane.values.empty() || !prevalence || *prevalence <= 0 || *prevalence >= 1) return;
    double sum = 0;
    for (const float value : map.plane.values) sum += value;
    const double constant = map.logit - sum / static_cast<double>(map.plane.values.size());
    map.baselineLogit = (std::log(*prevalence / (1 - *prevalence)) - intercept) / slope;
    for (float& value : map.plane.values) value += static_cast<float>(constant - map.baselineLogit);
    map.supportLogit = supportLogitOf(map.plane, map.method, slope);
    map.parameters += (map.parameters.empty() ? "" : ", ") + std::string("against the base rate ") + percentText(*prevalence);
}

MapSupport supportOf(const Heatmap& map) {
    const std::string name = spokenName(map.className);
    const double largest = largestOf(map.plane);
    if (!(largest > 0)) return none("Nothing in this map speaks for " + name + ": its largest value is " + formatted("%.2g", largest) + ".");
    if (showsStrengthOnly(map.method)) return strengthOnly(name);
    if (!map.supportLogit) return {true, "The map has values that speak for " + name + ", the largest " + formatted("%.2g", largest) + "."};
    const std::string adds = formatted("%.2f", *map.supportLogit);
    if (*map.supportLogit < kLeastSupportLogit) {
        return none("What speaks for " + name + " adds " + formatted("%.3f", *map.supportLogit) +
                    " to the logit: too little to change a printed probability.");
    }
    if (*map.supportLogit <= std::abs(map.convergenceDelta)) {
        return none("What speaks for " + name + " (" + adds + " logits) is no more than the method's numerical error (" +
                    formatted("%.2f", std::abs(map.convergenceDelta)) + "); take more steps.");
    }
    if (map.netLogit && *map.netLogit < kLeastSupportLogit) {
        return none("In all, nothing speaks for " + name + ": what speaks for it (" + adds + " logits) is outweighed by what speaks against it (" +
                    formatted("%.2f", *map.supportLogit - *map.netLogit) + ").");
    }
    const char* rest = explainMethodInfo(map.method).isSigned ? " to the logit; what speaks against it is not counted." : " to the logit.";
    return {true, "What speaks for " + name + " adds " + adds + rest};
}

}  // namespace cxr
