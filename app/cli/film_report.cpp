#include "app/cli/film_report.h"

#include "app/cli/command.h"
#include "core/io/image_reader.h"
#include "core/pipeline/film_results.h"
#include "ui/print/findings_painter.h"

namespace cxr::cli {
namespace {

Result<HeartSpotFacts> factsOf(const Analysis& analysis, const ReportRequest& request, const RunContext& context) {
    cv::Mat region = request.heartRegion;
    if (request.prior->heart && region.empty()) {
        Result<cv::Mat> own = segmentedHeartRegion(analysis);
        if (!own.isOk()) return own.error();
        region = std::move(own).value();
    }
    return heartSpotFacts(*request.prior, *analysis.image, region, context);
}

}  // namespace

Result<FilmReport> reportFilm(const std::filesystem::path& file, const ReportRequest& request, const RunContext& context) {
    const Result<ImagePtr> image = readImage(file, {}, context.part(0, 0.2));
    if (!image.isOk()) return image.error();
    const Result<Analysis> analysis = analyzeFilm(image.value(), request.analysis, context.part(0.2, 0.8));
    if (!analysis.isOk()) return analysis.error();
    FilmReport result;
    result.report = buildReport(*image.value(), analysis.value().chest, analysis.value().model, request.report,
                                analysis.value().judgement);
    result.report.programVersion = programVersion();
    if (request.prior) {
        Result<HeartSpotFacts> facts = factsOf(analysis.value(), request, context.part(0.8, 0.9));
        if (facts.isOk()) {
            result.report.heartSpot = std::move(facts).value();
        } else if (facts.error().code == ErrorCode::Cancelled) {
            return facts.error();
        } else {  // the film's other results stand
            result.report.notes.push_back("There is no HeartSpot picture: " + facts.error().message + ".");
        }
    }
    result.picture = ui::annotatedPicture(*image.value(), image.value()->defaultVoi, false, analysis.value().chest,
                                          analysis.value().model, request.pictureSidePx);
    result.report.annotatedPng = ui::toPng(result.picture);
    context.report(1);
    return result;
}

}  // namespace cxr::cli
