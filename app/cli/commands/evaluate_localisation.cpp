#include "app/cli/commands/evaluate_localisation.h"

#include <cstdio>

#include "app/cli/analysis_options.h"
#include "app/cli/explain_options.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/pipeline/evaluate_localisation.h"

namespace cxr::cli {
namespace {

struct LocalisationOptions {
    std::string data, pack = "chest14", json, markdown, heartLungs;
    std::vector<std::string> folders, runs;
    double threshold = 0.7;
    NetworkOptions network;
};

Result<std::vector<TrainingRun>> judgesOf(const LocalisationOptions& options) {
    if (!options.runs.empty()) return readTrainingRuns(options.runs);
    const auto pack = packFolder(options.pack);
    if (!pack.isOk()) return pack.error();
    return std::vector<TrainingRun>{{pack.value(), {}}};
}

Result<LocalisationEvaluation> evaluate(const LocalisationOptions& options, const RunContext& context) {
    Result<std::vector<TrainingRun>> judges = judgesOf(options);
    if (!judges.isOk()) return std::move(judges).error();
    FilmTableOptions wanted;
    wanted.imageFolders = options.folders;
    Result<FilmTable> films = readFilmTable(options.data, wanted, RunContext{context.stop, {}});
    if (!films.isOk()) return std::move(films).error();
    const auto engine = options.network.engine();
    if (!engine.isOk()) return engine.error();
    LocalisationInput input{std::move(films).value(), std::move(judges).value(), options.heartLungs, localisationVariants(), {}};
    input.boxes.threshold = options.threshold;
    return evaluateLocalisation(input, *engine.value(), context);
}

int runLocalisation(const LocalisationOptions& options, const RunContext& context) {
    ProgressBar bar("evaluate");
    const RunContext shown{context.stop, [&](double done) { bar.show(done, ""); }};
    const Result<LocalisationEvaluation> made = evaluate(options, shown);
    if (!made.isOk()) return complain(made.error());
    const std::string markdown = toMarkdown(made.value());
    if (const Result<Done> written = writeFileAtomically(options.json, toJson(made.value())); !written.isOk()) return complain(written.error());
    if (!options.markdown.empty()) {
        if (const Result<Done> written = writeFileAtomically(options.markdown, markdown); !written.isOk()) return complain(written.error());
    }
    std::fputs(markdown.c_str(), stdout);
    return kAllWell;
}

}  // namespace

void addEvaluateLocalisation(CLI::App& evaluate, CommandRun& chosen) {
    auto options = std::make_shared<LocalisationOptions>();
    CLI::App* verb = evaluate.add_subcommand("localisation", "Boxes of explanations against boxes that readers drew: IoBB, Lacc, false boxes, per class");
    verb->add_option("--data", options->data, "Data set with drawn boxes: a folder that dataset index knows")->required();
    verb->add_option("--images", options->folders, "Picture folders inside it, the first that has a film wins (the data set's own)");
    CLI::Option* pack = verb->add_option("--pack", options->pack, "The model: its folder, or the name of an installed one (chest14)");
    verb->add_option("--run", options->runs, "Training folders: each judges the films that its run held out")->excludes(pack);
    verb->add_option("--threshold", options->threshold, "Share of a map's largest value where boxes begin (0.7)")->check(CLI::Range(0.01, 1.0));
    verb->add_option("--json", options->json, "All numbers")->required();
    verb->add_option("--markdown", options->markdown, "The table");
    verb->add_option("--heart-lungs", options->heartLungs, "Folder of the pack that finds heart and lungs (the one that is installed)");
    options->network.addDevice(*verb);
    verb->footer(examples({"precordia-cli evaluate localisation --data nih14 --images boxes_1024 images_320 --pack chest14 --json boxes.json",
                           "precordia-cli evaluate localisation --data nih14 --images boxes_1024 --run run/f0 run/f1 run/f2 run/f3 run/f4 --json boxes.json"}));
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runLocalisation(*options, c); }; });
}

}  // namespace cxr::cli
