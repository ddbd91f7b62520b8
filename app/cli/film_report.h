// From a film on disk to its report: open, analyse, HeartSpot, explain, annotated picture. Shared by `analyze` and `report`.
//   thread rule  any thread; a PaintingSession must live
#pragma once

#include <QImage>

#include <filesystem>
#include <optional>
#include <vector>

#include "app/cli/prior_options.h"
#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/explain_report.h"
#include "core/report/report.h"

namespace cxr::cli {

struct ReportRequest {
    AnalysisOptions analysis;
    ReportOptions report;
    std::optional<PriorSpec> prior;  // HeartSpot facts are in the report if set
    cv::Mat heartRegion;             // empty: the film's own heart, where the prior needs one
    std::vector<MapRequest> maps;    // explanations; each request's image is the film's own
    int pictureSidePx = 1600;
    std::string draft;               // "auto" or a template's id: the impression is made from it; empty: report.text's own
};

struct FilmReport {
    Analysis analysis;
    Report report;
    std::vector<ExplainedMap> maps;  // those of the report
    QImage picture;                  // annotated, as exported
};

// fails as readImage, analyzeFilm and applyHeartSpot do. A map that cannot be made is told among the report's notes.
Result<FilmReport> reportFilm(const std::filesystem::path& file, const ReportRequest& request, const RunContext& context);

}  // namespace cxr::cli
