#include "core/pipeline/prior_table.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/localize/attention.h"
#include "core/model/registry.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/heartspot_film.h"
#include "core/pipeline/model_roles.h"
#include "core/pipeline/shipped_heart_region.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

Error cancelled() { return Error{ErrorCode::Cancelled, "stopped by the user"}; }

bool judgesHeartSpot(const Manifest& manifest) {
    return suits(manifest, ModelRole::HeartSpot) && manifest.input.planes.size() == 1;
}

void addInstalled(PriorJudges& judges) {
    for (const RegistryEntry& entry : listPacks()) {
        if (!entry.pack.isOk()) continue;
        const Manifest& manifest = entry.pack.value().manifest;
        if (judgesHeartSpot(manifest)) judges.heartSpot.push_back(entry.pack.value());
        if (!judges.wholeFilm && manifest.id == defaultPackOf(ModelRole::Cardiomegaly)) judges.wholeFilm = PredictingPack{entry.pack.value(), {}};
    }
}

// The explanation of the kept pixels as a map in film pixels.
Heatmap mapOf(const HeartSpotBundle& bundle, const PlaneFrame& frame) {
    const int width = bundle.mask.cols, height = bundle.mask.rows;
    Heatmap map;
    map.plane = {width, height, std::vector<float>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0.0F)};
    map.seen.assign(bundle.mask.begin<std::uint8_t>(), bundle.mask.end<std::uint8_t>());
    map.grid = {frame.origin, {frame.perColumn.x * width, frame.perColumn.y * width}, {frame.perRow.x * height, frame.perRow.y * height}};
    std::size_t next = 0;
    for (std::size_t i = 0; i < map.seen.size(); ++i) {
        if (map.seen[i] != 0) map.plane.values[i] = bundle.explanation->values[next++];
    }
    return map;
}

void addHeartShare(PriorRow& row, const HeartSpotBundle& bundle, const PlaneFrame& frame, const FilmRegions& regions) {
    for (const RegionShare& share : sharesOf(mapOf(bundle, frame), regions)) {
        if (share.region != AttentionRegion::Heart) continue;
        row.heartShare = share.relevance;
        row.heartArea = share.area;
    }
}

// Where heart and lungs are, in pixels of the whole film.
FilmRegions regionsOf(const PriorFilm& film) {
    Segmentation onFilm = *film.segmentation;
    scaleToFilm(onFilm, film.scale);
    return filmRegions(film.gray, film.scale, measureChest(onFilm, *film.image));
}

const Pack* packFor(const PriorSpec& spec, const PriorJudges& judges, std::string& reason) {
    if (!judges.engine) {
        reason = "no network was asked";
        return nullptr;
    }
    reason = "no HeartSpot network is installed";
    for (const Pack& pack : judges.heartSpot) {
        const std::string why = whyNotAsked(pack.manifest, spec);
        if (why.empty()) {
            reason.clear();
            return &pack;
        }
        reason = why;
    }
    if (judges.heartSpot.size() > 1) reason = "no installed HeartSpot network was trained with this prior";
    return nullptr;
}

Result<Done> askPack(PriorResult& result, const Pack& pack, const PriorFilm& film, const PriorJudges& judges, const RunContext& context) {
    Result<BundleReading> reading = readingOf(result.bundle, pack, *judges.engine, context);
    if (!reading.isOk()) return std::move(reading).error();
    result.bundle.reading = std::move(reading).value();
    result.row.probability = result.bundle.reading->probability;
    result.row.pack = pack.manifest.id;
    if (film.probability) result.row.change = *result.row.probability - *film.probability;
    return Done{};
}

Result<Done> explain(PriorResult& result, const PlaneFrame& frame, const Pack& pack, const PriorFilm& film, const PriorJudges& judges,
                     const RunContext& context) {
    ExplainOptions options;
    options.method = ExplainMethod::InputXGradient;
    Result<BundleExplanation> explanation = explanationOf(result.bundle, pack, options, *judges.engine, context);
    if (!explanation.isOk()) return std::move(explanation).error();
    result.bundle.explanation = std::move(explanation).value();
    if (film.regions) addHeartShare(result.row, result.bundle, scaled(frame, film.scale), *film.regions);
    return Done{};
}

// Sizes are those of the film's own samples.
Result<Done> addSizes(PriorRow& row, const HeartSpotBundle& bundle, const PriorFilm& film, const cv::Mat& heartRegion, const RunContext& context) {
    const Result<HeartSpot> spot = applyHeartSpot(row.spec, film.samples, heartRegion, context);
    if (!spot.isOk()) return spot.error();
    const Result<KeptBytes> bytes = keptBytes(spot.value(), centreCrop(film.samples, row.spec.size));
    if (!bytes.isOk()) return bytes.error();
    HeartSpotBundle pixelsOnly = bundle;
    pixelsOnly.reading.reset();
    const Result<std::string> sealed = bundleBytes(pixelsOnly);
    if (!sealed.isOk()) return sealed.error();
    row.bytes = bytes.value();
    row.bundleBytes = sealed.value().size();
    return Done{};
}

}  // namespace

Result<PriorJudges> priorJudges(std::shared_ptr<Engine> engine, const std::vector<fs::path>& packs) {
    PriorJudges judges;
    judges.engine = std::move(engine);
    for (const fs::path& folder : packs) {
        Result<Pack> pack = readPack(folder);
        if (!pack.isOk()) return std::move(pack).error();
        if (!judgesHeartSpot(pack.value().manifest)) {
            return Error{ErrorCode::Unsupported, "model pack " + pack.value().manifest.id + " does not judge cardiomegaly from a HeartSpot picture"};
        }
        judges.heartSpot.push_back(std::move(pack).value());
    }
    if (!judges.engine) {
        judges.notes.emplace_back("No network was asked: probabilities and shares are empty.");
        return judges;
    }
    addInstalled(judges);
    if (judges.heartSpot.empty()) judges.notes.emplace_back("No HeartSpot network is installed: probabilities are empty.");
    if (!judges.wholeFilm) judges.notes.emplace_back("The model pack cardiomegaly is not installed: changes are empty.");
    Result<FilmSegmenter> segmenter = heartLungsSegmenter(*judges.engine);
    if (segmenter.isOk()) {
        judges.segmenter = std::move(segmenter).value();
    } else {
        judges.notes.push_back("Hearts could not be found (" + segmenter.error().message + "): heart shares and changes are empty.");
        judges.wholeFilm.reset();
    }
    return judges;
}

Result<PriorFilm> preparePriorFilm(const ImagePtr& image, std::string name, const PriorJudges& judges, const RunContext& context) {
    PriorFilm film;
    film.name = std::move(name);
    film.image = image;
    film.gray = networkFilm(*image, kNetworkFilmSide, &film.scale);
    film.samples = heartSpotFilm(*image);
    film.white = grayLevels(*image);
    if (!judges.engine) return film;
    if (judges.segmenter.segment) {
        Result<Segmentation> found = judges.segmenter.segment(film.gray, context.part(0, 0.7));
        if (!found.isOk()) return std::move(found).error();
        film.segmentation = std::move(found).value();
        film.regions = regionsOf(film);
    }
    if (context.isCancelled()) return cancelled();
    if (!judges.wholeFilm || !film.segmentation) return film;
    const FilmSegmenter known{[&](const GrayFilm&, const RunContext&) -> Result<Segmentation> { return *film.segmentation; }, {}};
    const auto said = predictFilm(*image, {*judges.wholeFilm}, known, *judges.engine, context.part(0.7, 1));
    if (!said.isOk()) return said.error();
    const std::vector<ModelOutput>& outputs = judges.wholeFilm->pack.manifest.outputs;
    const auto found = std::find_if(outputs.begin(), outputs.end(), [](const ModelOutput& o) { return o.name == kHeartSpotOutput; });
    if (found != outputs.end()) film.probability = said.value().front().probabilities[static_cast<std::size_t>(found - outputs.begin())];
    return film;
}

Result<PriorResult> priorResult(const PriorFilm& film, const PriorSpec& spec, const cv::Mat& heartRegion, const PriorJudges& judges,
                                const RunContext& context) {
    if (context.isCancelled()) return cancelled();
    cv::Mat region = heartRegion;
    if (spec.heart && region.empty()) {
        Result<cv::Mat> shipped = shippedHeartRegion();
        if (!shipped.isOk()) return std::move(shipped).error();
        region = std::move(shipped).value();
    }
    PriorResult result;
    result.row.film = film.name;
    result.row.spec = spec;
    const Pack* pack = packFor(spec, judges, result.row.reason);
    if (pack != nullptr && squareOf(pack->manifest) == kThoraxSquare && !film.segmentation) {
        result.row.reason = "the heart-lungs model is not installed";
        pack = nullptr;
    }
    if (pack != nullptr) (void)judges.engine->explanations(pack->folder);  // loads it at first use, outside of the time that is told
    const auto start = std::chrono::steady_clock::now();
    Result<SealedFilm> sealed = sealHeartSpot(film.gray, spec, heartRegion, film.white, pack != nullptr ? squareOf(pack->manifest) : kCentreSquare,
                                              film.segmentation ? &*film.segmentation : nullptr, context);
    if (!sealed.isOk()) return std::move(sealed).error();
    const PlaneFrame frame = sealed.value().frame;
    result.bundle = std::move(sealed).value().bundle;
    result.row.keptPixels = static_cast<int>(result.bundle.samples.size());
    result.row.cropPixels = result.bundle.cropPixels();
    Result<Done> done = Done{};
    if (pack != nullptr) {  // a network that fails leaves its columns empty, and the others go on
        const Result<Done> asked = askPack(result, *pack, film, judges, context);
        if (!asked.isOk() && asked.error().code == ErrorCode::Cancelled) return asked.error();
        if (!asked.isOk()) {
            result.row.reason = "model pack " + pack->manifest.id + ": " + asked.error().message;
            pack = nullptr;
        }
    }
    result.row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (done.isOk()) done = addSizes(result.row, result.bundle, film, region, context);
    if (done.isOk() && pack != nullptr) done = explain(result, frame, *pack, film, judges, context);
    if (!done.isOk()) return std::move(done).error();
    return result;
}

std::vector<PriorSpec> paperPriors() {
    std::vector<PriorSpec> specs;
    for (const std::string& name : priorNames()) specs.push_back(priorByName(name).value());
    return specs;
}

}  // namespace cxr
