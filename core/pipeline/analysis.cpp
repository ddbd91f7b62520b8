#include "core/pipeline/analysis.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/image/pixel_chain.h"
#include "core/model/registry.h"

namespace cxr {
namespace {

Result<std::filesystem::path> packFolderOf(const AnalysisOptions& options) {
    if (!options.packFolder.empty()) return options.packFolder;
    const Result<Pack> pack = findPack(kHeartLungsPack);
    if (!pack.isOk()) return pack.error();
    return pack.value().folder;
}

Error cancelled() { return Error{ErrorCode::Cancelled, "stopped by the user"}; }

// From pixels of the shrunken film to pixels of the film.
void scaleToFilm(Segmentation& segmentation, double scale) {
    segmentation.originPx = {segmentation.originPx.x * scale, segmentation.originPx.y * scale};
    segmentation.cellPx *= scale;
}

}  // namespace

GrayFilm networkFilm(const Image& image, int maxSide, double* scale) {
    assert(maxSide >= 1);
    const int longSide = std::max(image.width(), image.height());
    const double factor = std::max(1.0, static_cast<double>(longSide) / maxSide);
    if (scale) *scale = factor;
    cv::Mat gray = renderGray(image, image.defaultVoi);
    if (factor > 1) {
        const cv::Size size(std::max(1, static_cast<int>(std::lround(image.width() / factor))),
                            std::max(1, static_cast<int>(std::lround(image.height() / factor))));
        cv::Mat shrunk;
        cv::resize(gray, shrunk, size, 0, 0, cv::INTER_AREA);
        gray = shrunk;
    }
    if (!gray.isContinuous()) gray = gray.clone();
    GrayFilm film{gray.cols, gray.rows, {}};
    film.values.assign(gray.ptr<float>(), gray.ptr<float>() + gray.total());
    return film;
}

Result<Analysis> analyzeFilm(const ImagePtr& image, const AnalysisOptions& options, Engine& engine,
                             const RunContext& context) {
    assert(image);
    const Result<std::filesystem::path> pack = packFolderOf(options);
    if (!pack.isOk()) return pack.error();
    if (context.isCancelled()) return cancelled();
    const Result<ModelStamp> model = engine.loadPack(pack.value(), options.device, options.threads);
    if (!model.isOk()) return model.error();
    context.report(0.2);
    if (context.isCancelled()) return cancelled();
    const auto start = std::chrono::steady_clock::now();
    double scale = 1;
    const GrayFilm film = networkFilm(*image, kNetworkFilmSide, &scale);
    Result<Segmentation> found = engine.segment(pack.value(), film, {}, context.part(0.25, 0.9));
    if (!found.isOk()) return std::move(found).error();
    if (context.isCancelled()) return cancelled();
    Segmentation segmentation = std::move(found).value();
    scaleToFilm(segmentation, scale);
    Analysis analysis{image, measureChest(segmentation, *image), segmentation.model, 0};
    if (analysis.model.weightsSha256.empty()) analysis.model = model.value();
    analysis.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    context.report(1);
    return analysis;
}

Result<Analysis> analyzeFilm(const ImagePtr& image, const AnalysisOptions& options, const RunContext& context) {
    const Result<std::shared_ptr<Engine>> engine = loadEngine();
    if (!engine.isOk()) return engine.error();
    if (context.isCancelled()) return cancelled();
    return analyzeFilm(image, options, *engine.value(), context);
}

}  // namespace cxr
