// Explanations on films: asked, laid on the film, pooled, remembered.
#include "core/pipeline/explain_film.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <opencv2/core.hpp>

#include "core/base/sha256.h"
#include "core/engine/explain_methods.h"
#include "core/localize/map_support.h"
#include "core/model/calibration.h"
#include "core/pipeline/explain_cache.h"
#include "core/pipeline/explain_input.h"
#include "core/prior/pooling.h"

namespace cxr {
namespace {

using HeatmapPtr = std::shared_ptr<const Heatmap>;

std::string formatted(const char* format, double value) {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string exactly(double value) { return formatted("%.17g", value); }

// Everything that changes the numbers of a map before pooling.
std::string keyOf(const ExplainInput& input, const ExplainRequest& request) {
    const ExplainOptions& o = request.options;
    std::string key = input.key + "|" + request.output + "|" + explainMethodInfo(o.method).id;
    for (const int number : {static_cast<int>(o.baseline), o.steps, static_cast<int>(o.rule), o.smoothSamples, o.isBoxFirst ? 1 : 0, o.patch,
                             o.stride, o.hasRandomWeights ? 1 : 0}) {
        key += "|" + std::to_string(number);
    }
    key += "|" + std::to_string(o.seed) + "|" + exactly(o.smoothNoise) + "|" + exactly(o.epsilon) + "|" + exactly(o.gamma);
    if (!o.baselinePlanes.empty()) key += "|" + sha256Hex(std::as_bytes(std::span(o.baselinePlanes)));
    return key;
}

std::size_t bytesOf(const Heatmap& map) { return sizeof map + map.plane.values.size() * sizeof(float) + map.seen.size(); }

void remember(ExplainCache::State& state, const std::string& key, const HeatmapPtr& map) {
    const std::scoped_lock lock(state.mutex);
    if (findRecent(state.maps, key) != nullptr || bytesOf(*map) > state.maxBytes) return;
    state.maps.emplace_front(key, map);
    state.bytes += bytesOf(*map);
    while (state.bytes > state.maxBytes) {
        state.bytes -= bytesOf(*state.maps.back().second);
        state.maps.pop_back();
    }
}

HeatmapPtr known(ExplainCache::State& state, const std::string& key) {
    const std::scoped_lock lock(state.mutex);
    const HeatmapPtr* found = findRecent(state.maps, key);
    return found != nullptr ? *found : nullptr;
}

Heatmap onFilm(const Explanation& explanation, const ExplainInput& input, const ModelOutput& output, const ExplainOptions& options) {
    Heatmap map;
    map.plane = onPicture(explanation.plane, input);
    map.grid = input.grid;
    map.isSigned = explanation.isSigned;
    map.method = options.method;
    map.parameters = parametersText(options, std::nullopt);
    map.className = output.name;
    map.logit = explanation.logit;
    map.probability = calibratedProbability(output.calibration, explanation.logit);
    map.model = explanation.model;
    map.seconds = explanation.seconds;
    map.baselineLogit = explanation.baselineLogit;
    map.convergenceDelta = explanation.convergenceDelta;
    map.doneShare = explanation.doneShare;
    map.supportLogit = supportLogitOf(explanation.plane, options.method, output.calibration.slope);
    map.netLogit = netLogitOf(explanation.plane, options.method, output.calibration.slope);
    compareWithBaseRate(map, output.prevalence, output.calibration.slope, output.calibration.intercept);
    const bool hasKept = !input.kept.empty() && input.kept.cols == map.plane.width && input.kept.rows == map.plane.height;
    if (hasKept) map.seen.assign(input.kept.begin<std::uint8_t>(), input.kept.end<std::uint8_t>());
    return map;
}

Result<Done> checkMethod(const ExplainInput& input, ExplainMethod method, Engine& engine) {
    const Result<std::vector<ExplainMethod>> allowed = engine.explanations(input.pack.folder);
    if (!allowed.isOk()) return allowed.error();
    if (std::find(allowed.value().begin(), allowed.value().end(), method) != allowed.value().end()) return Done{};
    std::string names;
    for (const ExplainMethod one : allowed.value()) names += (names.empty() ? "" : ", ") + explainMethodInfo(one).id;
    return Error{ErrorCode::Unsupported, "the model " + input.pack.manifest.id + " does not allow " + explainMethodInfo(method).id +
                                             "; choose one of " + (names.empty() ? "none" : names)};
}

Result<Done> checkAnswer(const Explanation& explanation, const ExplainInput& input) {
    const Plane& plane = explanation.plane;
    const bool isWhole = plane.width > 0 && plane.height > 0 && plane.values.size() == static_cast<std::size_t>(plane.width) * plane.height;
    const bool fits = !input.isVector() || plane.width == input.input.planes.width;
    const bool isFinite = std::all_of(plane.values.begin(), plane.values.end(), [](float v) { return std::isfinite(v); });
    if (isWhole && fits && isFinite) return Done{};
    return Error{ErrorCode::Corrupt, "the explanation is no picture of finite numbers; install the pack again or choose another method"};
}

Result<HeatmapPtr> explained(const ExplainRequest& request, const ExplainInput& input, Engine& engine, const RunContext& context,
                             const PartialHeatmap& partial) {
    const Result<std::size_t> index = outputIndex(input.pack.manifest, request.output);
    if (!index.isOk()) return index.error();
    if (const Result<Done> allowed = checkMethod(input, request.options.method, engine); !allowed.isOk()) return allowed.error();
    const ModelOutput& output = input.pack.manifest.outputs[index.value()];
    ExplainOptions options = request.options;
    options.partial = {};
    if (partial) {
        options.partial = [&](const Explanation& sofar) {
            if (!checkAnswer(sofar, input).isOk()) return;
            Heatmap map = onFilm(sofar, input, output, request.options);
            const Manifest& pack = input.pack.manifest;
            map.model = {pack.id, pack.name, pack.version, pack.weightsSha256, {}};
            const Result<Heatmap> shown = request.pool ? poolHeatmap(map, *request.pool, RunContext{context.stop, {}}) : Result<Heatmap>(map);
            if (shown.isOk()) partial(shown.value());
        };
    }
    Result<Explanation> answer = engine.explain(input.pack.folder, input.input.planes, request.output, options, context);
    if (!answer.isOk()) return std::move(answer).error();
    if (const Result<Done> checked = checkAnswer(answer.value(), input); !checked.isOk()) return checked.error();
    return std::make_shared<const Heatmap>(onFilm(answer.value(), input, output, request.options));
}

double quantileOf(const cv::Mat& values, double quantile) {
    std::vector<float> sorted(values.begin<float>(), values.end<float>());
    std::sort(sorted.begin(), sorted.end());
    const double position = quantile * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(position), high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (position - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

// Where the pooled cells lie: each stands at the middle of its window.
GridOnFilm pooledGrid(const Heatmap& map, const PoolSpec& spec, const cv::Mat& pooled) {
    const auto edges = [&](int side, int pooledSide) {  // first and last edge as shares of the map's side
        const int padding = spec.padding == PoolPadding::Valid ? 0 : std::max(0, (pooledSide - 1) * spec.stride + spec.kernel - side) / 2;
        const double first = spec.kernel / 2.0 - padding - spec.stride / 2.0;
        return std::pair{first / side, (first + static_cast<double>(pooledSide) * spec.stride) / side};
    };
    const auto [left, right] = edges(map.plane.width, pooled.cols);
    const auto [top, bottom] = edges(map.plane.height, pooled.rows);
    const GridOnFilm& g = map.grid;
    return {g.at(left, top),
            {g.right.x * (right - left), g.right.y * (right - left)},
            {g.down.x * (bottom - top), g.down.y * (bottom - top)}};
}

std::string poolText(const PoolSpec& pool) {
    return "quantile pooling k " + std::to_string(pool.kernel) + " q " + formatted("%.3g", pool.quantile) + " s " + std::to_string(pool.stride);
}

}  // namespace

ExplainCache::ExplainCache(std::size_t maxBytes) : m_state(std::make_unique<State>()) { m_state->maxBytes = maxBytes; }
ExplainCache::~ExplainCache() = default;

void ExplainCache::clear() {
    const std::scoped_lock lock(m_state->mutex);
    m_state->films.clear();
    m_state->inputs.clear();
    m_state->maps.clear();
    m_state->bytes = 0;
}

std::size_t ExplainCache::bytes() const {
    const std::scoped_lock lock(m_state->mutex);
    return m_state->bytes;
}

Result<Heatmap> explainFilm(const ExplainRequest& request, Engine& engine, ExplainCache& cache, const RunContext& context,
                            const PartialHeatmap& partial) {
    const auto input = explainInput(request, engine, cache, context);
    if (!input.isOk()) return input.error();
    const std::string key = keyOf(*input.value(), request);
    HeatmapPtr map = known(cache.state(), key);
    if (!map) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped by the user"};
        Result<HeatmapPtr> made = explained(request, *input.value(), engine, context, partial);
        if (!made.isOk()) return std::move(made).error();
        map = std::move(made).value();
        remember(cache.state(), key, map);
    }
    if (!request.pool) return *map;
    return poolHeatmap(*map, *request.pool, RunContext{context.stop, {}});
}

PoolSpec poolingFor(const PoolSpec& spec, int mapSide) {
    const auto scaledTo = [mapSide](int cells) {
        return std::clamp(static_cast<int>(std::lround(static_cast<double>(cells) * mapSide / kPoolingSide)), 1, std::max(1, mapSide));
    };
    PoolSpec own = spec;
    own.kernel = scaledTo(spec.kernel);
    own.stride = std::min(own.kernel, scaledTo(spec.stride));
    return own;
}

Result<Heatmap> poolHeatmap(const Heatmap& map, const PoolSpec& spec, const RunContext& context) {
    const PoolSpec own = poolingFor(spec, std::min(map.plane.width, map.plane.height));
    const cv::Mat cells(map.plane.height, map.plane.width, CV_32FC1, const_cast<float*>(map.plane.values.data()));
    const Result<cv::Mat> quantiles = quantilePool(cells, own, context);
    if (!quantiles.isOk()) return quantiles.error();
    cv::Mat strength = cv::abs(quantiles.value());
    cv::min(strength, quantileOf(strength, kPoolingClamp), strength);
    Heatmap pooled = map;
    pooled.grid = pooledGrid(map, own, strength);
    pooled.plane = {strength.cols, strength.rows, {strength.begin<float>(), strength.end<float>()}};
    pooled.isSigned = false;
    pooled.isPooled = true;
    pooled.parameters += (map.parameters.empty() ? "" : ", ") + poolText(spec);
    pooled.seen.clear();
    return pooled;
}

std::string parametersText(const ExplainOptions& options, const std::optional<PoolSpec>& pool) {
    const ExplainMethodInfo& method = explainMethodInfo(options.method);
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    const std::string baseline = !options.baselinePlanes.empty() ? "a baseline of the user's" : options.baseline == ExplainBaseline::Black ? "black" : "zero";
    if (method.hasSteps) {
        const char* rule = options.rule == IntegralRule::GaussLegendre ? "Gauss-Legendre" : "trapezoid";
        add(std::to_string(options.steps) + " steps (" + rule + ") from " + baseline);
    } else if (method.hasBaseline) {
        add("compared with " + baseline);
    }
    if (options.method == ExplainMethod::LrpEpsilon) add("epsilon " + formatted("%.3g", options.epsilon));
    if (options.method == ExplainMethod::LrpGamma) add("gamma " + formatted("%.3g", options.gamma));
    if (method.id.starts_with("lrp") && options.isBoxFirst) add("z-box first");
    if (options.method == ExplainMethod::Occlusion) add("patch " + std::to_string(options.patch) + ", stride " + std::to_string(options.stride));
    if (options.smoothSamples > 0) add("SmoothGrad " + std::to_string(options.smoothSamples) + " (noise " + formatted("%.3g", options.smoothNoise) + ")");
    if (options.hasRandomWeights) add("random weights, seed " + std::to_string(options.seed));
    if (pool) add(poolText(*pool));
    return text;
}

}  // namespace cxr
