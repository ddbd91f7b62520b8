#include "core/pipeline/pack_evaluation.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/model/manifest.h"

namespace cxr {
namespace {

constexpr const char* kManifestFile = "model.json";

std::vector<OperatingPoint> operatingPointsOf(const ClassEvaluation& evaluated) {
    std::vector<OperatingPoint> points;
    for (const EvaluatedThreshold& threshold : evaluated.thresholds) {
        const double sensitivity = threshold.sensitivity.value, specificity = threshold.specificity.value;
        if (!std::isfinite(threshold.threshold + sensitivity + specificity)) continue;
        points.push_back({threshold.name, std::clamp(threshold.threshold, 0.0, 1.0), sensitivity, specificity});
    }
    return points;
}

// sigmoid(s2 (s1 logit + i1) + i2)
Calibration onTopOf(const Calibration& first, const LogitScaling& second) {
    return {second.slope * first.slope, second.slope * first.intercept + second.intercept};
}

void fill(ModelOutput& output, const ClassEvaluation& evaluated, bool isInstalledPack) {
    if (isInstalledPack && std::min(evaluated.positives, evaluated.negatives) == 0) return;
    output.calibration = onTopOf(isInstalledPack ? output.calibration : Calibration{}, evaluated.scaling);
    output.operatingPoints = operatingPointsOf(evaluated);
    output.auc.reset();
    if (std::isfinite(evaluated.auc.value)) output.auc = {evaluated.auc.value, evaluated.auc.low, evaluated.auc.high};
    const int known = evaluated.positives + evaluated.negatives;
    output.prevalence.reset();
    if (known > 0) output.prevalence = static_cast<double>(evaluated.positives) / known;
}

}  // namespace

Result<Done> writeEvaluationIntoPack(const std::filesystem::path& packFolder, const ClassifierEvaluation& evaluation) {
    const auto file = packFolder / kManifestFile;
    const auto text = readWholeFile(file, 1 << 26);
    if (!text.isOk()) return Error(text.error());
    auto parsed = parseManifest(text.value());
    if (!parsed.isOk()) return std::move(parsed).error();
    Manifest manifest = std::move(parsed).value();
    if (manifest.task != "classification") return Error{ErrorCode::InvalidArgument, "the pack is no classifier; choose another"};
    for (ModelOutput& output : manifest.outputs) {
        const auto found = std::find_if(evaluation.classes.begin(), evaluation.classes.end(),
                                        [&](const ClassEvaluation& one) { return one.name == output.name; });
        if (found == evaluation.classes.end() && output.isAuxiliary) continue;
        if (found == evaluation.classes.end() && evaluation.isInstalledPack) continue;
        if (found == evaluation.classes.end()) {
            return Error{ErrorCode::InvalidArgument, "the pack's output " + output.name + " was not evaluated; give runs that have it"};
        }
        fill(output, *found, evaluation.isInstalledPack);
    }
    auto metrics = nlohmann::json::parse(manifest.metricsJson);
    metrics.update(nlohmann::json::parse(toJson(evaluation)));
    manifest.metricsJson = metrics.dump();
    return writeFileAtomically(file, toJson(manifest));
}

}  // namespace cxr
