// Boxes against boxes.
#include "core/pipeline/evaluate_localisation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/engine/explain_methods.h"
#include "core/io/image_reader.h"
#include "core/model/pack.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

// What one variant gave on one film for one class.
struct Answer {
    std::string className;
    std::size_t variant = 0;
    bool hasSupport = false;
    FilmBoxes boxes;
};

std::vector<cv::Rect2d> drawnBoxes(const FilmRecord& film, const std::string& name, const Image& image) {
    std::vector<cv::Rect2d> boxes;
    for (const LesionBox& box : film.boxes) {
        if (box.className != name) continue;
        const double x = static_cast<double>(image.width()) / box.gridWidth, y = static_cast<double>(image.height()) / box.gridHeight;
        boxes.emplace_back(box.x * x, box.y * y, box.width * x, box.height * y);
    }
    return boxes;
}

std::set<std::string> classesOf(const FilmRecord& film, const Manifest& manifest) {
    std::set<std::string> names;
    for (const LesionBox& box : film.boxes) {
        const auto isThere = [&](const ModelOutput& output) { return output.name == box.className; };
        if (std::any_of(manifest.outputs.begin(), manifest.outputs.end(), isThere)) names.insert(box.className);
    }
    return names;
}

std::vector<std::size_t> allowedVariants(const LocalisationInput& input, const std::vector<ExplainMethod>& allowed, LocalisationEvaluation& result) {
    std::vector<std::size_t> usable;
    for (std::size_t i = 0; i < input.variants.size(); ++i) {
        const LocalisationVariant& variant = input.variants[i];
        if (std::find(allowed.begin(), allowed.end(), variant.options.method) != allowed.end()) {
            usable.push_back(i);
        } else {
            result.notes.push_back("The model does not allow \"" + variant.name + "\" (" + explainMethodInfo(variant.options.method).id + ").");
        }
    }
    return usable;
}

Result<Answer> answerOf(const FilmRecord& film, const ImagePtr& image, const std::string& name, std::size_t index, const fs::path& pack,
                        const LocalisationInput& input, Engine& engine, ExplainCache& cache, const RunContext& context, ModelStamp& model) {
    const LocalisationVariant& variant = input.variants[index];
    const ExplainRequest request{image, pack, name, variant.options, variant.pool, input.heartLungs};
    const Result<Heatmap> map = explainFilm(request, engine, cache, RunContext{context.stop, {}});
    if (!map.isOk()) return map.error();
    model = map.value().model;
    const MapBoxes found = boxesOf(map.value(), {image->width(), image->height()}, input.boxes);
    Answer answer{name, index, found.hasSupport, {{}, drawnBoxes(film, name, *image)}};
    for (const FindingBox& one : found.boxes) answer.boxes.predicted.emplace_back(one.box.left, one.box.top, one.box.width, one.box.height);
    return answer;
}

double meanIoU(const std::vector<FilmBoxes>& films) {
    double sum = 0;
    std::size_t count = 0;
    for (const FilmBoxes& film : films) {
        for (const cv::Rect2d& drawn : film.drawn) {
            double best = 0;
            for (const cv::Rect2d& predicted : film.predicted) best = std::max(best, intersectionOverUnion(predicted, drawn));
            sum += best;
            ++count;
        }
    }
    return count > 0 ? sum / static_cast<double>(count) : 0;
}

// Empty name: all classes together.
LocalisationRow rowOf(const std::vector<Answer>& answers, const std::string& name, std::size_t variant, const LocalisationInput& input) {
    LocalisationRow row{name.empty() ? "all" : name, input.variants[variant].name, 0, 0, 0, {}};
    std::vector<FilmBoxes> films;
    for (const Answer& answer : answers) {
        if (answer.variant != variant || (!name.empty() && answer.className != name)) continue;
        films.push_back(answer.boxes);
        row.withoutSupport += answer.hasSupport ? 0 : 1;
    }
    row.films = static_cast<int>(films.size());
    row.meanIoU = meanIoU(films);
    row.scores = scoreLocalisation(films);
    return row;
}

// One film, every class that has a box in it, every variant.
Result<Done> addAnswers(const FilmRecord& film, const std::set<std::string>& names, const fs::path& pack, const LocalisationInput& input,
                        const std::vector<std::size_t>& variants, Engine& engine, LocalisationEvaluation& result, std::vector<Answer>& answers,
                        const RunContext& context) {
    const Result<ImagePtr> image = readImage(film.path, {}, RunContext{context.stop, {}});
    if (!image.isOk()) return Error(image.error()).within(film.path.filename().string());
    ++result.films;
    ExplainCache cache;
    for (const std::string& name : names) {
        result.boxes += static_cast<int>(drawnBoxes(film, name, *image.value()).size());
        for (const std::size_t variant : variants) {
            Result<Answer> answer = answerOf(film, image.value(), name, variant, pack, input, engine, cache, context, result.model);
            if (!answer.isOk()) return std::move(answer).error();
            answers.push_back(std::move(answer).value());
        }
    }
    return Done{};
}

Result<std::vector<Answer>> allAnswers(const LocalisationInput& input, const Manifest& manifest, const std::vector<std::size_t>& variants,
                                       Engine& engine, LocalisationEvaluation& result, const RunContext& context) {
    std::vector<Answer> answers;
    std::size_t done = 0;
    for (const FilmRecord& film : input.films.films) {
        context.report(static_cast<double>(done++) / static_cast<double>(input.films.films.size()));
        const std::set<std::string> names = classesOf(film, manifest);
        const auto judge = std::find_if(input.judges.begin(), input.judges.end(), [&](const TrainingRun& run) { return run.mayJudge(film.name); });
        if (names.empty() || judge == input.judges.end()) continue;
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "the evaluation was stopped"};
        if (auto added = addAnswers(film, names, judge->pack, input, variants, engine, result, answers, context); !added.isOk()) return added.error();
    }
    return answers;
}

// "8 of 51 (0.16)".
std::string accuracyText(const LocalisationScore& score) {
    return std::to_string(score.found) + " of " + std::to_string(score.drawn) + " (" + fixedText(score.accuracy(), 2) + ")";
}

std::string notesText(const LocalisationEvaluation& evaluation) {
    std::string text;
    for (const std::string& note : evaluation.notes) text += "\n" + note + "\n";
    return text;
}

}  // namespace

std::vector<LocalisationVariant> localisationVariants() {
    const auto method = [](ExplainMethod wanted) {
        ExplainOptions options;
        options.method = wanted;
        return options;
    };
    ExplainOptions smooth = method(ExplainMethod::Sensitivity);
    smooth.smoothSamples = 20;
    return {{"CAM", method(ExplainMethod::Cam), {}},
            {"Refined CAM (PCM)", method(ExplainMethod::RefinedCam), {}},
            {"Integrated gradients, quantile-pooled", method(ExplainMethod::IntegratedGradients), saliencyPooling()},
            {"Sensitivity (SmoothGrad 20), quantile-pooled", smooth, saliencyPooling()}};
}

Result<LocalisationEvaluation> evaluateLocalisation(const LocalisationInput& input, Engine& engine, const RunContext& context) {
    const Result<Pack> pack = readPack(input.judges.front().pack);
    if (!pack.isOk()) return pack.error();
    const Result<std::vector<ExplainMethod>> allowed = engine.explanations(input.judges.front().pack);
    if (!allowed.isOk()) return allowed.error();
    LocalisationEvaluation result;
    result.isHeldOut = std::none_of(input.judges.begin(), input.judges.end(), [](const TrainingRun& run) { return run.heldOut.empty(); });
    const std::vector<std::size_t> variants = allowedVariants(input, allowed.value(), result);
    if (variants.empty()) return Error{ErrorCode::InvalidArgument, "the model allows none of the methods that are compared; choose another model"};
    const auto answers = allAnswers(input, pack.value().manifest, variants, engine, result, context);
    if (!answers.isOk()) return answers.error();
    if (answers.value().empty()) return Error{ErrorCode::InvalidArgument, "no film has a drawn box of a class that the model has"};
    std::set<std::string> present, known;
    for (const Answer& answer : answers.value()) present.insert(answer.className);
    for (const std::string& name : nihClasses()) {
        if (!present.contains(name)) continue;
        known.insert(name);
        for (const std::size_t variant : variants) result.rows.push_back(rowOf(answers.value(), name, variant, input));
    }
    for (const std::string& name : present) {
        if (known.contains(name)) continue;
        for (const std::size_t variant : variants) result.rows.push_back(rowOf(answers.value(), name, variant, input));
    }
    for (const std::size_t variant : variants) result.rows.push_back(rowOf(answers.value(), {}, variant, input));
    for (const LocalisationScore& score : result.rows.front().scores) result.thresholds.push_back(score.threshold);
    context.report(1);
    return result;
}

std::string toMarkdown(const LocalisationEvaluation& evaluation) {
    std::string text = "Boxes of " + evaluation.model.name + " " + evaluation.model.version + " against " + std::to_string(evaluation.boxes) +
                       " boxes that readers drew on " + std::to_string(evaluation.films) +
                       " films" + (evaluation.isHeldOut ? ", each judged by a network that never saw its patient" : "") +
                       ". These are few: with 2 boxes a row says next to nothing. Lacc at T = drawn boxes hit by a box that lies in "
                       "them by more than T of its own area (IoBB); FP = boxes a film that hit none at T = 0.1.\n\n"
                       "| Class | Method | Boxes | Lacc 0.1 | Lacc 0.25 | Lacc 0.5 | FP | mean IoU | no support |\n"
                       "|---|---|---|---|---|---|---|---|---|\n";
    for (const LocalisationRow& row : evaluation.rows) {
        text += "| " + row.className + " | " + row.variant + " | " + std::to_string(row.scores.front().drawn) + " |";
        for (std::size_t i = 0; i < 3 && i < row.scores.size(); ++i) text += " " + accuracyText(row.scores[i]) + " |";
        text += " " + fixedText(row.scores.front().falsePositivesPerFilm(), 2) + " | " + fixedText(row.meanIoU, 2) + " | " +
                std::to_string(row.withoutSupport) + " |\n";
    }
    return text + notesText(evaluation);
}

std::string toJson(const LocalisationEvaluation& evaluation) {
    using Json = nlohmann::ordered_json;
    const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
    Json rows = Json::array();
    for (const LocalisationRow& row : evaluation.rows) {
        Json scores = Json::array();
        for (const LocalisationScore& score : row.scores) {
            scores.push_back({{"iobb_above", score.threshold}, {"drawn", score.drawn}, {"found", score.found}, {"accuracy", number(score.accuracy())},
                              {"false_positives", score.falsePositives}, {"false_positives_per_film", number(score.falsePositivesPerFilm())}});
        }
        rows.push_back({{"class", row.className}, {"method", row.variant}, {"films", row.films}, {"without_support", row.withoutSupport},
                        {"mean_iou", row.meanIoU}, {"scores", std::move(scores)}});
    }
    const Json json{{"model", {{"id", evaluation.model.id}, {"version", evaluation.model.version}, {"weights_sha256", evaluation.model.weightsSha256}}},
                    {"films", evaluation.films}, {"boxes", evaluation.boxes}, {"held_out", evaluation.isHeldOut},
                    {"rows", std::move(rows)}, {"notes", evaluation.notes}};
    return json.dump(2) + "\n";
}

}  // namespace cxr
