// One explanation with everything that stands beside it: boxes, attention, sanity tests, the three readings, ready for a
// report. Shared by window and command line.
//   thread rule  call from a worker
#pragma once

#include "core/localize/boxes.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/explain_film.h"
#include "core/report/report_map.h"

namespace cxr {

struct MapRequest {
    ExplainRequest explain;
    BoxOptions boxes;
    bool hasSanity = false;  // also runs core/pipeline/sanity.h
    bool isMethodOpen = false;  // nobody named a method: core/pipeline/explain_default.h chooses it, and the pooling if there is none
};

struct ExplainedMap {
    Heatmap raw;       // before pooling
    Heatmap shown;     // after pooling, if it was asked for
    ReportMap report;  // its picture is the caller's to paint
    std::string reason;  // why this method, if the program chose it
};

// `analysis` is that of the request's image: it gives outlines, view and the network's operating point. The three readings
// are compared if the map is of Cardiomegaly and its pack judged the film.
// fails as explainFilm, poolHeatmap, chooseExplanation and checkExplanation do.
Result<ExplainedMap> explainForReport(const MapRequest& request, const Analysis& analysis, Engine& engine, ExplainCache& cache,
                                      const RunContext& context = {});

}  // namespace cxr
