// The checklist of an explanation.
#include "core/pipeline/sanity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "core/engine/explain_methods.h"
#include "core/localize/map_geometry.h"
#include "core/localize/map_support.h"
#include "core/measure/finding.h"
#include "core/model/calibration.h"
#include "core/pipeline/explain_input.h"
#include "core/pipeline/sanity_parts.h"

namespace cxr {
namespace {

using Test = SanityTest;

constexpr std::array<Test, 7> kTests{Test::RandomWeights, Test::Flip,     Test::Shift,       Test::Agreement,
                                     Test::Deletion,      Test::Insertion, Test::OutsideHeart};
constexpr int kDraws = 3;             // of random weights
constexpr double kShift = 0.02;       // of the side
constexpr int kCurveSteps = 20;       // 5 % each
constexpr int kAreaStride = 2;        // areas are compared on every second step: moved maps take no others
constexpr int kQuickSteps = 16, kQuickSamples = 4;
constexpr double kBackwardCost = 3;   // of a pass there and back, in passes
constexpr int kAgreementSide = 16;    // cells
constexpr double kNoGain = 0.02;      // areas this near to one another, as shares of the probability, say nothing
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string formatted(const char* format, double value) {
    char text[48];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

SanityCheck rowOf(Test test) {
    switch (test) {
        case Test::RandomWeights:
            return {"random-weights", "Random weights", "", kNaN, SanityVerdict::NotRun, "",
                    "The same method on the same network with random weights, three times (Adebayo et al., 2018). A map that stays "
                    "the same shows the film, not what the network learned. Rank correlation: 1 = same order of places, 0 = none. "
                    "Up to 0.5 passes, above 0.8 fails; the limits are ours."};
        case Test::Flip:
            return {"flip", "Mirrored film", "", kNaN, SanityVerdict::NotRun, "",
                    "The map of the mirrored film, mirrored back, beside the map. The heart lies left, so some change is right. Rank "
                    "correlation: from 0.6 passes, below 0.3 fails; the limits are ours."};
        case Test::Shift:
            return {"shift", "Shifted film", "", kNaN, SanityVerdict::NotRun, "",
                    "The map of the film moved by 2 % to the lower right and to the upper left, moved back, beside the map: the smaller "
                    "rank correlation. From 0.6 passes, below 0.3 fails; the limits are ours."};
        case Test::Agreement:
            return {"agreement", "Other methods", "", kNaN, SanityVerdict::NotRun, "",
                    "Rank correlation with the maps of other methods that this model allows, on 16 x 16 cells. From 0.5 passes. Methods "
                    "answer different questions: a low value is a doubt, not a failure."};
        case Test::Deletion:
            return {"deletion", "Deletion", "", kNaN, SanityVerdict::NotRun, "",
                    "The places that the map marks most become plain gray, 5 % of the picture at a time (Petsiuk et al., 2018). The "
                    "probability should fall faster than with the same map moved to a wrong place. Smaller areas are better."};
        case Test::Insertion:
            return {"insertion", "Insertion", "", kNaN, SanityVerdict::NotRun, "",
                    "The places that the map marks most come back into a blurred film, 5 % of the picture at a time (Petsiuk et al., "
                    "2018). The probability should rise faster than with the same map moved to a wrong place. Larger areas are better."};
        case Test::OutsideHeart:
            return {"outside-heart", "Outside the heart dimmed", "", kNaN, SanityVerdict::NotRun, "",
                    "Everything outside the heart times 0.2, and beside it the heart itself times 0.2: how the probability moves. "
                    "A network that judges the heart should need the heart more than the rest."};
    }
    return {};
}

// Everything that the tests share.
struct Trial {
    const ExplainRequest& request;  // without pooling
    const ChestMeasurement& chest;
    Engine& engine;
    ExplainCache& cache;
    std::shared_ptr<const ExplainInput> input;
    std::size_t output = 0;
    Heatmap map;
    ExplainOptions quick;  // of maps that are made again
    Heatmap quickMap;      // the film's, with them

    [[nodiscard]] const ModelOutput& outputOf() const { return input->pack.manifest.outputs[output]; }
    [[nodiscard]] std::string name() const { return spokenName(request.output); }
    // Numbers of plane 0.
    [[nodiscard]] std::size_t cells() const {
        return static_cast<std::size_t>(input->input.planes.width) * static_cast<std::size_t>(input->input.planes.height);
    }

    // fails as Engine::predict does.
    Result<double> probabilityOf(const NetworkPlanes& planes, const RunContext& context) const {
        const Result<Prediction> answer = engine.predict(input->pack.folder, planes, RunContext{context.stop, {}});  // too short to tell
        if (!answer.isOk()) return answer.error();
        if (answer.value().logits.size() <= output) return Error{ErrorCode::Corrupt, "the network gave too few numbers; install the pack again"};
        return calibratedProbability(outputOf().calibration, answer.value().logits[output]);
    }
    Result<Plane> mapOf(const NetworkPlanes& planes, const RunContext& context) const {
        Result<Explanation> answer = engine.explain(input->pack.folder, planes, request.output, quick, context);
        if (!answer.isOk()) return std::move(answer).error();
        return std::move(answer).value().plane;
    }
    Result<Heatmap> other(const ExplainOptions& options, const RunContext& context) const {
        ExplainRequest changed = request;
        changed.options = options;
        return explainFilm(changed, engine, cache, context);
    }
    // " Maps of 16 steps were compared."; empty: of the same kind as the map that is checked.
    [[nodiscard]] std::string quickWords() const {
        std::string words;
        const auto add = [&words](const std::string& part) { words += (words.empty() ? " Maps of " : " and ") + part; };
        const ExplainOptions& own = request.options;
        if (explainMethodInfo(own.method).hasSteps && quick.steps != own.steps) add(std::to_string(quick.steps) + " steps");
        if (quick.smoothSamples != own.smoothSamples) add(std::to_string(quick.smoothSamples) + " noisy films");
        if (own.method == ExplainMethod::Occlusion && quick.stride != own.stride) add("patches side by side");
        return words.empty() ? words : words + " were compared.";
    }
};

SanityVerdict verdictAbove(double value, double passes, double doubtful) {
    if (!(value >= doubtful)) return SanityVerdict::Failed;  // NaN: one map is constant
    return value >= passes ? SanityVerdict::Passed : SanityVerdict::Doubtful;
}

std::string correlationText(double value) {
    return std::isnan(value) ? std::string("a map without any difference") : "rank correlation " + formatted("%.2f", value);
}

Error cancelled() { return Error{ErrorCode::Cancelled, "stopped by the user"}; }

Result<SanityCheck> randomWeights(const Trial& trial, const RunContext& context) {
    SanityCheck row = rowOf(Test::RandomWeights);
    const std::vector<float> own = readCells(trial.quickMap);
    double sum = 0;
    int counted = 0;
    for (int draw = 0; draw < kDraws; ++draw) {
        ExplainOptions options = trial.quick;
        options.hasRandomWeights = true;
        options.seed = static_cast<std::uint32_t>(draw + 1);
        const Result<Heatmap> drawn = trial.other(options, context.part(draw / static_cast<double>(kDraws), (draw + 1.0) / kDraws));
        if (!drawn.isOk()) return drawn.error();
        const double rho = rankCorrelation(own, readCells(drawn.value()));
        if (!std::isnan(rho)) sum += std::abs(rho), ++counted;  // a turned map is the same picture
    }
    row.number = counted > 0 ? sum / counted : 0;
    row.value = correlationText(row.number);
    row.verdict = row.number <= 0.5 ? SanityVerdict::Passed : row.number <= 0.8 ? SanityVerdict::Doubtful : SanityVerdict::Failed;
    row.sentence = row.verdict == SanityVerdict::Passed   ? "The map changes when the network forgets what it learned."
                   : row.verdict == SanityVerdict::Failed ? "The map stays nearly the same with random weights: it shows the film, not the network."
                                                          : "The map keeps part of its order with random weights: part of it shows the film itself.";
    row.sentence += trial.quickWords();
    return row;
}

void addStability(SanityCheck& row, double rho, const char* change, const Trial& trial) {
    row.number = rho;
    row.value = correlationText(rho);
    row.verdict = verdictAbove(rho, 0.6, 0.3);
    row.sentence = row.verdict == SanityVerdict::Passed   ? std::string("The map marks the same places on the ") + change + " film."
                   : row.verdict == SanityVerdict::Failed ? std::string("The map marks other places on the ") + change + " film: do not rely on its details."
                                                          : std::string("The map changes in part on the ") + change + " film.";
    row.sentence += trial.quickWords();
}

SanityCheck notRun(Test test, const std::string& why) {
    SanityCheck row = rowOf(test);
    row.value = "not run";
    row.sentence = why;
    return row;
}

constexpr const char* kNoPicture = "This network reads a row of numbers, not a picture that could be moved.";

Result<SanityCheck> flip(const Trial& trial, const RunContext& context) {
    if (trial.input->isVector()) return notRun(Test::Flip, kNoPicture);
    SanityCheck row = rowOf(Test::Flip);
    const Result<Plane> found = trial.mapOf(mirrored(trial.input->input.planes), context);
    if (!found.isOk()) return found.error();
    const Plane& plane = found.value();
    const NetworkPlanes back = mirrored({1, plane.height, plane.width, plane.values});
    addStability(row, rankCorrelation(trial.quickMap.plane.values, back.values), "mirrored", trial);
    return row;
}

// The cells of both that are inside the picture before and after.
double shiftedCorrelation(const Plane& map, const Plane& moved, int right, int down) {
    std::vector<float> a, b;
    for (int y = 0; y < map.height; ++y) {
        for (int x = 0; x < map.width; ++x) {
            const int atX = x + right, atY = y + down;
            if (atX < 0 || atY < 0 || atX >= map.width || atY >= map.height) continue;
            a.push_back(map.values[static_cast<std::size_t>(y) * map.width + x]);
            b.push_back(moved.values[static_cast<std::size_t>(atY) * map.width + atX]);
        }
    }
    return rankCorrelation(a, b);
}

Result<SanityCheck> shift(const Trial& trial, const RunContext& context) {
    if (trial.input->isVector()) return notRun(Test::Shift, kNoPicture);
    SanityCheck row = rowOf(Test::Shift);
    const NetworkPlanes& planes = trial.input->input.planes;
    const Plane& map = trial.quickMap.plane;
    const int step = std::max(1, static_cast<int>(std::lround(kShift * planes.width / std::numbers::sqrt2)));  // along the diagonal
    double least = 1;
    for (const int by : {step, -step}) {
        if (context.isCancelled()) return cancelled();
        const double begin = by > 0 ? 0 : 0.5;
        const int right = by, down = by;
        const Result<Plane> found = trial.mapOf(shifted(planes, right, down), context.part(begin, begin + 0.5));
        if (!found.isOk()) return found.error();
        // A coarse map moves by less than a cell: by none.
        const int cellsX = static_cast<int>(std::lround(static_cast<double>(right) * map.width / planes.width));
        const int cellsY = static_cast<int>(std::lround(static_cast<double>(down) * map.height / planes.height));
        const double rho = shiftedCorrelation(map, found.value(), cellsX, cellsY);
        least = std::isnan(rho) ? rho : std::min(least, rho);
        if (std::isnan(least)) break;
    }
    addStability(row, least, "shifted", trial);
    return row;
}

std::vector<float> comparable(const Heatmap& map) {
    const cv::Mat cells = cv::max(smoothCells(map, kAgreementSide), 0.0);
    cv::Mat coarse;
    cv::resize(cells, coarse, {kAgreementSide, kAgreementSide}, 0, 0, cv::INTER_AREA);
    return {coarse.begin<float>(), coarse.end<float>()};
}

Result<SanityCheck> agreement(const Trial& trial, const RunContext& context) {
    SanityCheck row = rowOf(Test::Agreement);
    const Result<std::vector<ExplainMethod>> allowed = trial.engine.explanations(trial.input->pack.folder);
    if (!allowed.isOk()) return allowed.error();
    const std::vector<float> own = comparable(trial.map);
    double sum = 0;
    int counted = 0;
    for (const ExplainMethod method : {ExplainMethod::Cam, ExplainMethod::GradCam, ExplainMethod::IntegratedGradients, ExplainMethod::LrpEpsilon}) {
        const bool isAllowed = std::find(allowed.value().begin(), allowed.value().end(), method) != allowed.value().end();
        if (method == trial.request.options.method || !isAllowed) continue;
        ExplainOptions options;
        options.method = method;
        const Result<Heatmap> map = trial.other(quickOptions(options), context);
        if (!map.isOk() && map.error().code == ErrorCode::Cancelled) return map.error();
        const double rho = map.isOk() ? rankCorrelation(own, comparable(map.value())) : kNaN;
        if (std::isnan(rho)) continue;
        row.sentence += (row.sentence.empty() ? "With " : ", with ") + explainMethodInfo(method).name + " " + formatted("%.2f", rho);
        sum += rho;
        ++counted;
    }
    if (counted == 0) return notRun(Test::Agreement, "There is no other method to compare with.");
    row.number = sum / counted;
    row.value = correlationText(row.number);
    row.verdict = row.number >= 0.5 ? SanityVerdict::Passed : SanityVerdict::Doubtful;
    row.sentence += row.verdict == SanityVerdict::Passed ? ": the methods mark much the same places." : ": the methods mark different places.";
    return row;
}

// The map as one value a number of plane 0, its picture moved by shares of its sides (vectors: along the row).
std::vector<float> orderingValues(const Trial& trial, double right, double down) {
    if (trial.input->isVector()) {
        std::vector<float> values = readCells(trial.map);
        const auto by = static_cast<std::ptrdiff_t>((right + down) / 2 * static_cast<double>(values.size()));
        std::rotate(values.begin(), values.begin() + by, values.end());
        return values;
    }
    const NetworkPlanes& planes = trial.input->input.planes;
    cv::Mat cells;
    cv::resize(cellsOf(trial.map), cells, {planes.width, planes.height}, 0, 0, cv::INTER_LINEAR);
    const int byX = static_cast<int>(right * planes.width), byY = static_cast<int>(down * planes.height);
    std::vector<float> values(cells.total());
    for (int y = 0; y < cells.rows; ++y) {
        for (int x = 0; x < cells.cols; ++x) {
            values[static_cast<std::size_t>((y + byY) % cells.rows) * cells.cols + (x + byX) % cells.cols] = cells.at<float>(y, x);
        }
    }
    return values;
}

// A change of the film from one end to the other, and the probabilities at both ends: they are the same for every order.
struct Change {
    std::vector<float> from, to;
    double atFrom = 0, atTo = 0;
};

// fails as Engine::predict does.
Result<Change> changeOf(const Trial& trial, bool isDeletion, const RunContext& context) {
    const auto& planes = trial.input->input.planes.values;
    const std::vector<float> film(planes.begin(), planes.begin() + static_cast<std::ptrdiff_t>(trial.cells()));
    double sum = 0;
    for (const float value : film) sum += value;
    const std::vector<float> gray(film.size(), static_cast<float>(sum / static_cast<double>(film.size())));
    const std::vector<float> other = isDeletion ? gray : blurredFilm(*trial.input);
    NetworkPlanes changed = trial.input->input.planes;
    std::copy(other.begin(), other.end(), changed.values.begin());
    const Result<double> probability = trial.probabilityOf(changed, context);
    if (!probability.isOk()) return probability.error();
    if (isDeletion) return Change{film, other, trial.map.probability, probability.value()};
    return Change{other, film, probability.value(), trial.map.probability};
}

// Probabilities while the cells change in this order, every `stride` steps.
Result<SanityCurve> curveOf(const Trial& trial, const std::string& name, const std::vector<float>& values, const Change& change, int stride,
                            const RunContext& context) {
    SanityCurve curve{name, {0}, {change.atFrom}};
    NetworkPlanes planes = trial.input->input.planes;
    std::copy(change.from.begin(), change.from.end(), planes.values.begin());
    const std::vector<std::size_t> order = ranking(values);
    std::size_t next = 0;
    for (int step = stride; step < kCurveSteps; step += stride) {
        if (context.isCancelled()) return cancelled();
        const double share = static_cast<double>(step) / kCurveSteps;
        for (const auto end = static_cast<std::size_t>(std::lround(share * static_cast<double>(order.size()))); next < end; ++next) {
            planes.values[order[next]] = change.to[order[next]];
        }
        const Result<double> probability = trial.probabilityOf(planes, context);
        if (!probability.isOk()) return probability.error();
        curve.share.push_back(share);
        curve.value.push_back(probability.value());
        context.report(share);
    }
    curve.share.push_back(1);
    curve.value.push_back(change.atTo);
    return curve;
}

// On the steps that all curves have.
double areaOf(const SanityCurve& curve) {
    const std::size_t stride = curve.share.size() > kCurveSteps ? kAreaStride : 1;
    std::vector<double> share, value;
    for (std::size_t i = 0; i < curve.share.size(); i += stride) {
        share.push_back(curve.share[i]);
        value.push_back(curve.value[i]);
    }
    return areaUnder(share, value);
}

Result<SanityCheck> curves(const Trial& trial, bool isDeletion, const RunContext& context) {
    SanityCheck row = rowOf(isDeletion ? Test::Deletion : Test::Insertion);
    const Result<Change> change = changeOf(trial, isDeletion, context);
    if (!change.isOk()) return change.error();
    double own = 0, moved = 0;
    const std::array<std::pair<double, double>, 4> places{{{0, 0}, {0.5, 0}, {0, 0.5}, {0.5, 0.5}}};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const std::string name = std::string(isDeletion ? "deletion" : "insertion") + (i == 0 ? "" : ", map moved " + std::to_string(i));
        const double begin = i == 0 ? 0 : 0.4 + 0.2 * (static_cast<double>(i) - 1);  // the map's own curve has twice as many steps
        Result<SanityCurve> curve = curveOf(trial, name, orderingValues(trial, places[i].first, places[i].second), change.value(), i == 0 ? 1 : kAreaStride,
                                            context.part(begin, begin + (i == 0 ? 0.4 : 0.2)));
        if (!curve.isOk()) return std::move(curve).error();
        const double area = areaOf(curve.value());
        (i == 0 ? own : moved) += i == 0 ? area : area / static_cast<double>(places.size() - 1);
        row.curves.push_back(std::move(curve).value());
    }
    const double whole = std::max(1e-9, trial.map.probability), gain = (isDeletion ? moved - own : own - moved) / whole;
    row.number = own / whole;
    row.value = "area " + formatted("%.2f", row.number) + " (moved " + formatted("%.2f", moved / whole) + ")";
    row.verdict = gain > kNoGain ? SanityVerdict::Passed : gain < -kNoGain ? SanityVerdict::Failed : SanityVerdict::Doubtful;
    const std::string what = isDeletion ? "Taking the marked places away lowers the probability " : "Giving the marked places back raises the probability ";
    row.sentence = what + (row.verdict == SanityVerdict::Passed   ? "faster than other places do."
                           : row.verdict == SanityVerdict::Failed ? "more slowly than other places do: the map does not mark what matters."
                                                                  : "no faster than other places do.");
    return row;
}

Result<double> dimmed(const Trial& trial, const std::vector<bool>& inHeart, bool isHeart, const RunContext& context) {
    NetworkPlanes planes = trial.input->input.planes;
    for (std::size_t i = 0; i < inHeart.size(); ++i) {
        if (inHeart[i] == isHeart) planes.values[i] *= static_cast<float>(kOutsideHeartGain);
    }
    return trial.probabilityOf(planes, context);
}

Result<SanityCheck> outsideHeart(const Trial& trial, std::optional<HeartAttenuation>& attenuation, const RunContext& context) {
    const std::vector<bool> inHeart = cellsInHeart(trial.chest, *trial.input);
    const auto inside = std::count(inHeart.begin(), inHeart.end(), true);
    if (inside == 0) return notRun(Test::OutsideHeart, "The heart was not found where this network reads the film.");
    SanityCheck row = rowOf(Test::OutsideHeart);
    const Result<double> outside = dimmed(trial, inHeart, false, context), heart = dimmed(trial, inHeart, true, context);
    if (!outside.isOk()) return outside.error();
    if (!heart.isOk()) return heart.error();
    attenuation = HeartAttenuation{trial.map.probability, outside.value(), heart.value()};
    row.number = outside.value();
    row.value = percentText(attenuation->whole) + " to " + percentText(outside.value());
    row.verdict = SanityVerdict::Informs;
    row.sentence = "With everything outside the heart dimmed to 0.2 the probability of " + trial.name() + " goes from " +
                   percentText(attenuation->whole) + " to " + percentText(outside.value()) + "; with the heart dimmed instead, to " +
                   percentText(heart.value()) + ".";
    return row;
}

Result<SanityCheck> run(Test test, const Trial& trial, std::optional<HeartAttenuation>& attenuation, const RunContext& context) {
    switch (test) {
        case Test::RandomWeights:
            return randomWeights(trial, context);
        case Test::Flip:
            return flip(trial, context);
        case Test::Shift:
            return shift(trial, context);
        case Test::Agreement:
            return agreement(trial, context);
        case Test::Deletion:
            return curves(trial, true, context);
        case Test::Insertion:
            return curves(trial, false, context);
        case Test::OutsideHeart:
            return outsideHeart(trial, attenuation, context);
    }
    return Error{ErrorCode::Internal, "there is no such test"};
}

// About how many passes through the network a test takes: for the progress that is told.
double costOf(Test test, const ExplainOptions& quick) {
    const bool hasSteps = explainMethodInfo(quick.method).hasSteps;
    const double parts = quick.method == ExplainMethod::Occlusion ? 100 : hasSteps ? quick.steps * kBackwardCost : kBackwardCost;
    const double map = parts * std::max(1, quick.smoothSamples);
    switch (test) {
        case Test::RandomWeights:
            return kDraws * map;
        case Test::Flip:
            return map;
        case Test::Shift:
            return 2 * map;
        case Test::Agreement:
            return kQuickSteps * kBackwardCost;
        case Test::Deletion:
        case Test::Insertion:
            return kCurveSteps * 2.5;
        case Test::OutsideHeart:
            return 2;
    }
    return 1;
}

}  // namespace

ExplainOptions quickOptions(const ExplainOptions& options) {
    ExplainOptions quick = options;
    quick.partial = {};
    quick.smoothSamples = std::min(options.smoothSamples, kQuickSamples);
    if (explainMethodInfo(options.method).hasSteps) quick.steps = std::min(options.steps, kQuickSteps);
    if (options.method == ExplainMethod::Occlusion) quick.stride = std::max(options.stride, options.patch);
    return quick;  // nothing that the method does not use: the cache would take it for another map
}

Result<SanityReport> checkExplanation(const ExplainRequest& request, const ChestMeasurement& chest, Engine& engine, ExplainCache& cache,
                                      const RunContext& context, const std::set<SanityTest>& tests) {
    ExplainRequest plain = request;
    plain.pool.reset();
    const auto input = explainInput(plain, engine, cache, context);
    if (!input.isOk()) return input.error();
    const Result<std::size_t> output = outputIndex(input.value()->pack.manifest, request.output);
    if (!output.isOk()) return output.error();
    Result<Heatmap> map = explainFilm(plain, engine, cache, context.part(0, 0.1));
    if (!map.isOk()) return std::move(map).error();
    ExplainRequest quick = plain;
    quick.options = quickOptions(plain.options);
    Result<Heatmap> quickMap = explainFilm(quick, engine, cache, context.part(0.1, 0.2));
    if (!quickMap.isOk()) return std::move(quickMap).error();
    const Trial trial{plain, chest, engine, cache, input.value(), output.value(), std::move(map).value(), quick.options, std::move(quickMap).value()};
    SanityReport report;
    double all = 0, done = 0;
    const auto isWanted = [&](Test test) { return tests.empty() || tests.contains(test); };
    for (const Test test : kTests) all += isWanted(test) ? costOf(test, quick.options) : 0;
    for (const Test test : kTests) {
        if (!isWanted(test)) continue;
        if (context.isCancelled()) return cancelled();
        const double begin = 0.2 + 0.8 * done / all;
        done += costOf(test, quick.options);
        Result<SanityCheck> row = run(test, trial, report.attenuation, context.part(begin, 0.2 + 0.8 * done / all));
        if (!row.isOk() && row.error().code == ErrorCode::Cancelled) return std::move(row).error();
        report.checks.push_back(row.isOk() ? std::move(row).value() : notRun(test, "It could not be run: " + row.error().message + "."));
        context.report(0.2 + 0.8 * done / all);
    }
    context.report(1);
    return report;
}

}  // namespace cxr
