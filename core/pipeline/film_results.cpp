#include "core/pipeline/film_results.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/base/atomic_file.h"
#include "core/image/polygon.h"
#include "core/pipeline/heartspot_film.h"

namespace cxr {

cv::Mat heartRegionOf(const ChestMeasurement& chest, int filmWidth, int filmHeight, int side) {
    assert(side >= 1);
    Polygon heart = chest.outlines[static_cast<std::size_t>(Organ::Heart)].points;
    if (heart.size() < 3 || chest.isUncertain || filmWidth < 1 || filmHeight < 1) return {};
    const int square = std::min(filmWidth, filmHeight);
    const double scale = static_cast<double>(side) / square;
    const int left = (filmWidth - square) / 2, top = (filmHeight - square) / 2;
    for (PointPx& p : heart) p = {(p.x - left) * scale, (p.y - top) * scale};
    return fillPolygon(heart, {side, side});
}

HeartSpotFacts heartSpotFacts(const PriorSpec& spec, const HeartSpotStatistics& statistics) {
    HeartSpotFacts facts;
    facts.priorName = spec.name();
    facts.priorHash = spec.hash();
    facts.priorJson = spec.toJson();
    facts.keptPixels = statistics.keptPixels;
    facts.cropPixels = statistics.cropPixels;
    facts.inMemoryRatio = statistics.inMemoryRatio;
    facts.onDiskRatio = statistics.onDiskRatio;
    facts.vectorBytes = statistics.vectorBytes;
    facts.jpegBytes = statistics.jpegBytes;
    return facts;
}

Result<HeartSpotFacts> heartSpotFacts(const PriorSpec& spec, const Image& image, const cv::Mat& heartRegion,
                                      const RunContext& context) {
    const cv::Mat film = heartSpotFilm(image);
    const Result<HeartSpot> spot = applyHeartSpot(spec, film, heartRegion, context);
    if (!spot.isOk()) return spot.error();
    const Result<HeartSpotStatistics> statistics = heartSpotStatistics(spot.value(), centreCrop(film, spec.size));
    if (!statistics.isOk()) return statistics.error();
    return heartSpotFacts(spec, statistics.value());
}

Result<Done> writeReport(const Report& report, ReportFormat format, const std::filesystem::path& file) {
    switch (format) {
        case ReportFormat::Html:
            return writeFileAtomically(file, std::string_view(reportHtml(report)));
        case ReportFormat::Json:
            return writeFileAtomically(file, std::string_view(reportJson(report)));
        case ReportFormat::Csv:
            return writeCsv({report}, file);
    }
    return Error{ErrorCode::Internal, "unknown report format"};
}

Result<Done> writeCsv(const std::vector<Report>& reports, const std::filesystem::path& file) {
    std::string text = reportCsvHeader();
    for (const Report& report : reports) text += reportCsvRow(report);
    return writeFileAtomically(file, std::string_view(text));
}

}  // namespace cxr
