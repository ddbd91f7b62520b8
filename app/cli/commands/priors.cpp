#include "app/cli/commands/priors.h"

#include <cstdio>
#include <filesystem>

#include "app/cli/analysis_options.h"
#include "app/cli/explain_options.h"
#include "app/cli/film_inputs.h"
#include "app/cli/painting.h"
#include "app/cli/prior_options.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/io/image_reader.h"
#include "core/pipeline/prior_table.h"
#include "ui/print/prior_figure.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoPacks = "none";

struct PriorsArguments {
    std::vector<std::string> inputs, own;
    std::string csv, markdown, out, region, judge;
    NetworkOptions network;
};

struct Work {
    std::vector<PriorSpec> specs;
    cv::Mat region;
    PriorJudges judges;
    std::vector<PriorRow> rows;
    ui::PriorFigure figure;  // of the first film
};

Result<Work> workOf(const PriorsArguments& arguments) {
    Work work;
    work.specs = paperPriors();
    for (const std::string& text : arguments.own) {
        PriorOptions own;
        own.prior = text;
        Result<PriorSpec> spec = own.spec();
        if (!spec.isOk()) return std::move(spec).error();
        work.specs.push_back(std::move(spec).value());
    }
    if (!arguments.region.empty()) {
        Result<cv::Mat> region = readHeartRegion(arguments.region);
        if (!region.isOk()) return std::move(region).error();
        work.region = std::move(region).value();
    }
    std::shared_ptr<Engine> engine;
    if (arguments.judge != kNoPacks) {
        auto loaded = arguments.network.engine();
        if (!loaded.isOk()) return std::move(loaded).error();
        engine = std::move(loaded).value();
    }
    const auto named = packsNamed(engine ? arguments.judge : std::string());
    if (!named.isOk()) return named.error();
    Result<PriorJudges> judges = priorJudges(engine, named.value());
    if (!judges.isOk()) return std::move(judges).error();
    work.judges = std::move(judges).value();
    return work;
}

Result<Done> addFilm(const fs::path& file, Work& work, const RunContext& context) {
    const Result<ImagePtr> image = readImage(file, {}, context);
    if (!image.isOk()) return image.error();
    const Result<PriorFilm> film = preparePriorFilm(image.value(), file.filename().string(), work.judges, context);
    if (!film.isOk()) return film.error();
    const bool isFirst = work.rows.empty();
    std::vector<PriorRow> rows;
    for (const PriorSpec& spec : work.specs) {
        Result<PriorResult> result = priorResult(film.value(), spec, work.region, work.judges, context);
        if (!result.isOk()) return std::move(result).error().within(spec.name());
        if (isFirst) work.figure.panels.push_back(ui::priorPanel(result.value()));
        rows.push_back(std::move(result).value().row);
    }
    work.rows.insert(work.rows.end(), rows.begin(), rows.end());
    return Done{};
}

Result<Done> writeAll(const PriorsArguments& arguments, const Work& work) {
    const auto write = [](const fs::path& file, const std::string& text) -> Result<Done> { return writeFileAtomically(file, std::string_view(text)); };
    Result<Done> written = Done{};
    if (!arguments.csv.empty()) written = write(arguments.csv, priorCsv(work.rows));
    if (written.isOk() && !arguments.markdown.empty()) written = write(arguments.markdown, priorMarkdown(work.rows, work.judges.notes));
    if (!written.isOk() || arguments.out.empty()) return written;
    const fs::path folder = arguments.out;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot make the folder " + folder.string() + ": " + failed.message()};
    written = write(folder / "priors.csv", priorCsv(work.rows));
    if (written.isOk()) written = write(folder / "priors.md", priorMarkdown(work.rows, work.judges.notes));
    for (const char* name : {"priors.png", "priors.svg", "priors.pdf"}) {
        if (written.isOk()) written = ui::writePriorFigure(work.figure, folder / name);
    }
    return written;
}

int runPriors(const PriorsArguments& arguments, const RunContext& context) {
    const Result<std::vector<fs::path>> films = filmsOf(arguments.inputs);
    if (!films.isOk()) return complain(films.error());
    Result<Work> made = workOf(arguments);
    if (!made.isOk()) return complain(made.error());
    Work work = std::move(made).value();
    const PaintingSession painting;
    std::size_t failed = 0;
    {
        ProgressBar bar("priors");
        const std::size_t count = films.value().size();
        for (std::size_t i = 0; i < count && !context.isCancelled(); ++i) {
            bar.show(static_cast<double>(i) / static_cast<double>(count), std::to_string(i) + "/" + std::to_string(count));
            const Result<Done> added = addFilm(films.value()[i], work, RunContext{context.stop, {}});
            if (added.isOk() || context.isCancelled()) continue;
            ++failed;
            bar.print("precordia-cli: " + films.value()[i].string() + ": " + added.error().message + (added.error().message.ends_with('.') ? "" : "."));
        }
    }
    if (context.isCancelled()) return complain(Error{ErrorCode::Cancelled, "stopped"});
    if (work.rows.empty()) return kSomeFailed;
    if (const Result<Done> written = writeAll(arguments, work); !written.isOk()) return complain(written.error());
    if (arguments.csv.empty() && arguments.markdown.empty() && arguments.out.empty()) {
        std::fputs(priorMarkdown(work.rows, work.judges.notes).c_str(), stdout);
        return failed == 0 ? kAllWell : kSomeFailed;
    }
    std::printf("%zu of %zu films compared, %zu priors each\n", films.value().size() - failed, films.value().size(), work.specs.size());
    return failed == 0 ? kAllWell : kSomeFailed;
}

}  // namespace

void addPriors(CLI::App& program, CommandRun& chosen) {
    auto arguments = std::make_shared<PriorsArguments>();
    CLI::App* verb = program.add_subcommand("priors", "Compares HeartSpot's priors on films: kept pixels, bytes, probability, relevance in the heart");
    verb->add_option("FILE|DIR", arguments->inputs, "Films, or folders of films")->required();
    verb->add_option("--csv", arguments->csv, "The table, one line a film and prior");
    verb->add_option("--markdown", arguments->markdown, "The means over all films, as a Markdown table");
    verb->add_option("--out", arguments->out, "Folder for both tables and the pictures of the first film (PNG, SVG, PDF)");
    verb->add_option("--prior", arguments->own, "A prior of yours beside those of the paper: a name, JSON or a .json file; may be given again")
        ->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    verb->add_option("--roi", arguments->region, "Heart region: a gray picture (the one that comes with the heart model)");
    verb->add_option("--judge", arguments->judge, "A further HeartSpot pack: its folder, or the name of an installed one; none asks no network (those that are installed)");
    arguments->network.addDevice(*verb);
    verb->footer(examples({"precordia-cli priors film.dcm", "precordia-cli priors films/ --csv priors.csv --markdown priors.md",
                           "precordia-cli priors film.dcm --out comparison/"}));
    verb->callback([arguments, &chosen] {
        chosen = [arguments](const RunContext& context) { return runPriors(*arguments, context); };
    });
}

}  // namespace cxr::cli
