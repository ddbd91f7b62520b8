// Labels and planes, film by film.
#include "core/pipeline/classifier_dataset.h"

#include <algorithm>
#include <cmath>

#include "core/dataset/fact_classes.h"
#include "core/pipeline/heart_ratios.h"
#include "core/pipeline/network_input.h"

namespace cxr {
namespace {

void mixSoftLabels(FilmRecord& film, double weight) {
    for (std::size_t i = 0; i < film.softLabels.size() && i < film.labels.size(); ++i) {
        if (std::isnan(film.softLabels[i]) || std::isnan(film.labels[i])) continue;
        film.labels[i] = static_cast<float>((1 - weight) * film.labels[i] + weight * film.softLabels[i]);
    }
}

bool knowsSomething(const FilmRecord& film) {
    return std::any_of(film.labels.begin(), film.labels.end(), [](float label) { return !std::isnan(label); });
}

}  // namespace

Result<FilmTable> labelledTable(FilmTable table, const ClassifierRecipe& recipe, int heldOutFold) {
    table = withClasses(withFactClasses(std::move(table), recipe.classes), recipe.classes);
    for (FilmRecord& film : table.films) {
        if (heldOutFold < 0 || film.fold != heldOutFold) mixSoftLabels(film, recipe.data.softWeight);
    }
    const std::size_t unknown = std::erase_if(table.films, [](const FilmRecord& film) { return !knowsSomething(film); });
    if (unknown > 0) table.notes.push_back(std::to_string(unknown) + " of the films have no label of these classes and are left out");
    for (std::size_t i = 0; i < recipe.classes.size(); ++i) {
        if (recipe.classes[i] == kHeartRatioClass) continue;  // measured by classifierDataset
        const bool isKnown = std::any_of(table.films.begin(), table.films.end(), [&](const FilmRecord& f) { return !std::isnan(f.labels[i]); });
        if (!isKnown) {
            return Error{ErrorCode::InvalidArgument, "no film has a label of the class " + recipe.classes[i] + "; give data that does, or leave the class out"};
        }
    }
    return table;
}

Result<FilmTable> classifierTable(const std::vector<std::filesystem::path>& folders, const ClassifierRecipe& recipe, int heldOutFold,
                                  const RunContext& context) {
    std::vector<FilmTable> tables;
    for (const std::filesystem::path& folder : folders) {
        Result<FilmTable> table = readFilmTable(folder, recipe.data.table, context);
        if (!table.isOk()) return table;
        tables.push_back(std::move(table).value());
    }
    Result<FilmTable> joined = joinTables(std::move(tables));
    if (!joined.isOk()) return joined;
    return labelledTable(std::move(joined).value(), recipe, heldOutFold);
}

bool readsHeartAndLungs(const ClassifierRecipe& recipe) {
    const auto& classes = recipe.classes;
    return needsSegmentation(recipe.input) || std::find(classes.begin(), classes.end(), kHeartRatioClass) != classes.end();
}

Result<ClassifierDataset> classifierDataset(const FilmTable& table, const ModelInput& input, const FilmSegmenter& segmenter,
                                            const std::filesystem::path& cacheFolder, const RunContext& context) {
    std::vector<std::filesystem::path> paths;
    for (const FilmRecord& film : table.films) paths.push_back(film.path);
    Result<FilmPlanes> made = filmPlanes(paths, input, segmenter, cacheFolder, context);
    if (!made.isOk()) return std::move(made).error();
    FilmPlanes planes = std::move(made).value();
    const int ratioClass = table.classIndex(kHeartRatioClass);
    Result<std::vector<float>> ratios = std::vector<float>();
    if (ratioClass >= 0) ratios = heartRatioLabels(paths, segmenter, cacheFolder, context);
    if (!ratios.isOk()) return std::move(ratios).error();
    ClassifierDataset dataset{{}, planes.channels, planes.height, planes.width, 0};
    for (std::size_t i = 0; i < table.films.size(); ++i) {
        const FilmRecord& film = table.films[i];
        dataset.films.push_back({film.name, film.group(), film.site, film.fold, std::move(planes.planes[i]), film.labels});
        if (ratioClass >= 0) dataset.films.back().labels[static_cast<std::size_t>(ratioClass)] = ratios.value()[i];
        dataset.untrusted += planes.isTrusted[i] == 0 ? 1 : 0;
    }
    return dataset;
}

}  // namespace cxr
