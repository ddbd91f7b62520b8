#include "core/pipeline/pack_predictions.h"

#include <algorithm>
#include <cmath>

#include "core/dataset/fact_classes.h"
#include "core/io/image_reader.h"
#include "core/measure/calibration_fit.h"

namespace cxr {
namespace {

// Places of outputs in the manifest.
using Outputs = std::vector<std::size_t>;

Result<Outputs> wantedOutputs(const Manifest& manifest, const std::vector<std::string>& classes) {
    Outputs outputs;
    for (std::size_t i = 0; i < manifest.outputs.size(); ++i) {
        const ModelOutput& output = manifest.outputs[i];
        const bool isNamed = std::find(classes.begin(), classes.end(), output.name) != classes.end();
        if (classes.empty() ? !output.isAuxiliary : isNamed) outputs.push_back(i);
    }
    for (const std::string& name : classes) {
        const auto has = [&](const ModelOutput& output) { return output.name == name; };
        if (std::any_of(manifest.outputs.begin(), manifest.outputs.end(), has)) continue;
        return Error{ErrorCode::InvalidArgument, "the pack has no output " + name + "; its model.json lists them"};
    }
    return outputs;
}

bool hasLabel(const FilmTable& films, std::size_t column) {
    return std::any_of(films.films.begin(), films.films.end(), [&](const FilmRecord& f) { return !std::isnan(f.labels[column]); });
}

std::vector<std::string> namesOf(const Manifest& manifest, const Outputs& outputs) {
    std::vector<std::string> names;
    for (const std::size_t output : outputs) names.push_back(manifest.outputs[output].name);
    return names;
}

// Keeps the outputs of which some film has a label; the table's columns become theirs.
Result<FilmTable> labelledFilms(FilmTable films, const Manifest& manifest, Outputs& outputs, std::vector<std::string>& unlabelled) {
    const std::vector<std::string> names = namesOf(manifest, outputs);
    films = withClasses(withFactClasses(std::move(films), names), names);
    Outputs kept;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (hasLabel(films, i)) kept.push_back(outputs[i]);
        else unlabelled.push_back(names[i]);
    }
    outputs = kept;
    if (outputs.empty()) return Error{ErrorCode::InvalidArgument, "no film of the data has a label of any output of the pack; name the columns as its outputs"};
    films = withClasses(std::move(films), namesOf(manifest, outputs));
    std::erase_if(films.films, [](const FilmRecord& film) {
        return std::all_of(film.labels.begin(), film.labels.end(), [](float label) { return std::isnan(label); });
    });
    return films;
}

PredictedFilm predicted(const FilmRecord& film, const PackPrediction& prediction, const Outputs& outputs) {
    PredictedFilm result{film.name, film.group(), -1, {}, {film.labels.begin(), film.labels.end()}};
    for (const std::size_t output : outputs) result.logits.push_back(logitOf(prediction.probabilities[output]));
    return result;
}

}  // namespace

JudgeFile judgeWith(const PredictingPack& pack, const FilmSegmenter& segmenter, Engine& engine) {
    return [&pack, &segmenter, &engine](const std::filesystem::path& file, const RunContext& context) -> Result<PackPrediction> {
        const Result<ImagePtr> image = readImage(file, {}, context);
        if (!image.isOk()) return image.error();
        auto predictions = predictFilm(*image.value(), {pack}, segmenter, engine, context);
        if (!predictions.isOk()) return std::move(predictions).error();
        return std::move(predictions).value().front();
    };
}

Result<PackPredictions> packPredictions(const Manifest& manifest, FilmTable films, const std::vector<std::string>& classes,
                                        const JudgeFile& judge, const RunContext& context) {
    Result<Outputs> wanted = wantedOutputs(manifest, classes);
    if (!wanted.isOk()) return std::move(wanted).error();
    Outputs outputs = std::move(wanted).value();
    PackPredictions result;
    const Result<FilmTable> labelled = labelledFilms(std::move(films), manifest, outputs, result.unlabelled);
    if (!labelled.isOk()) return labelled.error();
    result.table.classes = namesOf(manifest, outputs);
    const std::vector<FilmRecord>& records = labelled.value().films;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Result<PackPrediction> prediction = judge(records[i].path, RunContext{context.stop, {}});
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "judging the films was stopped"};
        context.report(static_cast<double>(i + 1) / static_cast<double>(records.size()));
        if (!prediction.isOk()) {
            result.failures.push_back(records[i].path.filename().string() + ": " + prediction.error().message);
            continue;
        }
        result.table.films.push_back(predicted(records[i], prediction.value(), outputs));
        result.untrusted += prediction.value().isTrusted ? 0 : 1;
    }
    if (!result.table.films.empty()) return result;
    return Error{ErrorCode::InvalidArgument, "no film could be judged; the first: " + result.failures.front()};
}

}  // namespace cxr
