// Films as networks that are explained read them.
#include "core/pipeline/explain_input.h"

#include <cassert>
#include <opencv2/core.hpp>

#include "core/base/sha256.h"
#include "core/model/framing.h"
#include "core/model/registry.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/explain_cache.h"
#include "core/pipeline/output_traits.h"
#include "core/pipeline/segmentation_cache.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/prior/heartspot.h"

namespace cxr {
namespace {

using FilmPtr = std::shared_ptr<const CachedFilm>;
using InputPtr = std::shared_ptr<const ExplainInput>;

template <typename T>
void remember(RecentList<T>& list, const std::string& key, const T& value) {
    if (T* known = findRecent(list, key)) {
        *known = value;
        return;
    }
    list.emplace_front(key, value);
    if (list.size() > kCachedInputs) list.pop_back();
}

// Films without a file are known by their samples.
std::string keyOf(const Image& image) {
    const std::string size = " " + std::to_string(image.width()) + "x" + std::to_string(image.height());
    if (!image.sourceSha256.empty()) return image.sourceSha256 + size;
    const cv::Mat samples = image.samples.isContinuous() ? image.samples : image.samples.clone();
    return sha256Hex({reinterpret_cast<const std::byte*>(samples.data), samples.total() * samples.elemSize()}) + size;
}

FilmPtr readFilm(const Image& image, const std::string& key, ExplainCache::State& state) {
    {
        const std::scoped_lock lock(state.mutex);
        if (const FilmPtr* known = findRecent(state.films, key)) return *known;
    }
    auto film = std::make_shared<CachedFilm>();
    film->gray = networkFilm(image, kExplainedSide, &film->scale);
    const std::scoped_lock lock(state.mutex);
    remember(state.films, key, FilmPtr(film));
    return film;
}

// The film with heart and lungs.
Result<FilmPtr> segmented(const FilmPtr& film, const std::string& key, const ExplainRequest& request, Engine& engine,
                          ExplainCache::State& state, const RunContext& context) {
    if (film->segmentation) return film;
    const Result<FilmSegmenter> segmenter = heartLungsSegmenter(engine, request.heartLungs);
    if (!segmenter.isOk()) return segmenter.error();
    Result<Segmentation> found = segmenter.value().segment(film->gray, context);
    if (!found.isOk()) return std::move(found).error();
    auto with = std::make_shared<CachedFilm>(*film);
    with->segmentation = std::make_shared<const Segmentation>(std::move(found).value());
    const std::scoped_lock lock(state.mutex);
    remember(state.films, key, FilmPtr(with));
    return FilmPtr(with);
}

// Which cells a HeartSpot network reads: the prior's mask, made without the film. Without gaps it reads all.
Result<cv::Mat> keptCells(const ModelInput& input, const cv::Mat& region) {
    if (!readsHeartSpot(input.framing) || readsWithoutGaps(input.framing)) return cv::Mat();
    const Result<PriorSpec> prior = priorFromJson(input.priorJson);
    if (!prior.isOk()) return prior.error();
    return priorMask(prior.value(), region);
}

GridOnFilm gridOf(const PlaneFrame& frame, int width, int height) {
    return {frame.origin,
            {frame.perColumn.x * width, frame.perColumn.y * width},
            {frame.perRow.x * height, frame.perRow.y * height}};
}

Result<InputPtr> makeInput(const FilmPtr& film, const Pack& pack, const RunContext& context) {
    const ModelInput& read = pack.manifest.input;
    const Result<cv::Mat> region = needsHeartRegion(read) ? shippedHeartRegion(pack.folder) : Result<cv::Mat>(cv::Mat());
    if (!region.isOk()) return region.error();
    Result<NetworkInput> input = networkInput(read, film->gray, film->segmentation.get(), region.value(), context);
    if (!input.isOk()) return std::move(input).error();
    const Result<cv::Mat> kept = keptCells(read, region.value());
    if (!kept.isOk()) return kept.error();
    auto made = std::make_shared<ExplainInput>();
    made->pack = pack;
    made->input = std::move(input).value();
    made->input.frame = scaled(made->input.frame, film->scale);
    made->kept = kept.value();
    made->grid = gridOf(made->input.frame, made->width(), made->height());
    return InputPtr(made);
}

}  // namespace

Result<InputPtr> explainInput(const ExplainRequest& request, Engine& engine, ExplainCache& cache, const RunContext& context) {
    assert(request.image);
    const Result<Pack> pack = readPack(request.pack);
    if (!pack.isOk()) return pack.error();
    if (pack.value().manifest.task != "classification") {
        return Error{ErrorCode::Unsupported, "the model " + pack.value().manifest.id + " finds outlines; explanations are for models that judge films"};
    }
    ExplainCache::State& state = cache.state();
    const std::string filmKey = keyOf(*request.image) + " " + request.heartLungs.string();
    const std::string key = filmKey + " " + pack.value().manifest.weightsSha256;
    {
        const std::scoped_lock lock(state.mutex);
        if (const InputPtr* known = findRecent(state.inputs, key)) return *known;
    }
    FilmPtr film = readFilm(*request.image, filmKey, state);
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped by the user"};
    if (needsSegmentation(pack.value().manifest.input)) {
        Result<FilmPtr> with = segmented(film, filmKey, request, engine, state, RunContext{context.stop, {}});
        if (!with.isOk()) return with.error();
        film = with.value();
    }
    const Result<InputPtr> made = makeInput(film, pack.value(), RunContext{context.stop, {}});
    if (!made.isOk()) return made.error();
    auto keyed = std::make_shared<ExplainInput>(*made.value());
    keyed->key = key;
    const std::scoped_lock lock(state.mutex);
    remember(state.inputs, key, InputPtr(keyed));
    return InputPtr(keyed);
}

Result<std::size_t> outputIndex(const Manifest& manifest, const std::string& output) {
    std::string known;
    for (std::size_t i = 0; i < manifest.outputs.size(); ++i) {
        if (manifest.outputs[i].name == output) return i;
        if (!manifest.outputs[i].isAuxiliary) known += (known.empty() ? "" : ", ") + manifest.outputs[i].name;
    }
    return Error{ErrorCode::NotFound, "the model " + manifest.id + " has no class \"" + output.substr(0, 60) + "\"; it has " + known};
}

Plane onPicture(const Plane& plane, const ExplainInput& input) {
    if (!input.isVector()) return plane;
    Plane picture{input.width(), input.height(), std::vector<float>(input.kept.total(), 0)};
    std::size_t next = 0;
    for (std::size_t i = 0; i < picture.values.size() && next < plane.values.size(); ++i) {
        const bool isKept = input.kept.at<std::uint8_t>(static_cast<int>(i) / input.kept.cols, static_cast<int>(i) % input.kept.cols) != 0;
        if (isKept) picture.values[i] = plane.values[next++];
    }
    return picture;
}

std::vector<float> readCells(const Heatmap& map) {
    if (map.seen.empty()) return map.plane.values;
    std::vector<float> values;
    for (std::size_t i = 0; i < map.plane.values.size(); ++i) {
        if (map.seen[i] != 0) values.push_back(map.plane.values[i]);
    }
    return values;
}

}  // namespace cxr
