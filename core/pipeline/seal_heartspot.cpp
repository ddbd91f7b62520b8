#include "core/pipeline/seal_heartspot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/image/pixel_chain.h"
#include "core/model/calibration.h"
#include "core/model/framing.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/explain_film.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/prior/heartspot.h"

namespace cxr {
namespace {

constexpr int kFinest = 255;

// What networkInput needs to know to make the prior's picture.
ModelInput inputOf(const PriorSpec& spec, const std::string& square, int side) {
    ModelInput input;
    input.size = side;
    input.framing = square == kThoraxSquare ? "heartspot-thorax" : "heartspot";
    input.normalisation = "unit";
    input.priorJson = spec.toJson();
    input.priorHash = spec.hash();
    return input;
}

bool drawsTheShippedMask(const PriorSpec& spec, const cv::Mat& mask) {
    const Result<cv::Mat> shipped = shippedHeartRegion();
    if (!shipped.isOk()) return false;
    const Result<cv::Mat> other = priorMask(spec, shipped.value());
    return other.isOk() && cv::norm(other.value(), mask, cv::NORM_INF) == 0;
}

// The region in the mask's size, 0 or 255: what the mask read of it.
cv::Mat regionInMaskSize(const PriorSpec& spec, const cv::Mat& region) {
    PriorSpec heartOnly = spec;
    heartOnly.hline.reset();
    heartOnly.rline.reset();
    const Result<cv::Mat> mask = priorMask(heartOnly, region);
    return mask.isOk() ? cv::Mat(mask.value() * 255) : cv::Mat();
}

// What the pack's network reads of the bundle.
Result<NetworkPlanes> planesOf(const HeartSpotBundle& bundle, const Manifest& manifest) {
    std::vector<float> kept;
    kept.reserve(bundle.samples.size());
    for (const std::uint8_t sample : bundle.samples) kept.push_back(static_cast<float>(sample) / static_cast<float>(bundle.white));
    return keptPlanes(manifest.input, bundle.mask, kept);
}

// One number a kept pixel: of its own cell, or, where the network reads a picture without gaps, of the cell that it lies in.
std::vector<float> valuesOfKept(const Plane& plane, const HeartSpotBundle& bundle, bool isVector) {
    if (isVector) return plane.values;
    cv::Mat grid(plane.height, plane.width, CV_32FC1, const_cast<float*>(plane.values.data()));
    if (grid.size() != bundle.mask.size()) cv::resize(grid, grid, bundle.mask.size(), 0, 0, cv::INTER_NEAREST);
    std::vector<float> values;
    for (std::size_t i = 0; i < bundle.mask.total(); ++i) {
        if (bundle.mask.data[i] != 0) values.push_back(grid.ptr<float>()[i]);
    }
    return values;
}

Result<std::size_t> outputIndex(const Manifest& manifest, const std::string& output) {
    for (std::size_t i = 0; i < manifest.outputs.size(); ++i) {
        if (manifest.outputs[i].name == output) return i;
    }
    return Error{ErrorCode::NotFound, "model pack " + manifest.id + " has no output " + output};
}

Error notAsked(const std::string& reason) { return Error{ErrorCode::Unsupported, reason}; }

}  // namespace

int grayLevels(const Image& image) {
    const std::array<std::uint8_t, 65536> gray = grayTable8(image, image.defaultVoi);
    const auto between = std::count_if(gray.begin(), gray.end(), [](int value) { return value > 0 && value < kFinest; });
    return static_cast<int>(std::clamp<std::ptrdiff_t>(between + 1, 2, kFinest));
}

Result<SealedFilm> sealHeartSpot(const GrayFilm& film, const PriorSpec& spec, const cv::Mat& heartRegion, int white, const std::string& square,
                                 const Segmentation* segmentation, const RunContext& context) {
    cv::Mat region = heartRegion;
    if (spec.heart && region.empty()) {
        Result<cv::Mat> shipped = shippedHeartRegion();
        if (!shipped.isOk()) return std::move(shipped).error();
        region = std::move(shipped).value();
    }
    Result<cv::Mat> mask = priorMask(spec, region);
    if (!mask.isOk()) return std::move(mask).error();
    SealedFilm sealed;
    HeartSpotBundle& bundle = sealed.bundle;
    bundle.spec = spec;
    bundle.square = square;
    bundle.white = white;
    bundle.mask = std::move(mask).value();
    const Result<NetworkInput> input = networkInput(inputOf(spec, square, bundle.mask.rows), film, segmentation, region, context);
    if (!input.isOk()) return input.error();
    const std::vector<float>& values = input.value().planes.values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (bundle.mask.data[i] != 0) bundle.samples.push_back(cv::saturate_cast<std::uint8_t>(values[i] * static_cast<float>(white)));
    }
    if (spec.heart && !heartRegion.empty() && !drawsTheShippedMask(spec, bundle.mask)) bundle.ownRegion = regionInMaskSize(spec, region);
    sealed.frame = input.value().frame;
    return sealed;
}

std::string squareOf(const Manifest& manifest) {
    return readsThorax(manifest.input.framing) ? kThoraxSquare : kCentreSquare;
}

std::string whyNotAsked(const Manifest& manifest, const PriorSpec& spec) {
    if (!readsHeartSpot(manifest.input.framing)) return "model pack " + manifest.id + " reads the whole film, not a HeartSpot picture";
    if (manifest.input.planes.size() > 1) return "model pack " + manifest.id + " reads masks beside the HeartSpot picture";
    if (manifest.input.priorHash == spec.hash()) return {};
    const Result<PriorSpec> own = priorFromJson(manifest.input.priorJson);
    return "model pack " + manifest.id + " was trained with another prior" + (own.isOk() ? " (" + own.value().name() + ")" : std::string());
}

Result<BundleReading> readingOf(const HeartSpotBundle& bundle, const Pack& pack, Engine& engine, const RunContext& context,
                                const std::string& output) {
    const Manifest& manifest = pack.manifest;
    if (const std::string reason = whyNotAsked(manifest, bundle.spec); !reason.empty()) return notAsked(reason);
    const Result<std::size_t> index = outputIndex(manifest, output);
    if (!index.isOk()) return index.error();
    const Result<NetworkPlanes> planes = planesOf(bundle, manifest);
    if (!planes.isOk()) return planes.error();
    const Result<Prediction> answer = engine.predict(pack.folder, planes.value(), context);
    if (!answer.isOk()) return answer.error();
    if (answer.value().logits.size() != manifest.outputs.size() || std::isnan(answer.value().logits[index.value()])) {
        return Error{ErrorCode::Corrupt, "the answer of model pack " + manifest.id + " does not fit its manifest; install it again"};
    }
    BundleReading reading;
    reading.model = {manifest.id, manifest.name, manifest.version, manifest.weightsSha256, answer.value().model.device};
    reading.output = output;
    reading.probability = calibratedProbability(manifest.outputs[index.value()].calibration, answer.value().logits[index.value()]);
    return reading;
}

Result<BundleExplanation> explanationOf(const HeartSpotBundle& bundle, const Pack& pack, const ExplainOptions& options, Engine& engine,
                                        const RunContext& context, const std::string& output) {
    if (const std::string reason = whyNotAsked(pack.manifest, bundle.spec); !reason.empty()) return notAsked(reason);
    const Result<NetworkPlanes> planes = planesOf(bundle, pack.manifest);
    if (!planes.isOk()) return planes.error();
    const Result<Explanation> answer = engine.explain(pack.folder, planes.value(), output, options, context);
    if (!answer.isOk()) return answer.error();
    const Plane& plane = answer.value().plane;
    if (plane.height != planes.value().height || plane.width != planes.value().width) {
        return Error{ErrorCode::Unsupported, "this explanation does not tell of single pixels; choose input-x-gradient or integrated-gradients"};
    }
    return BundleExplanation{options.method, parametersText(options, std::nullopt), valuesOfKept(plane, bundle, readsVector(pack.manifest.input.framing))};
}

Result<HeartSpotBundle> sealFilm(const Image& image, const SealOptions& options, Engine* engine, const FilmSegmenter& segmenter,
                                 const RunContext& context) {
    const bool isAsked = !options.pack.empty() && engine != nullptr;
    const Result<Pack> pack = isAsked ? readPack(options.pack) : Result<Pack>(Pack{});
    if (!pack.isOk()) return pack.error();
    const Manifest& manifest = pack.value().manifest;
    if (isAsked) {
        if (const std::string reason = whyNotAsked(manifest, options.spec); !reason.empty()) return notAsked(reason);
    }
    const std::string square = isAsked ? squareOf(manifest) : kCentreSquare;
    const GrayFilm film = networkFilm(image, kNetworkFilmSide, nullptr);
    Result<Segmentation> found = Segmentation{};
    if (square == kThoraxSquare) found = segmenter.segment(film, context.part(0, 0.5));
    if (!found.isOk()) return std::move(found).error();
    Result<SealedFilm> sealed = sealHeartSpot(film, options.spec, options.heartRegion, grayLevels(image), square, &found.value(), context);
    if (!sealed.isOk()) return std::move(sealed).error();
    HeartSpotBundle bundle = std::move(sealed).value().bundle;
    if (!isAsked) return bundle;
    Result<BundleReading> reading = readingOf(bundle, pack.value(), *engine, context);
    if (!reading.isOk()) return std::move(reading).error();
    bundle.reading = std::move(reading).value();
    if (!options.isExplained) return bundle;
    Result<BundleExplanation> explanation = explanationOf(bundle, pack.value(), options.explain, *engine, context);
    if (!explanation.isOk()) return std::move(explanation).error();
    bundle.explanation = std::move(explanation).value();
    return bundle;
}

}  // namespace cxr
