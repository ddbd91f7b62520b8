#include "app/cli/commands/heart_region.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <utility>

#include "app/cli/analysis_options.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/dataset/film_table.h"
#include "core/io/image_reader.h"
#include "core/pipeline/heart_dataset.h"
#include "core/pipeline/heart_region_relevance.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/pipeline/training_run.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct RegionOptions {
    std::string data, out;
    std::vector<std::string> sites, compare;
    NetworkOptions network;
    double keepAbove = 0.1;
    int side = 160;
    bool isRelevance = false;
    std::string output, heldOut, method = "input-x-gradient", baseline = "zero";
    std::size_t films = 0;  // 0: all
    int steps = 16;
    double keepShare = 0.47;
};

Result<HeartRegion> meanHeart(const RegionOptions& options, Engine& engine, const RunContext& context) {
    const fs::path pack = options.network.analysis().packFolder;
    const auto films = readHeartDataset(options.data, options.sites, context);
    if (!films.isOk()) return films.error();
    const SegmentFilm segment = [&](const LabelledFilm& film, const RunContext& part) {
        return engine.segment(pack, film.film, {}, part);
    };
    auto region = averageHeartRegion(films.value(), segment, options.side, options.keepAbove, context);
    if (region.isOk()) remark("mean of " + std::to_string(films.value().size()) + " films");
    return region;
}

// Films that have the disease first, then the others, each in the table's order.
Result<std::vector<FilmRecord>> relevanceFilms(const RegionOptions& options, const std::string& output, const RunContext& context) {
    FilmTableOptions wanted;
    wanted.classes = {output};
    wanted.sites = options.sites;
    wanted.pictureSizes = false;
    Result<FilmTable> table = readFilmTable(options.data, wanted, context);
    if (!table.isOk()) return std::move(table).error();
    std::vector<FilmRecord> films = std::move(table).value().films;
    if (!options.heldOut.empty()) {
        const Result<TrainingRun> run = readTrainingRun(options.heldOut);
        if (!run.isOk()) return run.error();
        std::erase_if(films, [&](const FilmRecord& film) { return !run.value().mayJudge(film.name); });
    }
    std::stable_partition(films.begin(), films.end(), [](const FilmRecord& film) { return film.labels.front() > 0.5F; });
    if (options.films > 0 && films.size() > options.films) films.resize(options.films);
    if (films.empty()) return Error{ErrorCode::NotFound, "no film is left to average; give other --data or another --held-out"};
    return films;
}

ExplainOptions relevanceOptions(const RegionOptions& options) {
    ExplainOptions chosen;
    chosen.method = options.method == "input-x-gradient" ? ExplainMethod::InputXGradient : ExplainMethod::IntegratedGradients;
    chosen.baseline = options.baseline == "black" ? ExplainBaseline::Black : ExplainBaseline::Zero;
    chosen.steps = options.steps;
    return chosen;
}

Result<HeartRegion> meanRelevance(const RegionOptions& options, Engine& engine, const RunContext& context) {
    const Result<Pack> pack = readPack(options.network.analysis().packFolder);
    if (!pack.isOk()) return pack.error();
    const std::string output = options.output.empty() ? pack.value().manifest.outputs.front().name : options.output;
    const auto films = relevanceFilms(options, output, context);
    if (!films.isOk()) return films.error();
    const FilmRelevance relevance = [&](std::size_t index, const RunContext& part) -> Result<Plane> {
        const fs::path& file = films.value()[index].path;
        const Result<ImagePtr> image = readImage(file, {}, part);
        if (!image.isOk()) return Error(image.error()).within(file.filename().string());
        return cropRelevance(*image.value(), pack.value(), output, relevanceOptions(options), engine, part);
    };
    auto found = averageRelevanceRegion(films.value().size(), relevance, {options.side, 0.05, options.keepShare}, context);
    if (!found.isOk()) return std::move(found).error();
    const auto positives = std::count_if(films.value().begin(), films.value().end(), [](const FilmRecord& f) { return f.labels.front() > 0.5F; });
    char line[200];
    std::snprintf(line, sizeof line, "mean relevance of %zu films, %td of them positive; Otsu's threshold would keep %.1f %%",
                  films.value().size(), positives, 100 * found.value().otsuShare);
    remark(line);
    return std::move(found).value().region;
}

int compare(const RegionOptions& options, const HeartRegion& region) {
    for (const std::string& file : options.compare) {
        const auto other = readHeartRegion(file);
        if (!other.isOk()) return complain(other.error());
        const RegionOverlap overlap = regionOverlap(region.gray, other.value());
        std::printf("%s: Dice %.3f, IoU %.3f, keeps %.1f %%\n", file.c_str(), overlap.dice, overlap.iou, 100 * overlap.otherShare);
    }
    return kAllWell;
}

int runRegion(const RegionOptions& options, const RunContext& context) {
    auto engine = options.network.engine();
    if (!engine.isOk()) return complain(engine.error());
    const auto region = [&] {
        ProgressBar bar("heart region");
        const RunContext shown{context.stop, [&](double done) { bar.show(done, std::to_string(std::lround(100 * done)) + " %"); }};
        return options.isRelevance ? meanRelevance(options, *engine.value(), shown) : meanHeart(options, *engine.value(), shown);
    }();
    if (!region.isOk()) return complain(region.error());
    std::vector<unsigned char> png;
    cv::imencode(".png", region.value().gray, png);
    const auto written = writeFileAtomically(options.out, std::as_bytes(std::span(png)));
    if (!written.isOk()) return complain(written.error());
    std::printf("%s: keeps %.1f %% of the centre crop\n", options.out.c_str(), 100 * region.value().keptShare);
    return compare(options, region.value());
}

void addRelevanceOptions(CLI::App& verb, RegionOptions& options) {
    auto* relevance = verb.add_flag("--relevance", options.isRelevance, "Averages where a cardiomegaly pack looks instead: --data is a data set with a CSV of labels");
    const auto only = [&](CLI::Option* option) { option->needs(relevance); return option; };
    only(verb.add_option("--class", options.output, "The pack's output that is explained (its first)"));
    only(verb.add_option("--held-out", options.heldOut, "A run's folder: only films that the run never saw"));
    only(verb.add_option("--films", options.films, "At most so many films, those with the disease first (all)"));
    only(verb.add_option("--method", options.method, "input-x-gradient or integrated-gradients"))->check(CLI::IsMember({"input-x-gradient", "integrated-gradients"}));
    only(verb.add_option("--baseline", options.baseline, "What a film is compared with: zero (the film's mean gray) or black"))->check(CLI::IsMember({"zero", "black"}));
    only(verb.add_option("--steps", options.steps, "Points of the integral (16)"))->check(CLI::Range(1, 512));
    only(verb.add_option("--keep-share", options.keepShare, "Share of the cells that the region keeps (0.47, as HeartSpot's authors); 0: Otsu's threshold"))->check(CLI::Range(0.0, 0.99));
}

}  // namespace

void addHeartRegion(CLI::App& train, CommandRun& chosen) {
    auto options = std::make_shared<RegionOptions>();
    CLI::App* verb = train.add_subcommand("heart-region", "Averages a pack's heart, or its relevance, over films: the region of HeartSpot's Heart prior");
    verb->add_option("--data", options->data, "Folder of films")->required();
    verb->add_option("--out", options->out, "The 8-bit PNG to write; the prior keeps cells of 100 and more")->required();
    verb->add_option("--site", options->sites, "Only these site folders (all)");
    verb->add_option("--keep-above", options->keepAbove, "Mean heart probability that becomes gray 100 (0.1)")->check(CLI::Range(0.001, 0.999));
    verb->add_option("--side", options->side, "Side of the picture (160)")->check(CLI::Range(8, 4096));
    verb->add_option("--compare", options->compare, "Region pictures to compare with: Dice and IoU of what is kept");
    addRelevanceOptions(*verb, *options);
    options->network.addTo(*verb);
    verb->get_option("--pack")->required();
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runRegion(*options, c); }; });
}

}  // namespace cxr::cli
