// What is made of a map before it is shown: pooling, contours, boxes, and the sentences beside it.
//   thread rule  pure functions; call from a worker (pooling up to 30 ms, sentences up to 100 ms)
#pragma once

#include <QString>
#include <QStringList>
#include <opencv2/core/types.hpp>
#include <optional>

#include "core/base/run_context.h"
#include "core/localize/attention.h"
#include "core/localize/three_way.h"
#include "core/prior/prior_spec.h"
#include "ui/print/heatmap_painter.h"

namespace cxr::ui {

// How a map is treated and shown.
struct MapLook {
    HeatmapStyle style;
    std::optional<PoolSpec> pool;
    bool poolsPixelsOnly = false;  // `pool` holds for methods that give a value a pixel (core/pipeline/explain_default.h)
    bool operator==(const MapLook&) const = default;
};
// What is done to a map of this method.
std::optional<PoolSpec> poolOf(const MapLook& look, ExplainMethod method);

// fails as poolHeatmap does. REQUIRES: map not null
Result<ShownHeatmap> prepareMap(const HeatmapPtr& map, const MapLook& look, cv::Size film, const RunContext& context = {});

// Believable or not, in words.
struct MapStory {
    QString support;      // what speaks for the finding at all
    Attention attention;  // where the network looks
    std::optional<ThreeWayCheck> threeWay;  // for cardiomegaly
};
// `map` before pooling; `judgement` decided at the reader's operating point, may be null.
MapStory storyOf(const Heatmap& map, const Image& image, const ChestMeasurement& chest, const JudgementPtr& judgement);

}  // namespace cxr::ui
