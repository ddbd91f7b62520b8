#include "core/pipeline/analysis.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/image/pixel_chain.h"
#include "core/io/dicom_facts.h"
#include "core/measure/film_notes.h"
#include "core/model/registry.h"
#include "core/pipeline/judgement.h"

namespace cxr {
namespace {

constexpr double kSegmentedAt = 0.6;  // of the whole work, if packs judge the film

std::vector<RolePack> packsOf(const AnalysisOptions& options) {
    return options.packs ? *options.packs : choosePacks(options.choice, listPacks());
}

Result<std::filesystem::path> heartLungsOf(const AnalysisOptions& options, const std::vector<RolePack>& packs) {
    if (!options.packFolder.empty()) return options.packFolder;
    for (const RolePack& pack : packs) {
        if (pack.role == ModelRole::HeartLungs) return pack.folder;
    }
    const Result<Pack> pack = findPack(kHeartLungsPack);
    if (!pack.isOk()) return pack.error();
    return pack.value().folder;
}

std::vector<RolePack> judgesAmong(std::vector<RolePack> packs) {
    std::erase_if(packs, [](const RolePack& pack) { return pack.role == ModelRole::HeartLungs; });
    return packs;
}

bool lacksGraphicsCard(const Engine& engine) {
    const std::vector<std::string> devices = engine.info().devices;
    return std::none_of(devices.begin(), devices.end(), [](const std::string& name) { return name.starts_with("CUDA"); });
}

// On the processor if the graphics card that was asked for is not there; the stamp's device says so.
Result<ModelStamp> loadHeartLungs(const std::filesystem::path& pack, const AnalysisOptions& options, Engine& engine) {
    const bool hasFallenBack = options.device == DeviceChoice::Cuda && lacksGraphicsCard(engine);
    Result<ModelStamp> model = engine.loadPack(pack, hasFallenBack ? DeviceChoice::Cpu : options.device, options.threads);
    if (!model.isOk() || !hasFallenBack) return model;
    ModelStamp stamp = std::move(model).value();
    stamp.device += " (there is no usable graphics card)";
    return stamp;
}

Error cancelled() { return Error{ErrorCode::Cancelled, "stopped by the user"}; }

Result<JudgementPtr> judged(const JudgedFilm& film, const AnalysisOptions& options, std::vector<RolePack> judges,
                            Engine& engine, const RunContext& context) {
    if (judges.empty()) return JudgementPtr{};
    Result<Judgement> judgement = judgeFilm(film, {std::move(judges), options.operatingPoint}, engine, context);
    if (!judgement.isOk()) return std::move(judgement).error();
    return std::make_shared<const Judgement>(std::move(judgement).value());
}

ChestMeasurement measured(const Segmentation& segmentation, const Image& image, const JudgementPtr& judgement) {
    ChestMeasurement chest = measureChest(segmentation, image);
    if (!judgement || !judgement->view) return chest;
    return withFilmDoubt(std::move(chest), judgement->view->note, judgement->view->isRefused);
}

}  // namespace

void scaleToFilm(Segmentation& segmentation, double scale) {
    segmentation.originPx = {segmentation.originPx.x * scale, segmentation.originPx.y * scale};
    segmentation.cellPx *= scale;
}

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
    if (isOwnPicture(image->study))
        return Error{ErrorCode::Unsupported, "this is an annotated picture that Precordia wrote: measure the film that it was made from"};
    if (isOtherModality(image->study))
        return Error{ErrorCode::Unsupported, "the header says that this is no X-ray film of the chest (" + image->study.modality + "); only chest films are analysed"};
    const std::vector<RolePack> packs = packsOf(options);
    const Result<std::filesystem::path> pack = heartLungsOf(options, packs);
    if (!pack.isOk()) return pack.error();
    if (context.isCancelled()) return cancelled();
    const Result<ModelStamp> model = loadHeartLungs(pack.value(), options, engine);
    if (!model.isOk()) return model.error();
    const std::vector<RolePack> judges = judgesAmong(packs);
    const double segmentedAt = judges.empty() ? 0.9 : kSegmentedAt;
    context.report(0.2);
    if (context.isCancelled()) return cancelled();
    const auto start = std::chrono::steady_clock::now();
    double scale = 1;
    const GrayFilm film = networkFilm(*image, kNetworkFilmSide, &scale);
    Result<Segmentation> found = engine.segment(pack.value(), film, {}, context.part(0.25, segmentedAt));
    if (!found.isOk()) return std::move(found).error();
    if (context.isCancelled()) return cancelled();
    Segmentation segmentation = std::move(found).value();
    const Result<JudgementPtr> judgement = judged({&film, scale, &segmentation, image->view}, options, judges, engine,
                                                  context.part(segmentedAt, 0.98));
    if (!judgement.isOk()) return judgement.error();
    scaleToFilm(segmentation, scale);
    Analysis analysis{image, measured(segmentation, *image, judgement.value()), model.value(), 0, judgement.value()};
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
