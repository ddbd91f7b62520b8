// Map, boxes, attention, tests.
#include "core/pipeline/explain_report.h"

#include <utility>

#include "core/localize/film_regions.h"
#include "core/localize/three_way.h"
#include "core/pipeline/explain_default.h"
#include "core/pipeline/sanity.h"

namespace cxr {
namespace {

constexpr int kRegionSide = 512;  // core/localize/film_regions.h needs no more

FilmRegions regionsOf(const Analysis& analysis) {
    double scale = 1;
    const GrayFilm gray = networkFilm(*analysis.image, kRegionSide, &scale);
    return filmRegions(gray, scale, analysis.chest);
}

// What the same weights said when they judged the film.
const FindingProbability* judgedBy(const Judgement& judgement, const Heatmap& map) {
    for (const PackJudgement& pack : judgement.packs) {
        if (pack.error.empty() && pack.model.weightsSha256 == map.model.weightsSha256) return pack.find(map.className);
    }
    return nullptr;
}

void compareReadings(ReportMap& report, const Heatmap& map, const Analysis& analysis) {
    if (map.className != "Cardiomegaly" || !analysis.judgement) return;
    const FindingProbability* finding = judgedBy(*analysis.judgement, map);
    if (finding == nullptr) return;
    const auto& view = analysis.judgement->view;
    ThreeWayCheck check = threeWayCheck(analysis.chest, analysis.image->view, view ? &*view : nullptr, *finding, report.attention);
    report.threeWay = std::move(check.sentence);
    report.threeWayReasons = std::move(check.reasons);
}

}  // namespace

Result<ExplainedMap> explainForReport(const MapRequest& request, const Analysis& analysis, Engine& engine, ExplainCache& cache,
                                      const RunContext& context) {
    ExplainRequest plain = request.explain;
    ExplainedMap result;
    if (request.isMethodOpen) {
        const Judgement* judgement = analysis.judgement.get();
        const auto choice = chooseExplanation(plain, judgement, engine, cache, RunContext{context.stop, {}});
        if (!choice.isOk()) return choice.error();
        plain.options.method = choice.value().method;
        if (!plain.pool) plain.pool = choice.value().pool;
        result.reason = choice.value().reason;
    }
    const std::optional<PoolSpec> pool = std::exchange(plain.pool, std::nullopt);
    Result<Heatmap> raw = explainFilm(plain, engine, cache, context.part(0, request.hasSanity ? 0.2 : 0.9));
    if (!raw.isOk()) return std::move(raw).error();
    result.raw = std::move(raw).value();
    result.shown = result.raw;
    if (pool) {
        Result<Heatmap> pooled = poolHeatmap(result.raw, *pool, RunContext{context.stop, {}});
        if (!pooled.isOk()) return std::move(pooled).error();
        result.shown = std::move(pooled).value();
    }
    const cv::Size film(analysis.image->width(), analysis.image->height());
    result.report = reportMapOf(result.shown, result.raw, regionsOf(analysis), boxesOf(result.shown, film, request.boxes), analysis.image->spacing);
    compareReadings(result.report, result.raw, analysis);
    if (request.hasSanity) {
        Result<SanityReport> tests = checkExplanation(plain, analysis.chest, engine, cache, context.part(0.2, 1));
        if (!tests.isOk()) return std::move(tests).error();
        result.report.sanity = std::move(tests).value().checks;
    }
    context.report(1);
    return result;
}

}  // namespace cxr
