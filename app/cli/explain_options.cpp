#include "app/cli/explain_options.h"

#include <algorithm>
#include <sstream>
#include <tuple>

#include "core/engine/explain_methods.h"
#include "core/pipeline/explain_default.h"
#include "ui/print/findings_painter.h"
#include "ui/print/heatmap_painter.h"

namespace cxr::cli {
namespace {

constexpr int kContours = 3;

Result<ExplainMethod> methodOf(const std::string& id) {
    if (const auto method = explainMethodById(id)) return *method;
    return Error{ErrorCode::InvalidArgument, "there is no method \"" + id.substr(0, 60) + "\"; choose one of " + methodIds()};
}

// An option that was given and that the method does not have, in a sentence; empty: none.
std::string strangerAmong(const CLI::App& verb, const ExplainMethodInfo& method) {
    using M = ExplainMethod;
    const bool isRelevance = method.id.starts_with("lrp");
    const std::tuple<const char*, bool, const char*> rules[] = {
        {"--steps", method.hasSteps, "integrated-gradients"},
        {"--rule", method.hasSteps, "integrated-gradients"},
        {"--baseline", method.hasBaseline, "methods that compare, such as integrated-gradients, deeplift and occlusion"},
        {"--epsilon", method.method == M::LrpEpsilon, "lrp-epsilon"},
        {"--gamma", method.method == M::LrpGamma, "lrp-gamma"},
        {"--z-box", isRelevance, "lrp-epsilon, lrp-alpha1-beta0 and lrp-gamma"},
        {"--patch", method.method == M::Occlusion, "occlusion"},
        {"--stride", method.method == M::Occlusion, "occlusion"}};
    for (const auto& [option, belongs, whose] : rules) {
        if (!belongs && verb.count(option) > 0) return std::string(option) + " does nothing with " + method.id + "; it belongs to " + whose;
    }
    return {};
}

bool hasOutput(const RolePack& pack, const std::string& name) {
    const Result<Pack> read = readPack(pack.folder);
    if (!read.isOk()) return false;
    const auto& outputs = read.value().manifest.outputs;
    return std::any_of(outputs.begin(), outputs.end(), [&](const ModelOutput& output) { return output.name == name && !output.isAuxiliary; });
}

std::vector<std::string> partsOf(const std::string& list, char between) {
    std::vector<std::string> parts;
    std::istringstream stream(list);
    for (std::string part; std::getline(stream, part, between);) parts.push_back(part);
    return parts;
}

// The network that was made for it comes before the one of all diseases, and both before HeartSpot's.
Result<std::filesystem::path> packWith(const std::string& name, const std::vector<RolePack>& packs) {
    for (const ModelRole role : {ModelRole::Cardiomegaly, ModelRole::Diseases, ModelRole::HeartSpot, ModelRole::View}) {
        for (const RolePack& pack : packs) {
            if (pack.role == role && hasOutput(pack, name)) return pack.folder;
        }
    }
    return Error{ErrorCode::NotFound, "no network that judges the film has the class \"" + name.substr(0, 60) + "\"; see precordia-cli models list"};
}

}  // namespace

std::string methodIds() {
    std::string ids;
    for (const ExplainMethodInfo& method : explainMethods()) ids += (ids.empty() ? "" : ", ") + method.id;
    return ids;
}

void ExplainCommandOptions::addTo(CLI::App& parsed) {
    verb = &parsed;
    parsed.add_option("--method", method, "One of " + methodIds() + "; ig and pcm are short for two of them. Without it: the activation map "
                                             "if the network's has 8 x 8 cells or more, else integrated gradients, pooled");
    parsed.add_option("--steps", steps, "Points of integrated gradients' integral (50)")->check(CLI::Range(1, 512));
    parsed.add_option("--rule", rule, "Of that integral: gauss or trapezoid (gauss)")->check(CLI::IsMember({"gauss", "trapezoid"}));
    parsed.add_option("--baseline", baseline, "What the film is compared with: black or zero (black)")->check(CLI::IsMember({"black", "zero"}));
    parsed.add_option("--smooth", smooth, "SmoothGrad: mean over so many noisy films, 0 = none (0)")->check(CLI::Range(0, 512));
    parsed.add_option("--noise", noise, "Its standard deviation, share of the film's range (0.1)")->check(CLI::Range(0.0, 1.0));
    parsed.add_option("--seed", seed, "Of that noise (1)");
    parsed.add_option("--epsilon", epsilon, "Of lrp-epsilon (1e-9)")->check(CLI::Range(0.0, 1.0));
    parsed.add_option("--gamma", gamma, "Of lrp-gamma (0.25)")->check(CLI::Range(0.0, 10.0));
    parsed.add_flag("--z-box", hasBoxFirst, "LRP: the first layer by the z-box rule");
    parsed.add_option("--patch", patch, "Of occlusion, cells (8)")->check(CLI::Range(1, 256));
    parsed.add_option("--stride", stride, "Of occlusion, cells (4)")->check(CLI::Range(1, 256));
    parsed.add_option("--quantile", quantile, "Pools the map by this quantile (0.9 if --kernel is given)")->check(CLI::Range(0.0, 1.0));
    parsed.add_option("--kernel", kernel, "Side of the pooling's window, cells of a picture 320 x 320 (24 if --quantile is given)")->check(CLI::Range(1, 256));
    parsed.add_option("--pool-stride", poolStride, "Of the pooling, same cells (1)")->check(CLI::Range(1, 256));
    parsed.add_option("--threshold", threshold, "Boxes: share of the map's largest value (0.7)")->check(CLI::Range(0.01, 1.0));
}

Result<ExplainOptions> ExplainCommandOptions::options() const {
    ExplainOptions result;
    if (poolStride && *poolStride > kernel.value_or(saliencyPooling().kernel)) {
        return Error{ErrorCode::InvalidArgument, "--pool-stride is not larger than --kernel (" + std::to_string(kernel.value_or(saliencyPooling().kernel)) + ")"};
    }
    if (!method.empty()) {
        const Result<ExplainMethod> wanted = methodOf(method);
        if (!wanted.isOk()) return wanted.error();
        result.method = wanted.value();
        const std::string stranger = verb != nullptr ? strangerAmong(*verb, explainMethodInfo(result.method)) : std::string();
        if (!stranger.empty()) return Error{ErrorCode::InvalidArgument, stranger};
    }
    if (verb != nullptr && verb->count("--noise") > 0 && smooth == 0) return Error{ErrorCode::InvalidArgument, "--noise is SmoothGrad's; give --smooth, too"};
    result.baseline = baseline == "zero" ? ExplainBaseline::Zero : ExplainBaseline::Black;
    result.steps = steps;
    result.rule = rule == "trapezoid" ? IntegralRule::Trapezoid : IntegralRule::GaussLegendre;
    result.smoothSamples = smooth;
    result.smoothNoise = noise;
    result.seed = seed;
    result.epsilon = epsilon;
    result.gamma = gamma;
    result.isBoxFirst = hasBoxFirst;
    result.patch = patch;
    result.stride = stride;
    return result;
}

std::optional<PoolSpec> ExplainCommandOptions::pool() const {
    if (!quantile && !kernel && !poolStride) return std::nullopt;
    PoolSpec spec = saliencyPooling();
    spec.quantile = quantile.value_or(spec.quantile);
    spec.kernel = kernel.value_or(spec.kernel);
    spec.stride = poolStride.value_or(spec.stride);
    return spec;
}

Result<std::filesystem::path> packFolder(const std::string& nameOrFolder) {
    std::error_code failed;
    const std::filesystem::path folder(nameOrFolder);
    if (std::filesystem::exists(folder / "model.json", failed)) return folder;
    if (folder.has_parent_path() || !folder.has_filename()) {
        const Result<Pack> read = readPack(folder);
        return read.isOk() ? Result<std::filesystem::path>(folder) : Result<std::filesystem::path>(read.error());
    }
    const Result<Pack> found = findPack(nameOrFolder);
    if (!found.isOk()) return found.error();
    return found.value().folder;
}

Result<std::vector<std::filesystem::path>> packsNamed(const std::string& nameOrFolder) {
    std::vector<std::filesystem::path> folders;
    if (nameOrFolder.empty()) return folders;
    auto folder = packFolder(nameOrFolder);
    if (!folder.isOk()) return std::move(folder).error();
    folders.push_back(std::move(folder).value());
    return folders;
}

void ReportExplanations::addTo(CLI::App& verb) {
    verb.add_option("--explain", list, "CLASS or CLASS:METHOD with commas between: shows where these findings come from, for example "
                                       "Cardiomegaly,Effusion:occlusion (methods and the choice without one as in explain)");
    verb.add_flag("--sanity", hasSanity, "With --explain: tests whether each map is believable (seconds each)");
}

Result<std::vector<MapRequest>> ReportExplanations::requests(const std::vector<RolePack>& packs) const {
    std::vector<MapRequest> requests;
    for (const std::string& part : partsOf(list, ',')) {
        const std::vector<std::string> words = partsOf(part, ':');
        if (words.empty()) continue;
        const Result<ExplainMethod> method = words.size() > 1 ? methodOf(words[1]) : Result<ExplainMethod>(ExplainMethod::Cam);
        if (!method.isOk()) return method.error();
        const auto folder = packWith(words[0], packs);
        if (!folder.isOk()) return folder.error();
        MapRequest request;
        request.explain.pack = folder.value();
        request.explain.output = words[0];
        request.isMethodOpen = words.size() < 2;
        request.explain.options.method = method.value();
        if (!request.isMethodOpen) request.explain.pool = defaultPooling(method.value());
        request.hasSanity = hasSanity;
        requests.push_back(std::move(request));
    }
    return requests;
}

QImage mapPicture(const ExplainedMap& map, const Analysis& analysis, const std::string& colours, double opacity, int longSidePx, ReportLanguage language) {
    ui::ShownHeatmap shown;
    shown.map = std::make_shared<const Heatmap>(map.shown);
    shown.style.colours = ui::colourMapById(QString::fromStdString(colours));
    shown.style.opacity = opacity;
    shown.style.showContours = true;
    shown.contours = isoLines(map.shown, ui::contourLevels(map.shown, shown.style, kContours));
    shown.boxes = map.report.boxes;
    return ui::annotatedPicture(*analysis.image, analysis.image->defaultVoi, false, analysis.chest, analysis.model, longSidePx, &shown,
                                nullptr, language);
}

}  // namespace cxr::cli
