#include "app/cli/commands/predict.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/cli/analysis_options.h"
#include "app/cli/film_inputs.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/io/image_reader.h"
#include "core/pipeline/film_predictions.h"
#include "core/report/report_text.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct PredictOptions {
    std::vector<std::string> inputs, packs;
    std::string csv, heartLungs;
    NetworkOptions network;
};

// What is asked, made ready once.
struct Judges {
    std::shared_ptr<Engine> engine;
    std::vector<PredictingPack> packs;
    FilmSegmenter segmenter;
    std::vector<std::string> classes;  // of all packs, in order of first appearance
};

Result<Judges> judgesOf(const PredictOptions& options) {
    Result<std::vector<PredictingPack>> packs = predictingPacks({options.packs.begin(), options.packs.end()});
    if (!packs.isOk()) return std::move(packs).error();
    auto engine = options.network.engine();
    if (!engine.isOk()) return std::move(engine).error();
    Judges judges{std::move(engine).value(), std::move(packs).value(), {}, {}};
    if (needSegmentation(judges.packs)) {
        Result<FilmSegmenter> segmenter = heartLungsSegmenter(*judges.engine, options.heartLungs);
        if (!segmenter.isOk()) return std::move(segmenter).error();
        judges.segmenter = std::move(segmenter).value();
    }
    for (const PredictingPack& pack : judges.packs) {
        for (const ModelOutput& output : pack.pack.manifest.outputs) {
            const bool isNew = std::find(judges.classes.begin(), judges.classes.end(), output.name) == judges.classes.end();
            if (isNew && !output.isAuxiliary) judges.classes.push_back(output.name);
        }
    }
    return judges;
}

std::string header(const Judges& judges) {
    std::string line = "file,pack";
    for (const std::string& name : judges.classes) line += "," + csvField(name);
    return line + ",note\r\n";
}

std::string rowOf(const fs::path& film, const PredictingPack& pack, const PackPrediction& prediction, const Judges& judges) {
    const std::vector<ModelOutput>& outputs = pack.pack.manifest.outputs;
    std::string line = csvField(film.string()) + "," + csvField(pack.pack.manifest.id);
    for (const std::string& name : judges.classes) {
        const auto output = std::find_if(outputs.begin(), outputs.end(), [&](const ModelOutput& o) { return o.name == name; });
        char number[32] = "";
        if (output != outputs.end()) {
            std::snprintf(number, sizeof number, "%.6f", prediction.probabilities[static_cast<std::size_t>(output - outputs.begin())]);
        }
        line += std::string(",") + number;
    }
    return line + "," + (prediction.isTrusted ? "" : "no usable lungs: judged round the film's centre") + "\r\n";
}

Result<std::string> rowsOf(const fs::path& film, const Judges& judges, const RunContext& context) {
    const Result<ImagePtr> image = readImage(film, {}, context);
    if (!image.isOk()) return image.error();
    const auto predictions = predictFilm(*image.value(), judges.packs, judges.segmenter, *judges.engine, context);
    if (!predictions.isOk()) return predictions.error();
    std::string rows;
    for (std::size_t i = 0; i < judges.packs.size(); ++i) rows += rowOf(film, judges.packs[i], predictions.value()[i], judges);
    return rows;
}

int runPredict(const PredictOptions& options, const RunContext& context) {
    const Result<std::vector<fs::path>> films = filmsOf(options.inputs);
    if (!films.isOk()) return complain(films.error());
    const Result<Judges> judges = judgesOf(options);
    if (!judges.isOk()) return complain(judges.error());
    std::string csv = header(judges.value());
    std::size_t failed = 0;
    {
        ProgressBar bar("predict");
        const std::size_t count = films.value().size();
        for (std::size_t i = 0; i < count; ++i) {
            const fs::path& film = films.value()[i];
            bar.show(static_cast<double>(i) / static_cast<double>(count), std::to_string(i) + "/" + std::to_string(count));
            const Result<std::string> rows = rowsOf(film, judges.value(), RunContext{context.stop, {}});
            if (context.isCancelled()) break;
            if (rows.isOk()) {
                csv += rows.value();
                continue;
            }
            ++failed;
            bar.print("precordia-cli: " + film.string() + ": " + rows.error().message + (rows.error().message.ends_with('.') ? "" : "."));
        }
    }
    if (context.isCancelled()) return complain(Error{ErrorCode::Cancelled, "stopped"});
    if (const Result<Done> written = writeFileAtomically(options.csv, csv); !written.isOk()) return complain(written.error());
    std::printf("%zu of %zu films judged, %zu failed; packs: %zu\n", films.value().size() - failed, films.value().size(), failed,
                judges.value().packs.size());
    return failed == 0 ? kAllWell : kSomeFailed;
}

}  // namespace

void addPredict(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<PredictOptions>();
    CLI::App* verb = program.add_subcommand("predict", "Writes the probabilities that networks give for films, as a table");
    verb->add_option("FILE|DIR", options->inputs, "Films, or folders of films")->required();
    verb->add_option("--csv", options->csv, "The table to write: one line a film and pack")->required();
    verb->add_option("--pack", options->packs, "Folders of classification packs (all that are installed)");
    verb->add_option("--heart-lungs", options->heartLungs, "Folder of the pack that finds heart and lungs (the one that is installed)");
    options->network.addDevice(*verb);
    verb->footer(examples({"precordia-cli predict films/ --csv probabilities.csv",
                           "precordia-cli predict film.dcm --pack models/chest14 models/view --csv probabilities.csv"}));
    verb->callback([options, &chosen] { chosen = [options](const RunContext& context) { return runPredict(*options, context); }; });
}

}  // namespace cxr::cli
