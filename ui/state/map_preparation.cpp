// See map_preparation.h.
#include "ui/state/map_preparation.h"

#include "core/localize/film_regions.h"
#include "core/localize/map_support.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/explain_default.h"
#include "core/pipeline/explain_film.h"

namespace cxr::ui {

namespace {

// The judged finding that the map explains; null when another pack's.
const FindingProbability* findingOf(const Heatmap& map, const Judgement& judgement) {
    for (const PackJudgement& pack : judgement.packs)
        if (pack.model.id == map.model.id) return pack.find(map.className);
    return nullptr;
}

}  // namespace

std::optional<PoolSpec> poolOf(const MapLook& look, ExplainMethod method) {
    return look.poolsPixelsOnly && hasNetworkCells(method) ? std::nullopt : look.pool;
}

Result<ShownHeatmap> prepareMap(const HeatmapPtr& map, const MapLook& look, cv::Size film, const RunContext& context) {
    ShownHeatmap shown{map, look.style, {}, {}};
    if (const auto pool = poolOf(look, map->method)) {
        auto pooled = poolHeatmap(*map, *pool, context);
        if (!pooled) return pooled.error();
        shown.map = std::make_shared<const Heatmap>(std::move(pooled).value());
    }
    if (look.style.showContours) shown.contours = isoLines(*shown.map, contourLevels(*shown.map, look.style));
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    shown.boxes = boxesOf(*shown.map, film).boxes;
    return shown;
}

MapStory storyOf(const Heatmap& map, const Image& image, const ChestMeasurement& chest, const JudgementPtr& judgement) {
    double scale = 1;
    const GrayFilm gray = networkFilm(image, kNetworkFilmSide, &scale);
    MapStory story;
    story.support = QString::fromStdString(supportOf(map).sentence);
    story.attention = attentionOf(map, filmRegions(gray, scale, chest));
    const FindingProbability* finding = judgement ? findingOf(map, *judgement) : nullptr;
    if (finding && finding->name == "Cardiomegaly") {
        const ViewReading* view = judgement->view ? &*judgement->view : nullptr;
        story.threeWay = threeWayCheck(chest, image.view, view, *finding, story.attention);
    }
    return story;
}

}  // namespace cxr::ui
