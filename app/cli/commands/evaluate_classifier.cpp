#include "app/cli/commands/evaluate_classifier.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/analysis_options.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/pipeline/classifier_curves.h"
#include "core/pipeline/evaluate_classifier.h"
#include "core/pipeline/film_subgroups.h"
#include "core/pipeline/pack_evaluation.h"
#include "core/pipeline/pack_predictions.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct ClassifierOptions {
    std::vector<std::string> runs, against, classes, prevalences, by{"view", "sex", "age"};
    std::vector<std::string> views;
    std::string pack, heartLungs, data, json, markdown, curves, writePack;
    NetworkOptions network;
    bool ensemble = false;
    int resamples = 1000;
};

std::vector<fs::path> pathsOf(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

Result<std::map<std::string, double>> readPrevalences(const std::vector<std::string>& texts) {
    std::map<std::string, double> prevalences;
    for (const std::string& text : texts) {
        const auto equals = text.find('=');
        const char* end = text.data() + text.size();
        double share = -1;
        const bool isNumber = equals != std::string::npos && std::from_chars(text.data() + equals + 1, end, share).ptr == end;
        if (!isNumber || !(share >= 0 && share <= 1)) {
            return Error{ErrorCode::InvalidArgument, "--prevalence needs CLASS=SHARE, for example Cardiomegaly=0.03"};
        }
        prevalences[text.substr(0, equals)] = share;
    }
    return prevalences;
}

// What one call found, before it is written anywhere.
struct Findings {
    PredictionTable table;
    ClassifierEvaluation evaluation;
    std::string json, markdown;
};

// What the judged pack says about the films; remarks what is left out.
Result<PredictionTable> askPack(const ClassifierOptions& options, const FilmTable& films, const RunContext& context) {
    auto packs = predictingPacks({options.pack});
    if (!packs.isOk()) return std::move(packs).error();
    auto engine = options.network.engine();
    if (!engine.isOk()) return std::move(engine).error();
    FilmSegmenter segmenter;
    if (needSegmentation(packs.value())) {
        auto found = heartLungsSegmenter(*engine.value(), options.heartLungs);
        if (!found.isOk()) return std::move(found).error();
        segmenter = std::move(found).value();
    }
    ProgressBar bar("judge films");
    const RunContext shown{context.stop, [&](double done) { bar.show(done, std::to_string(std::lround(100 * done)) + " %"); }};
    const PredictingPack& pack = packs.value().front();
    auto said = packPredictions(pack.pack.manifest, films, options.classes, judgeWith(pack, segmenter, *engine.value()), shown);
    if (!said.isOk()) return std::move(said).error();
    for (const std::string& name : said.value().unlabelled) bar.print("note: no film has a label of " + name + "; it is left out");
    for (const std::string& failure : said.value().failures) bar.print("note: left out: " + failure);
    if (said.value().untrusted > 0) {
        bar.print("note: " + std::to_string(said.value().untrusted) + " films have no usable lungs and were judged round their centre");
    }
    return std::move(said).value().table;
}

Result<PredictionTable> predictionsOf(const ClassifierOptions& options, const FilmTable& films, const RunContext& context) {
    if (!options.pack.empty()) return askPack(options, films, context);
    return readPredictions(pathsOf(options.runs), {options.ensemble, options.classes});
}

Result<Findings> evaluateTable(const ClassifierOptions& options, const Result<PredictionTable>& table, const ClassifierEvaluationOptions& how) {
    if (!table.isOk()) return Error(table.error());
    const std::vector<std::string>& classes = table.value().classes;
    for (const auto& [name, share] : how.prevalences) {
        if (std::find(classes.begin(), classes.end(), name) != classes.end()) continue;
        return Error{ErrorCode::InvalidArgument, "--prevalence names " + name + ", which was not judged"};
    }
    Findings findings{table.value(), evaluateClassifier(table.value(), how), {}, {}};
    findings.markdown = toMarkdown(findings.evaluation);
    auto json = nlohmann::ordered_json::parse(toJson(findings.evaluation));
    if (!options.against.empty()) {
        const auto other = readPredictions(pathsOf(options.against), {options.ensemble, options.classes});
        if (!other.isOk()) return Error(other.error());
        const auto comparison = compareClassifiers(table.value(), other.value(), how.bootstrap);
        if (!comparison.isOk()) return Error(comparison.error());
        findings.markdown += "\n" + toMarkdown(comparison.value());
        json["against"] = nlohmann::ordered_json::parse(toJson(comparison.value()));
    }
    findings.json = json.dump(2) + "\n";
    return findings;
}

Result<Done> writeAll(const ClassifierOptions& options, const Findings& findings) {
    if (!options.json.empty()) {
        if (auto written = writeFileAtomically(options.json, findings.json); !written.isOk()) return written;
    }
    if (!options.markdown.empty()) {
        if (auto written = writeFileAtomically(options.markdown, findings.markdown); !written.isOk()) return written;
    }
    if (!options.curves.empty()) {
        auto drawn = drawClassifierCurves(findings.table, findings.evaluation, options.curves);
        if (!drawn.isOk()) return drawn;
    }
    if (options.writePack.empty()) return Done{};
    return writeEvaluationIntoPack(options.writePack, findings.evaluation);
}

// Empty without --data.
Result<FilmTable> readFilms(const ClassifierOptions& options, const RunContext& context) {
    if (options.data.empty()) return FilmTable{};
    FilmTableOptions how;
    how.pictureSizes = false;
    how.views = options.views;
    return readFilmTable(options.data, how, context);
}

// What options say together; empty if it makes sense.
std::string contradiction(const ClassifierOptions& options) {
    if (options.pack.empty() == options.runs.empty()) return "give either --run or --pack";
    if (options.pack.empty()) return options.views.empty() ? "" : "--view needs --pack";
    if (options.data.empty()) return "--pack needs --data, the films to judge";
    std::error_code code;
    if (!options.writePack.empty() && !fs::equivalent(options.pack, options.writePack, code)) return "--write-pack must be the pack of --pack";
    return {};
}

int runEvaluateClassifier(const ClassifierOptions& options, const RunContext& context) {
    if (const std::string wrong = contradiction(options); !wrong.empty()) return complainUsage(wrong);
    ClassifierEvaluationOptions how;
    how.isInstalledPack = !options.pack.empty();
    how.bootstrap.resamples = options.resamples;
    auto prevalences = readPrevalences(options.prevalences);
    if (!prevalences.isOk()) return complainUsage(prevalences.error().message);
    how.prevalences = std::move(prevalences).value();
    const auto films = readFilms(options, context);
    if (!films.isOk()) return complain(films.error());
    auto subgroups = subgroupsOf(films.value(), options.by);
    if (!subgroups.isOk()) return complain(subgroups.error());
    how.subgroups = std::move(subgroups).value();
    const auto findings = evaluateTable(options, predictionsOf(options, films.value(), context), how);
    if (!findings.isOk()) return complain(findings.error());
    if (auto written = writeAll(options, findings.value()); !written.isOk()) return complain(written.error());
    std::fputs(findings.value().markdown.c_str(), stdout);
    return kAllWell;
}

}  // namespace

void addEvaluateClassifier(CLI::App& evaluate, CommandRun& chosen) {
    auto options = std::make_shared<ClassifierOptions>();
    CLI::App* verb = evaluate.add_subcommand("classifier", "AUC, decisions and calibration on films that the networks never saw");
    verb->add_option("--run", options->runs, "Out folders of training runs (or their predictions.csv): the folds of one network");
    verb->add_option("--pack", options->pack, "Instead of runs: judges the films of --data with this pack, as `predict` does");
    verb->add_flag("--ensemble", options->ensemble, "Runs of several networks (seeds of each fold): averages their logits film by film, as a merged pack does");
    verb->add_option("--class", options->classes, "Only these classes (all)");
    verb->add_option("--against", options->against, "Runs to compare with: AUC differences on the same films");
    verb->add_option("--data", options->data, "The data set of these films: adds subgroups; with --pack, the films and their labels");
    verb->add_option("--view", options->views, "With --pack: only films of these views (PA,AP,FRONTAL,LATERAL)")
        ->delimiter(',')
        ->check(CLI::IsMember({"PA", "AP", "FRONTAL", "LATERAL"}));
    verb->add_option("--heart-lungs", options->heartLungs, "With --pack: folder of the pack that finds heart and lungs (the one that is installed)");
    options->network.addDevice(*verb);
    verb->add_option("--by", options->by, "Subgroups (view,sex,age)")->delimiter(',')->check(CLI::IsMember({"view", "sex", "age"}));
    verb->add_option("--prevalence", options->prevalences, "CLASS=SHARE: predictive values at this prevalence (of the films)");
    verb->add_option("--resamples", options->resamples, "Of the bootstrap (1000)")->check(CLI::Range(1, 1'000'000));
    verb->add_option("--json", options->json, "All numbers");
    verb->add_option("--markdown", options->markdown, "The tables, for a model card");
    verb->add_option("--curves", options->curves, "Folder for roc.png, precision_recall.png, reliability.png");
    verb->add_option("--write-pack", options->writePack, "Stores calibration, operating points and metrics in this pack");
    verb->footer(examples({"precordia-cli evaluate classifier --run chest14/fold* --json scores.json --curves models/chest14/curves --write-pack models/chest14",
                           "precordia-cli evaluate classifier --run chest14/fold* --data nih14 --by view,age --prevalence Cardiomegaly=0.03",
                           "precordia-cli evaluate classifier --run a/fold* b/fold* --ensemble --against a/fold*",
                           "precordia-cli evaluate classifier --pack models/chest14 --data my_films --view PA,AP --json scores.json"}));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& c) { return runEvaluateClassifier(*options, c); };
    });
}

}  // namespace cxr::cli
