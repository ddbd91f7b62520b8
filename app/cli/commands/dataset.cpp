#include "app/cli/commands/dataset.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "app/cli/analysis_options.h"
#include "app/cli/commands/dataset_locations.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/dataset/film_index.h"
#include "core/dataset/folds.h"
#include "core/dataset/packed_dataset.h"
#include "core/pipeline/classifier_dataset.h"
#include "core/pipeline/index_folders.h"
#include "core/pipeline/network_input.h"
#include "core/report/report_text.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct IndexOptions {
    std::vector<std::string> folders;
    std::string out;
};

struct ListOptions {
    std::string index, view, csv;
};

struct PackOptions {
    std::string recipe, out, cache;
    std::vector<std::string> data;
    int fold = -1, folds = 0;
    std::uint64_t seed = 1;
    NetworkOptions network;
};

int runIndex(const IndexOptions& options, const RunContext& context) {
    ProgressBar bar("index");
    const RunContext shown{context.stop, [&](double done) { bar.show(done, std::to_string(std::lround(100 * done)) + " %"); }};
    const auto summary = indexFolders(options.out, std::vector<fs::path>(options.folders.begin(), options.folders.end()), shown);
    if (!summary.isOk()) return complain(summary.error());
    for (const std::string& note : summary.value().notes) remark("note: " + note);
    std::printf("%s: %zu films, %zu read, %zu of them unreadable, %zu removed\n", options.out.c_str(), summary.value().films,
                summary.value().read, summary.value().unreadable, summary.value().removed);
    return kAllWell;
}

// Every class that a film of the list has a label of.
std::set<std::string> classesOf(const std::vector<IndexedFilm>& films) {
    std::set<std::string> classes;
    for (const IndexedFilm& film : films) {
        for (const auto& [name, value] : film.labels) classes.insert(name);
    }
    return classes;
}

std::string known(double value, bool isKnown) { return isKnown ? numberText(value) : std::string(); }

std::string csvOf(const std::vector<IndexedFilm>& films) {
    const std::set<std::string> classes = classesOf(films);
    std::string text = "path,bytes,sha256,format,modality,width,height,view,spacing_row_mm,spacing_column_mm,spacing_source,patient,sex,"
                       "age_years,site,fold,problem";
    for (const std::string& name : classes) text += "," + csvField(name);
    text += "\n";
    for (const IndexedFilm& film : films) {
        const std::vector<std::string> cells{csvField(film.path), std::to_string(film.bytes), film.sha256, csvField(film.format),
            csvField(film.modality), std::to_string(film.width), std::to_string(film.height), csvField(film.view),
            known(film.spacingRowMm, film.spacingRowMm > 0), known(film.spacingColumnMm, film.spacingColumnMm > 0),
            csvField(film.spacingSource), csvField(film.patient), csvField(film.sex),
            known(film.ageYears.value_or(0), film.ageYears.has_value()), csvField(film.site),
            film.fold < 0 ? std::string() : std::to_string(film.fold), csvField(film.problem)};
        for (const std::string& cell : cells) text += (&cell == &cells.front() ? "" : ",") + cell;
        auto label = film.labels.begin();
        for (const std::string& name : classes) {
            text += ",";
            if (label != film.labels.end() && label->first == name) text += numberText((label++)->second);
        }
        text += "\n";
    }
    return text;
}

void printFilm(const IndexedFilm& film) {
    std::string findings;
    for (const auto& [name, value] : film.labels) {
        if (value > 0.5) findings += (findings.empty() ? "" : "|") + name;
    }
    const std::string view = film.view.empty() ? "-" : film.view;
    std::printf("%s  %d x %d px  %s  %s\n", film.path.c_str(), film.width, film.height, view.c_str(),
                film.problem.empty() ? findings.c_str() : film.problem.c_str());
}

int runList(const ListOptions& options) {
    auto index = FilmIndex::open(options.index);
    if (!index.isOk()) return complain(index.error());
    FilmIndex opened = std::move(index).value();
    const auto films = opened.films(options.view);
    if (!films.isOk()) return complain(films.error());
    if (options.csv.empty()) {
        for (const IndexedFilm& film : films.value()) printFilm(film);
        return kAllWell;
    }
    const auto written = writeFileAtomically(options.csv, csvOf(films.value()));
    if (!written.isOk()) return complain(written.error());
    std::printf("%s: %zu films\n", options.csv.c_str(), films.value().size());
    return kAllWell;
}

Result<FilmTable> tableToPack(const PackOptions& options, const ClassifierRecipe& recipe, const RunContext& context) {
    auto made = classifierTable(std::vector<fs::path>(options.data.begin(), options.data.end()), recipe, options.fold, context);
    if (!made.isOk() || options.folds == 0) return made;
    FilmTable table = std::move(made).value();
    const auto folds = stratifiedFolds(table, options.folds, options.seed);
    if (!folds.isOk()) return folds.error();
    for (std::size_t i = 0; i < table.films.size(); ++i) table.films[i].fold = folds.value()[i];
    return table;
}

Result<ClassifierDataset> planesToPack(const PackOptions& options, const ClassifierRecipe& recipe, const FilmTable& table,
                                       const RunContext& context) {
    ProgressBar bar("prepare films");
    const RunContext shown{context.stop, [&](double done) { bar.show(done, std::to_string(std::lround(100 * done)) + " %"); }};
    if (!readsHeartAndLungs(recipe)) return classifierDataset(table, recipe.input, {}, options.cache, shown);
    auto engine = options.network.engine();
    if (!engine.isOk()) return std::move(engine).error();
    const auto segmenter = heartLungsSegmenter(*engine.value(), options.network.pack);
    if (!segmenter.isOk()) return segmenter.error();
    return classifierDataset(table, recipe.input, segmenter.value(), options.cache, shown);
}

// The recipe's own words of its input, as a run on the other machine will compare them.
std::string inputOf(const ClassifierRecipe& recipe) {
    const auto json = nlohmann::json::parse(recipe.json, nullptr, false);
    return json.is_object() && json.contains("input") ? json["input"].dump() : std::string("{}");
}

int runPack(const PackOptions& options, const RunContext& context) {
    const auto text = readWholeFile(options.recipe, 1 << 20);
    if (!text.isOk()) return complain(text.error());
    const auto recipe = parseClassifierRecipe(text.value());
    if (!recipe.isOk()) return complain(recipe.error());
    if (recipe.value().data.softWeight > 0 && options.fold < 0) {
        remark("note: soft labels are mixed into every film; give --fold for a run that holds one out");
    }
    const auto table = tableToPack(options, recipe.value(), context);
    if (!table.isOk()) return complain(table.error());
    for (const std::string& note : table.value().notes) remark("note: " + note);
    auto made = planesToPack(options, recipe.value(), table.value(), context);
    if (!made.isOk()) return complain(made.error());
    ClassifierDataset dataset = std::move(made).value();
    PackedDataset packed{recipe.value().classes, inputOf(recipe.value()), dataset.channels, dataset.height, dataset.width,
                         std::move(dataset.films)};
    const std::size_t films = packed.films.size();
    const auto written = writePackedDataset(options.out, std::move(packed));
    if (!written.isOk()) return complain(written.error());
    std::printf("%s: %zu films, %d x %d x %d planes, %zu classes\n", options.out.c_str(), films, dataset.channels, dataset.height,
                dataset.width, recipe.value().classes.size());
    return kAllWell;
}

void addIndex(CLI::App& dataset, CommandRun& chosen) {
    auto options = std::make_shared<IndexOptions>();
    CLI::App* verb = dataset.add_subcommand("index", "Writes down what films an archive has; a second run reads only what changed");
    verb->add_option("FOLDER", options->folders, "Folders of films, with or without lists of labels")->required();
    verb->add_option("--out", options->out, "The SQLite file; made, or brought up to date")->required();
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runIndex(*options, c); }; });
}

void addList(CLI::App& dataset, CommandRun& chosen) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* verb = dataset.add_subcommand("list", "The films of an index");
    verb->add_option("INDEX", options->index, "What `dataset index` wrote")->required();
    verb->add_option("--view", options->view, "Only this view")->check(CLI::IsMember({"PA", "AP", "FRONTAL", "LATERAL"}));
    verb->add_option("--csv", options->csv, "Writes all that is known to this file");
    verb->callback([options, &chosen] { chosen = [options](const RunContext&) { return runList(*options); }; });
}

void addPack(CLI::App& dataset, CommandRun& chosen) {
    auto options = std::make_shared<PackOptions>();
    CLI::App* verb = dataset.add_subcommand("pack", "Prepares a training's films into one file for a machine that has only the trainer");
    verb->add_option("RECIPE", options->recipe, "A classification recipe, for example models/recipes/chest14.json")->required();
    verb->add_option("--data", options->data, "Data sets: folders with a list of labels")->required();
    verb->add_option("--out", options->out, "The safetensors file to write")->required();
    verb->add_option("--fold", options->fold, "Keeps soft labels out of this fold (-1: no fold)");
    verb->add_option("--folds", options->folds, "Spreads patients without a fold over this many, by label (0: leaves them)")
        ->check(CLI::Range(2, 100));
    verb->add_option("--seed", options->seed, "Of --folds (1)");
    verb->add_option("--cache", options->cache, "Folder that keeps prepared films, so that further runs begin at once");
    options->network.addTo(*verb);
    verb->get_option("--pack")->description("Folder of the heart-lungs pack that finds the thorax (the one that is installed)");
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runPack(*options, c); }; });
}

}  // namespace

void addDataset(CLI::App& program, CommandRun& chosen) {
    CLI::App* dataset = program.add_subcommand("dataset", "Archives and training data: what is there, and all of it in one file");
    dataset->require_subcommand(1);
    addIndex(*dataset, chosen);
    addList(*dataset, chosen);
    addPack(*dataset, chosen);
    addDatasetLocations(*dataset, chosen);
    dataset->footer(examples({"precordia-cli dataset index archive --out archive.sqlite",
                              "precordia-cli dataset list archive.sqlite --view PA --csv films.csv",
                              "precordia-cli dataset pack models/recipes/chest14.json --data nih14 --out chest14.safetensors"}));
}

}  // namespace cxr::cli
