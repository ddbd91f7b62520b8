// What window and command line do with an analysed film, written once: the heart region for HeartSpot's priors, the
// facts about a HeartSpot picture, and the report files.
//   thread rule  pure functions or files of the caller's; call from a worker
#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/prior/heartspot.h"
#include "core/report/report.h"

namespace cxr {

// The film's own heart outline, filled, in the largest centred square that centreCrop() takes: CV_8UC1 [side, side],
// 255 inside, else 0. Empty if there is no heart outline or the mask is uncertain. REQUIRES: side >= 1.
cv::Mat heartRegionOf(const ChestMeasurement& chest, int filmWidth, int filmHeight, int side = 320);

// Facts of a HeartSpot picture as reports state them.
HeartSpotFacts heartSpotFacts(const PriorSpec& spec, const HeartSpotStatistics& statistics);
// The same from the film. `heartRegion` is used if the prior needs a heart.
// fails as applyHeartSpot and heartSpotStatistics do.
Result<HeartSpotFacts> heartSpotFacts(const PriorSpec& spec, const Image& image, const cv::Mat& heartRegion,
                                      const RunContext& context = {});

enum class ReportFormat { Html, Json, Csv };
// One report, whole or not at all. fails WriteFailed.
Result<Done> writeReport(const Report& report, ReportFormat format, const std::filesystem::path& file);
// One CSV of many films, one line each, whole or not at all. fails WriteFailed.
Result<Done> writeCsv(const std::vector<Report>& reports, const std::filesystem::path& file);

}  // namespace cxr
