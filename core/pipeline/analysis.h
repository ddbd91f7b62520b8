// The one front door of window and command line: open -> find heart and lungs -> judge -> measure -> HeartSpot -> report.
//   thread rule  call from a worker; the result is an immutable value
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/measure/finding.h"
#include "core/pipeline/model_roles.h"

namespace cxr {

struct AnalysisOptions {
    std::filesystem::path packFolder;  // heart-lungs pack; empty = that of `packs`, else the default pack of the registry
    // The packs that judge the film; nullopt = the installed ones by `choice`, an empty list = none.
    std::optional<std::vector<RolePack>> packs;
    ModelChoice choice;
    std::string operatingPoint = kDefaultPoint;  // at which a probability counts as positive
    DeviceChoice device = DeviceChoice::Auto;
    int threads = 0;  // 0 = all cores
};

struct Analysis {
    ImagePtr image;
    ChestMeasurement chest;
    ModelStamp model;
    double seconds = 0;      // of all networks and the measurement
    JudgementPtr judgement;  // null: no pack judged the film
};

// The film goes to the network at most this large; films and networks of other sizes are fitted by the engine.
inline constexpr int kNetworkFilmSide = 1024;

// Loads the engine and the pack at first use. A side view that no header calls frontal gets no ratio; a graphics card
// that was asked for and is not there is no error: the processor does the work and the stamp says so.
// Unsupported: an annotated picture of this program's own, whose drawings would be measured; what the header calls CT, MR, ...
// fails as loadEngine, findPack and Engine::segment do; packs that judge do not fail it (core/pipeline/judgement.h).
// REQUIRES: image not null.
Result<Analysis> analyzeFilm(const ImagePtr& image, const AnalysisOptions& options, const RunContext& context = {});
// The same with an engine of the caller's: tests put their own in its place.
Result<Analysis> analyzeFilm(const ImagePtr& image, const AnalysisOptions& options, Engine& engine,
                             const RunContext& context = {});

// The film as the network sees it: default VOI, bone bright, [H, W] in [0, 1], at most `maxSide` px.
// Films larger than that are shrunk by area averaging; `scale` = film pixels per returned pixel.
// REQUIRES: maxSide >= 1; scale may be null.
GrayFilm networkFilm(const Image& image, int maxSide, double* scale);
// From pixels of such a picture to film pixels.
void scaleToFilm(Segmentation& segmentation, double scale);

}  // namespace cxr
