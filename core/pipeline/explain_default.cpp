// The choice and its sentence.
#include "core/pipeline/explain_default.h"

#include <algorithm>
#include <cassert>

#include "core/engine/explain_methods.h"
#include "core/model/pack.h"

namespace cxr {
namespace {

bool has(const std::vector<ExplainMethod>& list, ExplainMethod method) { return std::find(list.begin(), list.end(), method) != list.end(); }

std::string cellsText(int columns, int rows) { return std::to_string(columns) + " x " + std::to_string(rows) + " cells"; }

// Cells of the map that the same weights brought along when they judged the film.
std::optional<std::pair<int, int>> judgedCells(const Judgement& judgement, const std::string& weightsSha256) {
    for (const PackJudgement& pack : judgement.packs) {
        if (!pack.error.empty() || pack.model.weightsSha256 != weightsSha256) continue;
        return pack.cams.empty() || !pack.hasGrid ? std::pair{0, 0} : std::pair{pack.cams.front().width, pack.cams.front().height};
    }
    return {};
}

}  // namespace

bool hasNetworkCells(ExplainMethod method) {
    return method == ExplainMethod::Cam || method == ExplainMethod::RefinedCam || method == ExplainMethod::GradCam;
}

std::optional<PoolSpec> defaultPooling(ExplainMethod method) {
    return hasNetworkCells(method) ? std::nullopt : std::optional(saliencyPooling());
}

ExplanationChoice defaultExplanation(const std::vector<ExplainMethod>& allowed, int columns, int rows) {
    assert(!allowed.empty());
    const bool hasCam = has(allowed, ExplainMethod::Cam) && columns > 0 && rows > 0;
    const bool hasGradients = has(allowed, ExplainMethod::IntegratedGradients);
    ExplanationChoice choice;
    if (hasCam && std::min(columns, rows) >= kLeastCamCells) {
        choice.reason = "Chosen by the program: this network's activation map has " + cellsText(columns, rows) + ", fine enough to point at a place.";
    } else if (hasGradients) {
        choice.method = ExplainMethod::IntegratedGradients;
        choice.reason = hasCam ? "Chosen by the program: this network's activation map has " + cellsText(columns, rows) +
                                     ", too few to point at a place. Integrated gradients give a value to each pixel; pooling gathers them."
                               : "Chosen by the program: this network makes no activation map. Integrated gradients give a value to each "
                                 "number that it reads; pooling gathers them.";
    } else {
        choice.method = allowed.front();
        choice.reason = "Chosen by the program: the first method that this network allows.";
    }
    choice.pool = defaultPooling(choice.method);
    return choice;
}

Result<ExplanationChoice> chooseExplanation(const ExplainRequest& request, const Judgement* judgement, Engine& engine, ExplainCache& cache,
                                            const RunContext& context) {
    const Result<Pack> pack = readPack(request.pack);
    if (!pack.isOk()) return pack.error();
    const Result<std::vector<ExplainMethod>> allowed = engine.explanations(request.pack);
    if (!allowed.isOk()) return allowed.error();
    if (allowed.value().empty()) return Error{ErrorCode::Unsupported, "the model " + pack.value().manifest.id + " allows no explanation"};
    if (judgement != nullptr) {
        if (const auto cells = judgedCells(*judgement, pack.value().manifest.weightsSha256)) {
            return defaultExplanation(allowed.value(), cells->first, cells->second);
        }
    }
    if (!has(allowed.value(), ExplainMethod::Cam)) return defaultExplanation(allowed.value(), 0, 0);
    ExplainRequest cam = request;
    cam.options = {};
    cam.pool.reset();
    const Result<Heatmap> map = explainFilm(cam, engine, cache, context);
    if (!map.isOk()) return map.error();
    return defaultExplanation(allowed.value(), map.value().plane.width, map.value().plane.height);
}

}  // namespace cxr
