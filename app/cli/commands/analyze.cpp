#include "app/cli/commands/analyze.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/analysis_options.h"
#include "app/cli/film_batch.h"
#include "app/cli/film_inputs.h"
#include "app/cli/judging_options.h"
#include "app/cli/painting.h"
#include "app/cli/report_options.h"
#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/model/registry.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct AnalyzeOptions {
    std::vector<std::string> inputs;
    std::string out, json, csv;
    int jobs = 1;
    bool resume = false;
    IdentityOptions identity;
    HeartSpotOptions heartSpot;
    NetworkOptions network;
    JudgingOptions judging;
    ReaderOptions reader;
};

// One sentence now instead of one for every film. fails as findPack and readPack do.
Result<Done> checkPack(const fs::path& folder) {
    const Result<Pack> pack = folder.empty() ? findPack(kHeartLungsPack) : readPack(folder);
    if (!pack.isOk()) return pack.error();
    return Done{};
}

// What else than the film's bytes decides the result; a change makes --resume do a film again.
std::string settingsOf(const AnalyzeOptions& options, const ReportRequest& request) {
    const nlohmann::json settings{
        {"version", programVersion()},
        {"pack", request.analysis.packFolder.string()},
        {"packs", fingerprint(request.analysis.packs.value_or(std::vector<RolePack>{}))},
        {"operating_point", request.analysis.operatingPoint},
        {"prevalences", request.report.prevalences},
        {"prior", request.prior ? request.prior->toJson() : "none"},
        {"roi", options.heartSpot.prior.region},
        {"identity", static_cast<int>(request.report.identity)},
        {"pseudonym", request.report.pseudonym},
        {"language", codeOf(request.report.text.language)},
        {"reader", request.report.text.reader},
        {"template", request.draft}};
    const std::string text = settings.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return sha256Hex(std::as_bytes(std::span(text.data(), text.size())));
}

std::string csvSummary(const std::vector<BatchFilm>& films) {
    const auto line = [](std::string text) {
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
        return text + "\r\n";
    };
    std::string text = line(reportCsvHeader());
    for (const BatchFilm& film : films) {
        if (film.done) text += line(film.csv);
    }
    return text;
}

std::string jsonSummary(const std::vector<BatchFilm>& films) {
    nlohmann::ordered_json summary{{"program", std::string("precordia-cli ") + programVersion()},
                                   {"notice", kNotDiagnostic},
                                   {"films", nlohmann::ordered_json::array()},
                                   {"failed", nlohmann::ordered_json::array()}};
    for (const BatchFilm& film : films) {
        if (film.done) {
            summary["films"].push_back(nlohmann::ordered_json::parse(film.json, nullptr, false));
        } else {
            summary["failed"].push_back({{"film", film.file.string()}, {"error", film.error}});
        }
    }
    return summary.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<Done> writeSummaries(const AnalyzeOptions& options, const std::vector<BatchFilm>& films) {
    if (!options.csv.empty()) {
        Result<Done> written = writeFileAtomically(options.csv, csvSummary(films));
        if (!written.isOk()) return written;
    }
    if (!options.json.empty()) return writeFileAtomically(options.json, jsonSummary(films));
    return Done{};
}

int tell(const std::vector<BatchFilm>& films) {
    std::size_t done = 0;
    std::size_t skipped = 0;
    for (const BatchFilm& film : films) {
        done += film.done ? 1 : 0;
        skipped += film.skipped ? 1 : 0;
    }
    const std::size_t failed = films.size() - done;
    std::printf("%zu of %zu films analysed, %zu of them in an earlier run, %zu failed\n", done, films.size(), skipped, failed);
    return failed == 0 ? kAllWell : kSomeFailed;
}

int runAnalyze(const AnalyzeOptions& options, const RunContext& context) {
    const Result<std::vector<fs::path>> files = filmsOf(options.inputs);
    if (!files.isOk()) return complain(files.error());
    ReportRequest request;
    request.analysis = options.network.analysis();
    request.report = options.identity.options();
    if (const Result<Done> chosen = options.heartSpot.apply(request); !chosen.isOk()) return complain(chosen.error());
    if (const Result<Done> chosen = options.judging.apply(request); !chosen.isOk()) return complain(chosen.error());
    if (const Result<Done> chosen = options.reader.apply(request); !chosen.isOk()) return complain(chosen.error());
    if (const Result<Done> usable = checkPack(request.analysis.packFolder); !usable.isOk()) return complain(usable.error());
    std::error_code refused;
    fs::create_directories(options.out, refused);
    if (refused) return complain("cannot make the output folder " + options.out + ": " + refused.message());
    const auto journal = AnalysisJournal::open(options.out, options.resume);
    if (!journal.isOk()) return complain(journal.error());

    std::vector<BatchFilm> films = namedFilms(files.value());
    const PaintingSession painting;
    Result<Done> ran = Done{};
    {
        FilmBatch batch(options.out, request, settingsOf(options, request), *journal.value());
        ran = batch.run(films, options.jobs, context);
    }
    if (!ran.isOk()) return complain(ran.error());
    if (const Result<Done> written = writeSummaries(options, films); !written.isOk()) return complain(written.error());
    return tell(films);
}

}  // namespace

void addAnalyze(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<AnalyzeOptions>();
    CLI::App* verb = program.add_subcommand("analyze", "Measures films, lets the networks judge them, and writes reports and overlays");
    verb->add_option("FILE|DIR", options->inputs, "Films, or folders of films")->required();
    verb->add_option("--out", options->out, "Folder for STEM.report.html, STEM.report.json and STEM.overlay.png")->required();
    verb->add_option("--json", options->json, "Write all results to this JSON file as well");
    verb->add_option("--csv", options->csv, "Write all results to this CSV file as well, one line a film");
    verb->add_option("--jobs", options->jobs, "Films in work at a time (1)")->check(CLI::Range(1, 256));
    verb->add_flag("--resume", options->resume, "Leave out films that an earlier run into the same folder has finished");
    options->identity.addTo(*verb);
    options->reader.addTo(*verb);
    options->heartSpot.addTo(*verb);
    options->network.addTo(*verb);
    options->judging.addTo(*verb);
    verb->footer(examples({"precordia-cli analyze films/ --out results --csv results/summary.csv --jobs 2",
                           "precordia-cli analyze films/ --out results --csv results/summary.csv --resume",
                           "precordia-cli analyze films/ --out results --packs default,packs/chexnet --prevalence Cardiomegaly=0.05"}));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& context) { return runAnalyze(*options, context); };
    });
}

}  // namespace cxr::cli
