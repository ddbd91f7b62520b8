#include "app/cli/commands/evaluate.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>

#include "app/cli/analysis_options.h"
#include "app/cli/commands/evaluate_classifier.h"
#include "app/cli/commands/evaluate_localisation.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/pipeline/evaluate_heart.h"
#include "core/pipeline/heart_dataset.h"
#include "core/pipeline/training_run.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct EvaluateOptions {
    std::string data, json, markdown, ctrCsv;
    std::vector<std::string> sites, runs, spacings;
    NetworkOptions network;
};

bool parseNumber(const std::string& text, double& value) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

Result<std::map<std::string, double>> readRatios(const fs::path& file) {
    const auto text = readWholeFile(file, 1 << 26);
    if (!text.isOk()) return Error(text.error());
    std::map<std::string, double> ratios;
    std::istringstream lines(text.value());
    std::string line;
    std::getline(lines, line);  // image,ctr
    while (std::getline(lines, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const auto comma = line.find(',');
        double ratio = 0;
        if (comma == std::string::npos || comma + 1 == line.size()) continue;  // no reading for this film
        if (!parseNumber(line.substr(comma + 1), ratio)) {
            return Error{ErrorCode::Corrupt, "the CSV of ratios needs lines of the form image,ratio"};
        }
        ratios[fs::path(line.substr(0, comma)).stem().string()] = ratio;
    }
    return ratios;
}

Result<std::map<std::string, double>> readSpacings(const std::vector<std::string>& texts) {
    std::map<std::string, double> spacings;
    for (const std::string& text : texts) {
        const auto equals = text.find('=');
        double mm = 0;
        if (equals == std::string::npos || !parseNumber(text.substr(equals + 1), mm) || mm <= 0) {
            return Error{ErrorCode::InvalidArgument, "--spacing needs SITE=MM, for example jsrt=0.7"};
        }
        spacings[text.substr(0, equals)] = mm;
    }
    return spacings;
}

Result<std::vector<TrainingRun>> judgesOf(const EvaluateOptions& options) {
    auto runs = readTrainingRuns(options.runs);
    if (!runs.isOk()) return runs;
    std::vector<TrainingRun> judges = std::move(runs).value();
    if (!options.network.pack.empty()) judges.insert(judges.begin(), TrainingRun{options.network.pack, {}});
    if (!judges.empty()) return judges;
    return Error{ErrorCode::InvalidArgument, "give --pack, or --run with a run that held films out"};
}

Result<std::vector<HeartFilmScore>> scoreAll(const std::vector<TrainingRun>& judges, const std::vector<LabelledFilm>& films,
                                               Engine& engine, const HeartEvaluationInput& input, const RunContext& context) {
    std::vector<HeartFilmScore> scores;
    for (std::size_t i = 0; i < judges.size(); ++i) {
        std::vector<LabelledFilm> chosen;
        for (const LabelledFilm& film : films) {
            if (judges[i].mayJudge(film.site + "/" + film.name)) chosen.push_back(film);
        }
        const SegmentFilm segment = [&](const LabelledFilm& film, const RunContext& part) {
            return engine.segment(judges[i].pack, film.film, {}, part);
        };
        const double count = static_cast<double>(judges.size()), begin = static_cast<double>(i);
        auto part = scoreFilms(chosen, segment, input, context.part(begin / count, (begin + 1) / count));
        if (!part.isOk()) return part;
        scores.insert(scores.end(), part.value().begin(), part.value().end());
    }
    return scores;
}

Result<Done> writeAll(const EvaluateOptions& options, const std::vector<HeartFilmScore>& scores) {
    if (!options.markdown.empty()) {
        auto written = writeFileAtomically(options.markdown, evaluationMarkdown(scores));
        if (!written.isOk()) return written;
    }
    return writeFileAtomically(options.json, evaluationJson(scores));
}

int runEvaluate(const EvaluateOptions& options, const RunContext& context) {
    HeartEvaluationInput input;
    auto spacings = readSpacings(options.spacings);
    if (!spacings.isOk()) return complainUsage(spacings.error().message);
    input.mmPerPxOfSite = std::move(spacings).value();
    if (!options.ctrCsv.empty()) {
        auto ratios = readRatios(options.ctrCsv);
        if (!ratios.isOk()) return complain(ratios.error());
        input.expertRatios = std::move(ratios).value();
    }
    const auto judges = judgesOf(options);
    if (!judges.isOk()) return complain(judges.error());
    auto engine = options.network.engine();
    if (!engine.isOk()) return complain(engine.error());
    const auto films = readHeartDataset(options.data, options.sites, context);
    if (!films.isOk()) return complain(films.error());
    ProgressBar bar("evaluate");
    const RunContext shown{context.stop, [&](double done) { bar.show(done, ""); }};
    const auto scores = scoreAll(judges.value(), films.value(), *engine.value(), input, shown);
    if (!scores.isOk()) return complain(scores.error());
    if (auto written = writeAll(options, scores.value()); !written.isOk()) return complain(written.error());
    std::fputs(evaluationMarkdown(scores.value()).c_str(), stdout);
    return kAllWell;
}

}  // namespace

void addEvaluate(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<EvaluateOptions>();
    CLI::App* evaluate = program.add_subcommand("evaluate", "Measures how good a model pack is");
    evaluate->require_subcommand(1);
    addEvaluateClassifier(*evaluate, chosen);
    addEvaluateLocalisation(*evaluate, chosen);
    CLI::App* verb = evaluate->add_subcommand("heart", "Heart, lungs and ratio against masks, with bootstrap intervals");
    verb->add_option("--data", options->data, "Folder with image/, heart/, left_lung/, right_lung/, or a parent of such folders")->required();
    options->network.addTo(*verb);
    verb->add_option("--run", options->runs, "Training folders: each judges the films that its run held out");
    verb->add_option("--site", options->sites, "Only these site folders (all)");
    verb->add_option("--ctr-csv", options->ctrCsv, "Ratios read by experts: lines of image,ratio");
    verb->add_option("--spacing", options->spacings, "SITE=MM: millimetres per pixel of a site's films");
    verb->add_option("--json", options->json, "All numbers, films included")->required();
    verb->add_option("--markdown", options->markdown, "The tables, for a model card");
    verb->footer(examples({"precordia-cli evaluate heart --data heart --pack models/heart-lungs --json scores.json",
                           "precordia-cli evaluate heart --data heart --run fold0 fold1 --spacing jsrt=0.7 --json scores.json"}));
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runEvaluate(*options, c); }; });
}

}  // namespace cxr::cli
