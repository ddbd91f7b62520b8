#include "app/cli/film_report.h"

#include "app/cli/command.h"
#include "app/cli/explain_options.h"
#include "core/io/image_reader.h"
#include "core/pipeline/film_results.h"
#include "core/report/report_templates.h"
#include "ui/print/findings_painter.h"

namespace cxr::cli {
namespace {

constexpr double kMapOpacity = 0.55;
constexpr int kMapSidePx = 1100;

Result<HeartSpotFacts> factsOf(const Analysis& analysis, const ReportRequest& request, const RunContext& context) {
    cv::Mat region = request.heartRegion;
    if (request.prior->heart && region.empty()) {
        Result<cv::Mat> own = segmentedHeartRegion(analysis);
        if (!own.isOk()) return own.error();
        region = std::move(own).value();
    }
    return heartSpotFacts(*request.prior, *analysis.image, region, context);
}

// Each map with its picture; one that cannot be made is told, and the others stand.
Result<Done> addMaps(FilmReport& result, const ReportRequest& request, const RunContext& context) {
    Report& report = result.report;
    const Analysis& analysis = result.analysis;
    if (request.maps.empty()) return Done{};
    const auto engine = loadEngine();
    if (!engine.isOk()) return engine.error();
    ExplainCache cache;
    for (std::size_t i = 0; i < request.maps.size(); ++i) {
        MapRequest one = request.maps[i];
        one.explain.image = analysis.image;
        one.explain.heartLungs = request.analysis.packFolder;
        const double each = 1.0 / static_cast<double>(request.maps.size()), begin = static_cast<double>(i) * each;
        const Result<ExplainedMap> map = explainForReport(one, analysis, *engine.value(), cache, context.part(begin, begin + each));
        if (map.isOk()) {
            report.maps.push_back(map.value().report);
            report.maps.back().png = ui::toPng(mapPicture(map.value(), analysis, "cividis", kMapOpacity, kMapSidePx, report.text.language));
            result.maps.push_back(map.value());
        } else if (map.error().code == ErrorCode::Cancelled) {
            return map.error();
        } else {
            report.notes.push_back("There is no map of " + one.explain.output + ": " + map.error().message + ".");
        }
    }
    return Done{};
}

}  // namespace

Result<FilmReport> reportFilm(const std::filesystem::path& file, const ReportRequest& request, const RunContext& context) {
    const Result<ImagePtr> image = readImage(file, {}, context.part(0, 0.2));
    if (!image.isOk()) return image.error();
    const Result<Analysis> analysis = analyzeFilm(image.value(), request.analysis, context.part(0.2, 0.8));
    if (!analysis.isOk()) return analysis.error();
    FilmReport result;
    result.analysis = analysis.value();
    result.report = buildReport(*image.value(), analysis.value().chest, analysis.value().model, request.report,
                                analysis.value().judgement);
    result.report.programVersion = programVersion();
    if (const Result<Done> added = addMaps(result, request, context.part(0.8, 0.9)); !added.isOk()) return added.error();
    if (request.prior) {
        Result<HeartSpotFacts> facts = factsOf(analysis.value(), request, context.part(0.9, 0.95));
        if (facts.isOk()) {
            result.report.heartSpot = std::move(facts).value();
        } else if (facts.error().code == ErrorCode::Cancelled) {
            return facts.error();
        } else {  // the film's other results stand
            result.report.notes.push_back("There is no HeartSpot picture: " + facts.error().message + ".");
        }
    }
    std::string impression = result.report.text.impression;
    if (request.draft == "auto") impression = suggestedTemplate(result.report).text;
    if (const ReportTemplate* draft = findTemplate(request.draft, result.report.text.language)) impression = draft->text;
    result.report.text.impression = filled(impression, result.report);
    result.picture = ui::annotatedPicture(*image.value(), image.value()->defaultVoi, false, analysis.value().chest,
                                          analysis.value().model, request.pictureSidePx, nullptr, nullptr,
                                          result.report.text.language);
    result.report.annotatedPng = ui::toPng(result.picture);
    context.report(1);
    return result;
}

}  // namespace cxr::cli
