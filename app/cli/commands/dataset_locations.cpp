#include "app/cli/commands/dataset_locations.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "app/cli/analysis_options.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/pipeline/location_labels.h"
#include "core/report/report_text.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBoxedFilms = "boxes_1024";  // of our data: the films that have boxes, in full size

struct LocationOptions {
    std::string data, out, heartLungs;
    NetworkOptions network;
};

Result<FilmTable> readFilms(const LocationOptions& options, const RunContext& context) {
    FilmTableOptions how;
    how.pictureSizes = false;
    std::error_code ignored;
    if (fs::is_directory(fs::path(options.data) / kBoxedFilms, ignored)) how.imageFolders = {kBoxedFilms};
    return readFilmTable(options.data, how, context);
}

Result<LocationLabels> derive(const LocationOptions& options, const RunContext& context) {
    const auto vocabulary = findVocabulary();
    if (!vocabulary.isOk()) return vocabulary.error();
    auto films = readFilms(options, context);
    if (!films.isOk()) return std::move(films).error();
    auto engine = options.network.engine();
    if (!engine.isOk()) return std::move(engine).error();
    const auto segmenter = heartLungsSegmenter(*engine.value(), options.heartLungs);
    if (!segmenter.isOk()) return segmenter.error();
    ProgressBar bar("find places");
    const RunContext shown{context.stop, [&](double done) { bar.show(done, std::to_string(std::lround(100 * done)) + " %"); }};
    return locationLabels(std::move(films).value(), vocabulary.value(), segmenter.value(), shown);
}

std::string rowOf(const FilmRecord& film) {
    std::string line = csvField(fs::absolute(film.path).lexically_normal().string()) + "," + csvField(film.patient) + "," +
                       csvField(film.site) + "," + film.view + "," + film.sex + "," +
                       (film.ageYears ? numberText(*film.ageYears) : std::string()) + "," +
                       (film.fold < 0 ? std::string() : std::to_string(film.fold));
    for (const float label : film.labels) line += std::isnan(label) ? "," : label > 0 ? ",1" : ",0";
    return line + "\r\n";
}

std::string csvOf(const FilmTable& table) {
    std::string text = "image,patient,site,view,sex,age,fold";
    for (const std::string& name : table.classes) text += "," + csvField(name);
    text += "\r\n";
    for (const FilmRecord& film : table.films) text += rowOf(film);
    return text;
}

void printCounts(const FilmTable& table) {
    std::printf("%-32s %8s %8s %8s\n", "label", "positive", "negative", "unknown");
    for (std::size_t c = 0; c < table.classes.size(); ++c) {
        const auto count = [&](float value) {
            return std::count_if(table.films.begin(), table.films.end(), [&](const FilmRecord& film) { return film.labels[c] == value; });
        };
        const auto positive = count(1), negative = count(0);
        std::printf("%-32s %8td %8td %8td\n", table.classes[c].c_str(), positive, negative,
                    static_cast<std::ptrdiff_t>(table.films.size()) - positive - negative);
    }
}

int runLocations(const LocationOptions& options, const RunContext& context) {
    const auto derived = derive(options, context);
    if (!derived.isOk()) return complain(derived.error());
    const LocationLabels& labels = derived.value();
    for (const std::string& note : labels.table.notes) remark("note: " + note);
    for (const auto& [name, count] : labels.otherFindings) {
        remark("note: " + std::to_string(count) + (count == 1 ? " box" : " boxes") + " of " + name + ": the vocabulary has no zones for it");
    }
    const auto written = writeFileAtomically(options.out, csvOf(labels.table));
    if (!written.isOk()) return complain(written.error());
    printCounts(labels.table);
    std::printf("%s: %zu films; %d boxes on %d films: %d inside the lungs, %d beside them, %d in no zone, %d on films without usable lungs\n",
                options.out.c_str(), labels.table.films.size(), labels.boxes, labels.films, labels.inside, labels.nearest,
                labels.nowhere, labels.withoutLungs);
    return kAllWell;
}

}  // namespace

void addDatasetLocations(CLI::App& dataset, CommandRun& chosen) {
    auto options = std::make_shared<LocationOptions>();
    CLI::App* verb = dataset.add_subcommand("locations", "Lesion boxes become labels of side and zone, by the lungs that the network finds");
    verb->add_option("--data", options->data, "A data set with lesion boxes: NIH ChestX-ray14 with BBox_List_2017.csv, or boxes.csv")->required();
    verb->add_option("--out", options->out, "The table to write: a film list that can be trained on")->required();
    verb->add_option("--heart-lungs", options->heartLungs, "Folder of the pack that finds the lungs (the one that is installed)");
    options->network.addDevice(*verb);
    verb->footer(example("precordia-cli dataset locations --data nih14 --out locations.csv"));
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runLocations(*options, c); }; });
}

}  // namespace cxr::cli
